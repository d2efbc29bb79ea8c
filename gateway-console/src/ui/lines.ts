/** A line of a difference: kept, added or removed, with its numbers on both sides (from 1). */
export interface DiffLine {
  mark: " " | "+" | "-" | "@";
  text: string;
  from?: number;
  to?: number;
}

/** Splits text into lines; a last line feed begins no further line. */
export function split(text: string): string[] {
  const lines = text.replace(/\r\n/g, "\n").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** All lines of both texts in order: what is common is as long as can be (Myers, on what differs in the middle). */
export function compare(before: string, after: string): DiffLine[] {
  const a = split(before);
  const b = split(after);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const marks = [
    ..." ".repeat(start),
    ...shortest(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ..." ".repeat(end),
  ];
  let from = 0;
  let to = 0;
  return marks.map((mark): DiffLine => {
    if (mark === "-") return { mark, text: a[from] as string, from: ++from };
    if (mark === "+") return { mark, text: b[to] as string, to: ++to };
    return { mark: " ", text: a[from] as string, from: ++from, to: ++to };
  });
}

const MOST_EDITS = 2000;

/** Myers' greedy algorithm; texts that differ too much are removed and added whole. */
function shortest(a: string[], b: string[]): string[] {
  const rounds: Map<number, number>[] = [];
  let ends = new Map<number, number>([[1, 0]]);
  for (let d = 0; d <= Math.min(a.length + b.length, MOST_EDITS); d++) {
    rounds.push(new Map(ends));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (ends.get(k - 1) ?? -1) < (ends.get(k + 1) ?? -1));
      let x = down ? (ends.get(k + 1) as number) : (ends.get(k - 1) as number) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      ends.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(rounds, a.length, b.length);
    }
  }
  return [...a.map(() => "-"), ...b.map(() => "+")];
}

function walkBack(rounds: Map<number, number>[], m: number, n: number): string[] {
  const marks: string[] = [];
  let x = m;
  let y = n;
  for (let d = rounds.length - 1; d >= 0; d--) {
    const ends = rounds[d] as Map<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (ends.get(k - 1) ?? -1) < (ends.get(k + 1) ?? -1));
    const px = ends.get(down ? k + 1 : k - 1) ?? 0;
    const py = px - (down ? k + 1 : k - 1);
    while (x > px && y > py && x > 0 && y > 0) {
      marks.push(" ");
      x--;
      y--;
    }
    if (d > 0) {
      marks.push(down ? "+" : "-");
      x = px;
      y = py;
    }
  }
  return marks.reverse();
}

/** Only what changed, with so many lines around it; "@" stands for what is left out. */
export function hunks(lines: DiffLine[], around = 3): DiffLine[] {
  const shown = new Set<number>();
  lines.forEach((line, at) => {
    if (line.mark === " ") return;
    for (let near = at - around; near <= at + around; near++) shown.add(near);
  });
  const result: DiffLine[] = [];
  let gap = 0;
  lines.forEach((line, at) => {
    if (shown.has(at)) {
      if (gap > 0) result.push({ mark: "@", text: `${gap} unchanged line${gap === 1 ? "" : "s"}` });
      gap = 0;
      result.push(line);
    } else gap++;
  });
  if (gap > 0 && result.length > 0) result.push({ mark: "@", text: `${gap} unchanged line${gap === 1 ? "" : "s"}` });
  return result;
}

/** Reads a unified diff as the gateway sends it. */
export function unified(text: string): DiffLine[] {
  const result: DiffLine[] = [];
  let from = 0;
  let to = 0;
  for (const line of split(text)) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (head) {
      from = Number(head[1]);
      to = Number(head[2]);
      result.push({ mark: "@", text: `line ${from}` });
    } else if (from === 0 && to === 0 && result.length === 0) continue;
    else if (line.startsWith("+")) result.push({ mark: "+", text: line.slice(1), to: to++ });
    else if (line.startsWith("-")) result.push({ mark: "-", text: line.slice(1), from: from++ });
    else if (line.startsWith(" ") || line === "") result.push({ mark: " ", text: line.slice(1), from: from++, to: to++ });
  }
  return result;
}
