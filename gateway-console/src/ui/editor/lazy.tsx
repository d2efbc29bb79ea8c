import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { EditorProps } from "./editor.tsx";

let known: ComponentType<EditorProps> | undefined;

/** The editor, fetched when it is first needed. */
export function Editor(props: EditorProps) {
  const [View, setView] = useState<{ view: ComponentType<EditorProps> } | undefined>(known && { view: known });
  useEffect(() => {
    // Another one may have fetched it between the drawing and now, so it is the drawing that counts.
    if (View) return;
    void import("./editor.tsx").then((module) => {
      known = module.CodeEditor;
      setView({ view: module.CodeEditor });
    });
  }, []);
  return View ? <View.view {...props} /> : <p role="status" class="quiet">Loading the editor…</p>;
}
