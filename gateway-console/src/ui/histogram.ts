import type { Status } from "../app/types.ts";

/** How many calls of each status fall into a stretch of time. */
export interface Bin {
  from: number;
  to: number;
  counts: Partial<Record<Status, number>>;
  all: number;
}

const LEAST = 40;
const STEPS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10800, 21600, 43200, 86400, 604800];

/** Sorts calls into at most so many bins of a round length, and at least 40; bins without calls stay. */
export function histogram(calls: { at: number; status: Status }[], most = 60): Bin[] {
  if (calls.length === 0) return [];
  const first = Math.min(...calls.map((call) => call.at));
  const last = Math.max(...calls.map((call) => call.at));
  const step = STEPS.find((one) => (last - first) / one <= most - 2) ?? Math.ceil((last - first) / (most - 2));
  const end = Math.floor(last / step) * step;
  const begin = Math.min(Math.floor(first / step) * step, end - (Math.min(LEAST, most) - 1) * step);
  const bins: Bin[] = [];
  for (let from = begin; from <= end; from += step) bins.push({ from, to: from + step, counts: {}, all: 0 });
  for (const call of calls) {
    const bin = bins[Math.floor((call.at - begin) / step)];
    if (!bin) continue;
    bin.counts[call.status] = (bin.counts[call.status] ?? 0) + 1;
    bin.all++;
  }
  return bins;
}
