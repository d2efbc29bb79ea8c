import { useState } from "preact/hooks";
import { pieces } from "./visible.ts";

/** Text that others wrote: a text node, with hidden characters shown; long text is cut until asked for. */
export function Text({ value, most = 2000 }: { value: string; most?: number }) {
  const [whole, setWhole] = useState(false);
  const cut = !whole && value.length > most;
  const parts = pieces(cut ? value.slice(0, most) : value);
  return (
    <bdi>
      {parts.map((part, at) =>
        part.hidden ? <span key={at} class="hidden-char" title="a character that does not show">{part.text}</span> : part.text,
      )}
      {cut && (
        <button type="button" class="more" onClick={() => setWhole(true)}>
          … {(value.length - most).toLocaleString("en")} more characters
        </button>
      )}
    </bdi>
  );
}
