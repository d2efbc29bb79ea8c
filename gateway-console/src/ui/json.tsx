import { useState } from "preact/hooks";
import { ExactNumber } from "../app/exact.ts";
import { Text } from "./text.tsx";

const MOST = 50;

/** Any JSON value as text nodes: nested values fold, long lists and texts are cut until asked for. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  if (value === undefined) return <p class="quiet">none</p>;
  return (
    <div class="json" tabIndex={0} role="region" aria-label={label}>
      <Value value={value} depth={0} />
    </div>
  );
}

function Value({ value, depth }: { value: unknown; depth: number }) {
  if (value === null) return <span class="lit">null</span>;
  if (value instanceof ExactNumber) return <span class="num">{value.text}</span>;
  if (typeof value === "string") return <span class="str">"<Text value={value} />"</span>;
  if (typeof value === "number") return <span class="num">{String(value)}</span>;
  if (typeof value === "boolean") return <span class="lit">{String(value)}</span>;
  if (Array.isArray(value)) return <Many entries={value.map((one) => [null, one])} marks="[]" depth={depth} />;
  return <Many entries={Object.entries(value as object)} marks="{}" depth={depth} />;
}

function Many(props: { entries: [string | null, unknown][]; marks: string; depth: number }) {
  const { entries, marks, depth } = props;
  const [open, setOpen] = useState(depth < 3);
  const [most, setMost] = useState(MOST);
  if (entries.length === 0) return <span>{marks}</span>;
  const count = `${entries.length} ${marks === "[]" ? "items" : "members"}`;
  return (
    <span>
      <button type="button" class="fold" aria-expanded={open} onClick={() => setOpen(!open)} aria-label={`${open ? "Fold" : "Unfold"} ${count}`}>
        {open ? "▾" : "▸"}
      </button>
      {marks[0]}
      {open ? (
        <ul>
          {entries.slice(0, most).map(([name, one], at) => (
            <li key={at}>
              {name !== null && <><span class="name"><Text value={name} /></span>: </>}
              <Value value={one} depth={depth + 1} />
            </li>
          ))}
          {entries.length > most && (
            <li><button type="button" class="more" onClick={() => setMost(most * 10)}>… {entries.length - most} more</button></li>
          )}
        </ul>
      ) : (
        <span class="quiet"> {count} </span>
      )}
      {marks[1]}
    </span>
  );
}
