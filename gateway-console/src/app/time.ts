const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

/** "15m", "2h", "7d", epoch seconds or an ISO time as epoch seconds; null if it is none of these. */
export function moment(text: string, now: number): number | null {
  const ago = /^(\d{1,6})([smhd])$/.exec(text);
  if (ago) return now - Number(ago[1]) * (UNITS[ago[2] as string] as number);
  if (/^\d{9,11}(\.\d{1,3})?$/.test(text)) return Number(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const parsed = Date.parse(text);
  return Number.isNaN(parsed) ? null : parsed / 1000;
}

/** Epoch seconds as RFC 3339. */
export function iso(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString();
}

/** Epoch seconds of an API time, which is seconds or RFC 3339. */
export function seconds(time: number | string): number {
  return typeof time === "number" ? time : Date.parse(time) / 1000;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** Day and time to the second, in the browser's zone: 2026-11-22 14:03:59. */
export function stamp(epochSeconds: number): string {
  const d = new Date(epochSeconds * 1000);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${clock(epochSeconds)}`;
}

/** Time of the day: 14:03:59. */
export function clock(epochSeconds: number): string {
  const d = new Date(epochSeconds * 1000);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** How long ago, roughly: "3 min ago". */
export function since(epochSeconds: number, now: number): string {
  const s = Math.round(now - epochSeconds);
  if (s < -45) return `in ${span(-s)}`;
  if (s < 45) return "just now";
  return `${span(s)} ago`;
}

/** A length of time in its largest unit. */
export function span(s: number): string {
  if (s < 90) return `${Math.round(s)} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  if (s < 129600) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86400)} days`;
}

/** Milliseconds for reading: 0.4 ms, 12 ms, 1.24 s. */
export function millis(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10000 ? 2 : 1)} s`;
}
