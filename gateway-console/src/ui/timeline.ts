/** A call on the time axis. */
export interface Moment {
  start: number;
  /** Milliseconds that it took; null if nobody knows. */
  length: number | null;
}

/** A bar, in thousandths of the width. */
export interface Bar {
  x: number;
  width: number;
}

/** Longest time that is drawn to scale between two calls, as a part of all the rest. */
const PAUSE = 4;
const LEAST = 6;

/**
 * Lays calls out on one axis. Long pauses are shortened to four times the middle pause, so that
 * calls stay visible; the order never changes, and a bar is at least wide enough to be seen.
 */
export function layout(calls: Moment[]): { bars: Bar[]; shortened: boolean } {
  const starts = calls.map((call) => call.start * 1000);
  const gaps = starts.slice(1).map((start, at) => Math.max(0, start - (starts[at] as number)));
  const sorted = [...gaps].filter((gap) => gap > 0).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const longest = Math.max(0, ...calls.map((call) => call.length ?? 0));
  const cap = Math.max(middle * PAUSE, longest, 1);
  const at: number[] = [];
  let shortened = false;
  starts.forEach((_, index) => {
    const gap = index === 0 ? 0 : (gaps[index - 1] as number);
    if (gap > cap) shortened = true;
    at.push(index === 0 ? 0 : (at[index - 1] as number) + Math.min(gap, cap));
  });
  const end = Math.max(1, ...calls.map((call, index) => (at[index] as number) + (call.length ?? 0)));
  const room = 1000 - LEAST;
  return {
    bars: calls.map((call, index) => ({
      x: ((at[index] as number) / end) * room,
      width: Math.max(LEAST, ((call.length ?? 0) / end) * room),
    })),
    shortened,
  };
}
