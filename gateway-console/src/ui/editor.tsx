/** The policy editor; loaded only where it is needed. Lives in a shadow root, so that no style of it is inline. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { linter, lintGutter, lintKeymap, type Diagnostic } from "@codemirror/lint";
import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "preact/hooks";
import type { Finding } from "../app/types.ts";

const THEME = EditorView.theme({
  "&": { fontSize: "13px", backgroundColor: "var(--field)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "6px" },
  "&.cm-focused": { outline: "2px solid var(--accent)" },
  ".cm-scroller": { fontFamily: "var(--mono)", minHeight: "22rem", maxHeight: "60vh" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--quiet)", border: "none" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": { backgroundColor: "var(--select)" },
  ".cm-tooltip": { backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-changedText": { background: "none" },
  ".cm-changedLine": { backgroundColor: "var(--add)" },
  ".cm-deletedChunk": { backgroundColor: "var(--del)" },
  ".cm-deletedText": { background: "none" },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.keyword], color: "var(--warn)" },
]);

type Props = {
  text: string;
  label: string;
  /** What the gateway says of a draft; the only validator. */
  check?: (draft: string) => Promise<Finding[]>;
  changed?: (draft: string) => void;
  /** Shows the difference to this text instead, read-only. */
  original?: string;
};

export default function Editor({ text, label, check, changed, original }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) {
      return undefined;
    }
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
          yaml(),
          syntaxHighlighting(COLOURS),
          THEME,
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.lineWrapping,
          ...(original === undefined
            ? [
                EditorView.updateListener.of((update) => {
                  if (update.docChanged) {
                    changed?.(update.state.doc.toString());
                  }
                }),
                ...(check ? [lintGutter(), linter((at) => diagnostics(at, check), { delay: 200 })] : []),
              ]
            : [
                EditorState.readOnly.of(true),
                unifiedMergeView({ original, mergeControls: false, highlightChanges: false, gutter: true }),
              ]),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [original]);
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== text) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
    }
  }, [text]);
  return <div ref={host} class="editor" data-editor />;
}

async function diagnostics(view: EditorView, check: (draft: string) => Promise<Finding[]>): Promise<Diagnostic[]> {
  const findings = await check(view.state.doc.toString()).catch(() => []);
  const doc = view.state.doc;
  return findings.map((finding) => {
    const line = doc.line(Math.max(1, Math.min(doc.lines, finding.line)));
    const from = Math.min(line.to, line.from + Math.max(0, finding.column - 1));
    return { from, to: Math.max(from, line.to), severity: finding.severity, message: `${finding.message} ${finding.mend}` };
  });
}
