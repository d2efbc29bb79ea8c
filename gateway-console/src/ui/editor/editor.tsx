import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import type { Finding } from "../../app/types.ts";
import { diagnostics } from "./diagnostics.ts";
import { colours, looks } from "./looks.ts";
import { words } from "./words.ts";

/** Marks a text that the page put in, not the person. */
const fromOutside = Annotation.define<boolean>();

export interface EditorProps {
  label: string;
  value: string;
  readOnly?: boolean;
  findings?: Finding[];
  /** Line to show (from 1); again whenever the object is another one. */
  show?: { line: number; column?: number } | null;
  onChange?: (text: string) => void;
  onSave?: () => void;
}

/** A YAML editor in a shadow root of its own, so that its styles need no exception from the page's policy. */
export function CodeEditor(props: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const rights = useRef(new Compartment());
  /** What was typed and has not come back yet: a page that lags behind must not undo newer typing. */
  const typed = useRef(new Set<string>());

  useEffect(() => {
    const element = host.current as HTMLDivElement;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({ doc: props.value, extensions: extensions(latest, rights.current, typed.current) }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const now = view.current;
    if (!now) return;
    if (now.state.doc.toString() === props.value) {
      typed.current.clear();
    } else if (!typed.current.has(props.value)) {
      now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: props.value }, annotations: fromOutside.of(true) });
    }
  }, [props.value]);

  useEffect(() => {
    const now = view.current;
    now?.dispatch({ effects: rights.current.reconfigure(rightsOf(props.readOnly ?? false, props.label)) });
  }, [props.readOnly, props.label]);

  useEffect(() => {
    const now = view.current;
    if (now) now.dispatch(setDiagnostics(now.state, diagnostics(now.state.doc, props.findings ?? [])));
  }, [props.findings, props.value]);

  useEffect(() => {
    const now = view.current;
    if (!now || !props.show) return;
    const line = now.state.doc.line(Math.max(1, Math.min(props.show.line, now.state.doc.lines)));
    const at = Math.min(line.to, line.from + Math.max(0, (props.show.column ?? 1) - 1));
    now.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    now.focus();
  }, [props.show]);

  return <div class="editor" ref={host} />;
}

/**
 * Typing over a selection. The browser would give the new text the looks of the old one by a style attribute, which the
 * content policy refuses; so the editor replaces the text itself, and asks its own handlers (brackets) first, as always.
 */
function replaceSelection(event: InputEvent, view: EditorView): boolean {
  const { main, ranges } = view.state.selection;
  const text = event.data;
  if (event.inputType !== "insertText" || !text || event.isComposing || main.empty || ranges.length > 1) return false;
  event.preventDefault();
  const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  const handled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, main.from, main.to, text, insert));
  if (!handled && !view.state.readOnly) view.dispatch(insert());
  return true;
}

function rightsOf(readOnly: boolean, label: string) {
  return [
    EditorState.readOnly.of(readOnly),
    EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": String(readOnly) }),
  ];
}

function extensions(latest: { current: EditorProps }, rights: Compartment, typed: Set<string>) {
  return [
    rights.of(rightsOf(latest.current.readOnly ?? false, latest.current.label)),
    lineNumbers(),
    lintGutter(),
    foldGutter(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    highlightSpecialChars(),
    highlightSelectionMatches(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    search({ top: true }),
    autocompletion({ override: [words], icons: false }),
    yaml(),
    colours,
    looks,
    keymap.of([
      { key: "Mod-s", run: () => (latest.current.onSave?.(), true) },
      { key: "Mod-f", run: openSearchPanel },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
    ]),
    EditorView.domEventHandlers({ beforeinput: replaceSelection }),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged || update.transactions.some((one) => one.annotation(fromOutside))) return;
      const text = update.state.doc.toString();
      typed.add(text);
      latest.current.onChange?.(text);
    }),
  ];
}
