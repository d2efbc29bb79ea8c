import { query } from "./api.ts";
import { iso, moment } from "./time.ts";

/** What the log, its tail, the sessions and the export are filtered by. */
export interface Filter {
  status?: string;
  tool?: string;
  model?: string;
  session?: string;
  since?: string;
  until?: string;
  q?: string;
}

export const FIELDS = ["status", "tool", "model", "session", "since", "until"] as const;
export const STATUSES = ["allowed", "denied", "approval_required", "invalid", "error", "pending"];

export interface Parsed {
  filter: Filter;
  /** What could not be understood, in words; never dropped silently. */
  problems: string[];
}

const TERM = /\s*(?:([a-z_]+):)?(?:"((?:[^"\\]|\\.)*)"?|(\S+))/gy;

/** Reads `status:denied tool:"a b" words`; words become the text that is searched for. */
export function parse(text: string): Parsed {
  const filter: Filter = {};
  const problems: string[] = [];
  const words: string[] = [];
  TERM.lastIndex = 0;
  for (let term = TERM.exec(text); term !== null; term = TERM.exec(text)) {
    const value = term[2] === undefined ? (term[3] as string) : term[2].replace(/\\(.)/g, "$1");
    const name = term[1];
    if (name === undefined) words.push(value);
    else if (name === "text") words.push(value);
    else if (!(FIELDS as readonly string[]).includes(name)) {
      problems.push(`There is no field "${name}". Fields are ${FIELDS.join(", ")}; quote other text.`);
    } else if (filter[name as keyof Filter] !== undefined) {
      problems.push(`"${name}" stands twice; the gateway filters by one value of a field.`);
    } else filter[name as keyof Filter] = value;
  }
  if (words.length > 0) filter.q = words.join(" ");
  return { filter, problems: [...problems, ...check(filter)] };
}

function check(filter: Filter): string[] {
  const problems: string[] = [];
  if (filter.status !== undefined && !STATUSES.includes(filter.status)) {
    problems.push(`"${filter.status}" is no status. Statuses are ${STATUSES.join(", ")}.`);
  }
  for (const name of ["since", "until"] as const) {
    const value = filter[name];
    if (value !== undefined && moment(value, 0) === null) {
      problems.push(`"${value}" is no time. Write ${name}:15m, ${name}:7d or ${name}:2026-11-22T10:00.`);
    }
  }
  return problems;
}

function quoted(value: string): string {
  return value !== "" && /^[^\s"\\:]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
}

/** The filter as text that {@link parse} reads back. */
export function print(filter: Filter): string {
  const terms: string[] = FIELDS.filter((name) => filter[name] !== undefined).map(
    (name) => `${name}:${quoted(filter[name] as string)}`,
  );
  if (filter.q !== undefined) terms.push(quoted(filter.q));
  return terms.join(" ");
}

/** From an address. */
export function fromQuery(search: URLSearchParams): Filter {
  const filter: Filter = {};
  for (const name of [...FIELDS, "q"] as const) {
    const value = search.get(name);
    if (value !== null && value !== "") filter[name] = value;
  }
  return filter;
}

/** As parameters of an address; null takes one away. */
export function toParameters(filter: Filter): Record<string, string | null> {
  const parameters: Record<string, string | null> = {};
  for (const name of [...FIELDS, "q"] as const) parameters[name] = filter[name] ?? null;
  return parameters;
}

/** As a query of the API: times become RFC 3339. */
export function apiQuery(filter: Filter, project: string, more: Record<string, string | number | null> = {}): string {
  const now = Date.now() / 1000;
  const time = (text?: string): string | null => {
    const at = text === undefined ? null : moment(text, now);
    return at === null ? (text ?? null) : iso(at);
  };
  return query({ ...filter, since: time(filter.since), until: time(filter.until), project, ...more });
}
