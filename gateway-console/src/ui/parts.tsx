/** Small parts that pages share. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Json } from "../app/api.ts";

const SHAPES: Record<string, string> = {
  allowed: "●", active: "●", delivered: "●", approved: "●", done: "●", passed: "●",
  denied: "✕", error: "▲", failed: "▲", dead: "▲", critical: "▲", high: "▲",
  approval_required: "?", pending: "…", running: "…", open: "!", invalid: "◆", medium: "◆",
};
const TONES: Record<string, string> = {
  allowed: "good", active: "good", delivered: "good", approved: "good", done: "good", passed: "good",
  denied: "bad", error: "bad", failed: "bad", dead: "bad", critical: "bad", high: "bad", open: "bad",
  approval_required: "warn", invalid: "warn", pending: "warn", medium: "warn", modified: "warn",
};

/** A state as word, shape and colour. */
export function Badge({ state }: { state: string }) {
  return (
    <span class={`badge ${TONES[state] ?? ""}`}>
      <span aria-hidden="true">{SHAPES[state] ?? "·"}</span> {state.replace(/_/g, " ")}
    </span>
  );
}

/** A moment: epoch seconds or RFC 3339. */
export function Time({ at }: { at: number | string | null }) {
  if (at === null || at === "") {
    return <span class="quiet">–</span>;
  }
  const date = new Date(typeof at === "number" ? at * 1000 : at);
  const iso = date.toISOString();
  return (
    <time dateTime={iso} title={iso}>
      {iso.slice(0, 10)} {iso.slice(11, 19)}
    </time>
  );
}

/** What the gateway said is wrong. */
export function Problem({ text }: { text: string }) {
  return text === "" ? null : (
    <p class="error" role="alert">
      {text}
    </p>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

const SHORT = 20_000;

/** Foreign data as text and nothing else; long texts are opened on demand. */
export function Data({ value, label }: { value: Json | undefined; label: string }) {
  const [all, setAll] = useState(false);
  if (value === undefined || value === null) {
    return <span class="quiet">none</span>;
  }
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const shown = all ? text : text.slice(0, SHORT);
  return (
    <div class="data">
      <pre tabIndex={0} role="region" aria-label={label}>
        {shown}
      </pre>
      {shown.length < text.length && <button onClick={() => setAll(true)}>Show all {text.length} characters</button>}
    </div>
  );
}

export function Copy({ text, label }: { text: string; label: string }) {
  const [done, setDone] = useState(false);
  return (
    <button
      class="plain"
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => setDone(true));
      }}
    >
      {done ? "Copied" : label}
    </button>
  );
}

/** A dialog that is open while it is mounted. */
export function Dialog({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return (
    <dialog ref={ref} onClose={close} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}

/** A unified diff, line by line; the sign says what colour says. */
export function Diff({ text }: { text: string }) {
  if (text === "") {
    return <Empty>No difference.</Empty>;
  }
  return (
    <pre class="diff" tabIndex={0} role="region" aria-label="Differences">
      {text.split("\n").map((line, at) => (
        <span key={at} class={line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : line.startsWith("@@") ? "hunk" : ""}>
          {line}
          {"\n"}
        </span>
      ))}
    </pre>
  );
}

/** Part of a whole, drawn without inline styles. */
export function Bar({ from, to, state }: { from: number; to: number; state: string }) {
  return (
    <svg class={`bar ${TONES[state] ?? ""}`} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect x={from * 100} y="1" width={Math.max(0.6, (to - from) * 100)} height="8" />
    </svg>
  );
}
