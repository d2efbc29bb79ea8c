import { useEffect, useMemo, useState } from "preact/hooks";
import { type Draft, draftOf, keepDraft } from "../../app/drafts.ts";
import { useKeys } from "../../app/keys.ts";
import { href } from "../../app/router.ts";
import type { Finding, PolicyFile } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Editor } from "../../ui/editor/lazy.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";
import { useLint } from "./lint.ts";
import { SaveDialog } from "./save.tsx";
import { Stale } from "./stale.tsx";

/** The editor of a file: a draft stays in this tab until it is saved or thrown away. */
export function Edit(props: { file: PolicyFile; etag: string | null; readOnly: boolean; ruleLine: number | null; onReload: () => void }) {
  const { file, etag } = props;
  const [draft, setDraft] = useState<Draft | null>(() => draftOf(file.project, file.kind));
  const [saving, setSaving] = useState(false);
  const [done, setDone] = useState("");
  /** The ETag of what was just saved, until the file is loaded again. */
  const [settling, setSettling] = useState<string | null>(null);
  const [show, setShow] = useState<{ line: number; column?: number } | null>(null);
  const text = draft?.yaml ?? file.yaml;
  const base = draft ? draft.base : etag;
  const lint = useLint(file.project, file.kind, text);
  const errors = lint.findings.filter((one) => one.severity === "error");
  useEffect(() => {
    if (props.ruleLine !== null) setShow({ line: props.ruleLine });
  }, [props.ruleLine]);
  const keep = (next: Draft | null): void => {
    setDraft(next);
    keepDraft(file.project, file.kind, next);
  };
  useEffect(() => setSettling(null), [etag]);
  useEffect(() => {
    if (draft !== null && draft.yaml === file.yaml && draft.base === etag) keep(null);
  }, [file.yaml, etag]);
  const change = (yaml: string): void => {
    setDone("");
    keep(yaml === file.yaml ? null : { yaml, base });
  };
  const review = (): void => {
    if (draft === null || props.readOnly) return;
    const first = errors[0];
    if (first && lint.current) setShow({ line: first.line, column: first.column });
    else setSaving(true);
  };
  useKeys([{ keys: "Ctrl+s", what: "Look at the changes and save", group: "This page", run: review }]);
  const editable = !props.readOnly;
  const canReplay = file.kind !== "model_keys";
  const mine = useMemo(() => lint.findings, [lint.findings]);
  return (
    <>
      <div class="bar">
        <span class="mono">{file.kind}/{file.project}.yaml</span>
        {file.inherited && <span class="tag">inherited: a save gives {file.project} its own file</span>}
        {file.accepted === false && <span class="tag bad-text">what is on the disk has errors; the last good version is in force</span>}
        {draft !== null && base !== settling && <span class="tag">not saved</span>}
        {!editable && <span class="tag">read only: your role is viewer</span>}
        <span class="push" />
        {canReplay && draft !== null && <a class="button" href={href("/replay", { project: file.project, candidate: "draft" })}>Replay with this draft</a>}
        {draft !== null && <button type="button" onClick={() => keep(null)}>Throw away</button>}
        <button type="button" class="main" disabled={draft === null || !editable} onClick={review}>Review and save <kbd>Ctrl S</kbd></button>
      </div>
      <p role="status" class={done === "" ? "unseen" : "note good-text"}>{done}</p>
      {draft !== null && base !== etag && base !== settling && <Stale file={file} base={base} etag={etag} text={text} onRebase={() => keep({ yaml: text, base: etag })} onDrop={() => keep(null)} />}
      <div class="policy">
        <Editor label={`${file.kind} of ${file.project}`} value={text} readOnly={!editable} findings={mine} show={show} onChange={change} onSave={review} />
        <Findings findings={lint.findings} current={lint.current} onShow={(one) => setShow({ line: one.line, column: one.column })} />
      </div>
      {lint.error && <Problem error={lint.error} />}
      {saving && (
        <SaveDialog
          file={file}
          text={text}
          base={base}
          onClose={() => setSaving(false)}
          onStale={props.onReload}
          onSaved={(said, saved) => {
            setSaving(false);
            setSettling(saved);
            keep({ yaml: text, base: saved });
            setDone(said);
            props.onReload();
          }}
        />
      )}
    </>
  );
}

function Findings({ findings, current, onShow }: { findings: Finding[]; current: boolean; onShow: (one: Finding) => void }) {
  const errors = findings.filter((one) => one.severity === "error").length;
  const count = `${errors} error${errors === 1 ? "" : "s"}, ${findings.length - errors} warning${findings.length - errors === 1 ? "" : "s"}`;
  return (
    <section class="findings" aria-label="Findings">
      <h2><span role="status">{!current ? "Checking…" : findings.length === 0 ? "✓ No findings" : count}</span></h2>
      <ul>
        {findings.map((one, at) => (
          <li key={at}>
            <button type="button" onClick={() => onShow(one)}>
              <Badge state={one.severity === "error" ? "fault" : "warning"} /> <span class="quiet">line {one.line}</span> <code>{one.code}</code>
              <p><Text value={one.message} /></p>
              {one.mend !== "" && <p class="quiet"><Text value={one.mend} /></p>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
