import { useEffect, useRef } from "preact/hooks";
import { clock, millis } from "../../app/time.ts";
import type { TracedCall } from "../../app/types.ts";
import { Badge, look } from "../../ui/badge.tsx";
import { Text } from "../../ui/text.tsx";
import { layout } from "../../ui/timeline.ts";

/** The calls from top to bottom, each with its bar on the common time axis. */
export function Lanes({ calls, at, onShow }: { calls: TracedCall[]; at: number; onShow: (index: number) => void }) {
  const list = useRef<HTMLOListElement>(null);
  const { bars, shortened } = layout(calls.map((call) => ({ start: call.timestamp, length: call.latency_ms })));
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <section class="lanes" aria-label="Calls">
      <h3 class="unseen">Calls</h3>
      <ol ref={list}>
        {calls.map((call, index) => {
          const bar = bars[index] ?? { x: 0, width: 0 };
          return (
            <li key={call.trace_id}>
              <button type="button" class="lane" aria-current={index === at ? "true" : undefined} onClick={() => onShow(index)}>
                <span class="when">{clock(call.timestamp)}</span>
                <Badge state={call.status} />
                <span class="mono tool"><Text value={call.tool} most={60} /></span>
                <span class="took">{call.latency_ms === null ? "" : millis(call.latency_ms)}</span>
                <svg viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
                  <rect class="track" x={0} y={3} width={1000} height={2} />
                  <rect class={`fill ${look(call.status).tone}`} x={bar.x} y={0} width={bar.width} height={8} />
                </svg>
              </button>
            </li>
          );
        })}
      </ol>
      {shortened && <p class="quiet">Long pauses between calls are drawn shorter.</p>}
    </section>
  );
}
