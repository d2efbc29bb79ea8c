/** Where calls lie within their session, from 0 to 1. Pure. */
export function spans(calls: { start: number; ms: number }[]): { from: number; to: number }[] {
  const first = Math.min(...calls.map((call) => call.start));
  const last = Math.max(...calls.map((call) => call.start + call.ms / 1000));
  const whole = Math.max(last - first, 0.001);
  return calls.map((call) => ({
    from: (call.start - first) / whole,
    to: (call.start + call.ms / 1000 - first) / whole,
  }));
}
