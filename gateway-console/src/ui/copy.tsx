import { useState } from "preact/hooks";

/** Copies a text; says so. */
export function Copy({ text, label = "Copy", what }: { text: string; label?: string; what?: string }) {
  const [said, setSaid] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Could not copy: select the text instead");
    }
    setTimeout(() => setSaid(""), 2500);
  };
  return (
    <span class="copy">
      <button type="button" onClick={() => void copy()} aria-label={what ? `${label} ${what}` : undefined}>{label}</button>
      <span role="status" class="quiet">{said}</span>
    </span>
  );
}
