import type { Status } from "../app/types.ts";
import { clock, stamp } from "../app/time.ts";
import { look } from "./badge.tsx";
import type { Bin } from "./histogram.ts";

const ORDER: Status[] = ["allowed", "pending", "approval_required", "invalid", "error", "denied"];
const HEIGHT = 44;

/** Calls over time, stacked by status; a bar chosen gives its stretch of time. */
export function Chart({ bins, onChoose }: { bins: Bin[]; onChoose: (from: number, to: number) => void }) {
  const highest = Math.max(1, ...bins.map((bin) => bin.all));
  const first = bins[0];
  const last = bins.at(-1);
  if (!first || !last) return null;
  const width = 1000 / bins.length;
  const total = bins.reduce((sum, bin) => sum + bin.all, 0);
  return (
    <figure class="chart">
      <svg viewBox={`0 0 1000 ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${total} calls shown, from ${stamp(first.from)} to ${stamp(last.to)}`}>
        {bins.map((bin, at) => {
          let y = HEIGHT;
          const parts = ORDER.filter((status) => (bin.counts[status] ?? 0) > 0).map((status) => {
            const height = ((bin.counts[status] as number) / highest) * (HEIGHT - 2);
            y -= height;
            return <rect key={status} class={`fill ${look(status).tone}`} x={at * width + 0.5} y={y} width={Math.max(1, width - 1)} height={height} />;
          });
          const words = ORDER.filter((status) => bin.counts[status]).map((status) => `${bin.counts[status]} ${look(status).word}`);
          return (
            <g key={bin.from} onClick={() => bin.all > 0 && onChoose(bin.from, bin.to)} class="bin">
              <title>{`${stamp(bin.from)}: ${words.join(", ") || "none"}`}</title>
              <rect class="back" x={at * width} y={0} width={width} height={HEIGHT} />
              {parts}
            </g>
          );
        })}
      </svg>
      <figcaption><span>{clock(first.from)}</span><span>{clock(last.to)}</span></figcaption>
    </figure>
  );
}
