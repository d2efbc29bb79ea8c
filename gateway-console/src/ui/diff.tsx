import type { DiffLine } from "./lines.ts";
import { Text } from "./text.tsx";

const WORDS = { "+": "added", "-": "removed", " ": "", "@": "" };

/** A difference, line by line; added and removed lines bear their mark. */
export function Diff({ lines, label }: { lines: DiffLine[]; label: string }) {
  if (lines.every((line) => line.mark === " " || line.mark === "@")) {
    return <p class="quiet">The texts are the same.</p>;
  }
  const added = lines.filter((line) => line.mark === "+").length;
  const removed = lines.filter((line) => line.mark === "-").length;
  return (
    <figure class="diff">
      <figcaption>{label}: <span class="plus">+{added}</span> <span class="minus">−{removed}</span> lines</figcaption>
      <div class="scroll" tabIndex={0} role="region" aria-label={label}>
        <table>
          <thead class="unseen">
            <tr><th scope="col">line before</th><th scope="col">line after</th><th scope="col">change</th><th scope="col">text</th></tr>
          </thead>
          <tbody>
            {lines.map((line, at) =>
              line.mark === "@" ? (
                <tr key={at} class="gap"><td colSpan={4}>⋯ {line.text}</td></tr>
              ) : (
                <tr key={at} class={WORDS[line.mark]}>
                  <td class="number">{line.from ?? ""}</td>
                  <td class="number">{line.to ?? ""}</td>
                  <td class="mark">{line.mark === " " ? "" : <>{line.mark}<span class="unseen">{WORDS[line.mark]}</span></>}</td>
                  <td class="line"><Text value={line.text} /></td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
