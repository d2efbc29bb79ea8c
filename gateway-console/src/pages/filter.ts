/** The filters of the log: one state, as text and as parameters. Pure. */

export const NAMES = ["status", "tool", "model", "session", "since", "until", "q"] as const;
export type Name = (typeof NAMES)[number];
export type Filter = Partial<Record<Name, string>>;

/** Words like `status:denied tool:"a b" free text`; names that are not known are free text. */
export function parse(text: string): Filter {
  const filter: Filter = {};
  const free: string[] = [];
  for (const match of text.matchAll(/(?:([a-z]+):)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    const name = match[1] as Name | undefined;
    const value = match[2] === undefined ? (match[3] ?? "") : match[2].replace(/\\(.)/g, "$1");
    if (name !== undefined && name !== "q" && NAMES.includes(name)) {
      filter[name] = value;
    } else {
      free.push(name === undefined ? value : `${name}:${value}`);
    }
  }
  if (free.length > 0) {
    filter.q = free.join(" ");
  }
  return filter;
}

/** The text that {@link parse} reads back. */
export function print(filter: Filter): string {
  const words: string[] = [];
  for (const name of NAMES) {
    const value = filter[name];
    if (value !== undefined && value !== "") {
      words.push(name === "q" ? quoted(value, true) : `${name}:${quoted(value, false)}`);
    }
  }
  return words.join(" ");
}

function quoted(value: string, free: boolean): string {
  const plain = free ? /^[^\s":\\]+$/ : /^[^\s"\\]+$/;
  return plain.test(value) ? value : `"${value.replace(/[\\"]/g, "\\$&")}"`;
}

/** The filters of a query string. */
export function ofQuery(query: URLSearchParams): Filter {
  const filter: Filter = {};
  for (const name of NAMES) {
    const value = query.get(name);
    if (value !== null && value !== "") {
      filter[name] = value;
    }
  }
  return filter;
}
