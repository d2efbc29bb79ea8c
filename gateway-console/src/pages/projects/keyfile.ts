/** A key as it is put into a file: its hash, never itself. */
export interface NewKeyEntry {
  model: string;
  tools: string[];
  id: string;
  sha256: string;
  /** RFC 3339; empty: never. */
  expires: string;
}

const plain = /^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/;
const name = (text: string): string => (plain.test(text) ? text : JSON.stringify(text));

function item(entry: NewKeyEntry): string {
  const until = entry.expires === "" ? "" : `, expires: ${JSON.stringify(entry.expires)}`;
  return `- { id: ${name(entry.id)}, sha256: "${entry.sha256}"${until} }`;
}

/**
 * The file with the key in it: behind the keys of its model, or as a new model at the end. Null if
 * the text is laid out so that it cannot be done line by line; then a person puts it in.
 */
export function withKey(yaml: string, entry: NewKeyEntry): string | null {
  const lines = yaml.replace(/\s+$/, "").split("\n");
  const models = lines.findIndex((line) => /^models:\s*(#.*)?$/.test(line));
  if (models < 0) {
    if (/^models:/m.test(yaml)) return null;
    const head = yaml.trim() === "" ? ["version: 1"] : lines;
    return `${[...head, "models:", ...model(entry, "  ")].join("\n")}\n`;
  }
  const indent = /^(\s+)\S/.exec(lines.slice(models + 1).find((line) => /^\s+[^\s#]/.test(line)) ?? "  x")?.[1] ?? "  ";
  const heads = [`${indent}${entry.model}:`, `${indent}"${entry.model}":`, `${indent}'${entry.model}':`];
  const at = lines.findIndex((line, index) => index > models && heads.some((head) => line.replace(/\s*(#.*)?$/, "") === head));
  if (at < 0) {
    let end = models + 1;
    while (end < lines.length && (lines[end] === "" || /^[\s#]/.test(lines[end] as string))) end++;
    return `${[...lines.slice(0, end), ...model(entry, indent), ...lines.slice(end)].join("\n")}\n`;
  }
  for (let index = at + 1; index < lines.length && lines[index]?.startsWith(`${indent} `); index++) {
    const keys = /^(\s+)keys:\s*(#.*)?$/.exec(lines[index] as string);
    const first = /^(\s*)- /.exec(lines[index + 1] ?? "");
    if (keys && first) {
      return `${[...lines.slice(0, index + 1), `${first[1]}${item(entry)}`, ...lines.slice(index + 1)].join("\n")}\n`;
    }
  }
  return null;
}

function model(entry: NewKeyEntry, indent: string): string[] {
  return [
    `${indent}${name(entry.model)}:`,
    `${indent}  keys:`,
    `${indent}    ${item(entry)}`,
    `${indent}  tools: [${entry.tools.map((tool) => JSON.stringify(tool)).join(", ")}]`,
  ];
}

/** What a person puts into the file. */
export function snippet(entry: NewKeyEntry): string {
  return model(entry, "  ").join("\n");
}
