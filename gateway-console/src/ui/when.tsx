import { clock, seconds, since, stamp } from "../app/time.ts";

/** A time: of the day if it is today's, else with the day; how long ago as a hint. */
export function When({ at, ago = false }: { at: number | string | null | undefined; ago?: boolean }) {
  if (at === null || at === undefined) return <span class="quiet">never</span>;
  const s = seconds(at);
  if (Number.isNaN(s)) return <span>{String(at)}</span>;
  const now = Date.now() / 1000;
  const today = new Date(s * 1000).toDateString() === new Date().toDateString();
  const iso = new Date(s * 1000).toISOString();
  return (
    <time dateTime={iso} title={`${iso}, ${since(s, now)}`} class="when">
      {ago ? since(s, now) : today ? clock(s) : stamp(s)}
    </time>
  );
}
