/** A piece of text as it is shown: ordinary, or an escape that stands for a hidden character. */
export interface Piece {
  text: string;
  hidden: boolean;
}

// Control characters but tab and line feed, marks that turn the direction of writing, what has no width, tags, and
// what cannot be encoded.
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\u{e0000}-\u{e0fff}\p{Cs}]/gu;

/** Splits text so that characters that hide or reorder others show as escapes. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), hidden: false });
    const code = match[0].codePointAt(0) as number;
    const hex = code.toString(16);
    found.push({ text: code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`, hidden: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), hidden: false });
  return found;
}
