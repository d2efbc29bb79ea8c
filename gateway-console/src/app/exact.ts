/** A number that a double cannot hold, kept as it was written. */
export class ExactNumber {
  constructor(readonly text: string) {}
}

type Reviver = (name: string, value: unknown, context?: { source?: string }) => unknown;

/** Parses JSON; numbers with more digits than a double keeps stay as text, where the browser can tell. */
export function parseExact(text: string): unknown {
  const reviver: Reviver = (_, value, context) =>
    typeof value === "number" && context?.source !== undefined && !isHeld(context.source)
      ? new ExactNumber(context.source)
      : value;
  return JSON.parse(text, reviver as (name: string, value: unknown) => unknown);
}

/** Whether a number's text survives being read as a double. */
export function isHeld(source: string): boolean {
  return (source.split(/[eE]/)[0] ?? "").replace(/[^0-9]/g, "").replace(/^0+/, "").length <= 15;
}
