import { lazy, Suspense } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import { ApiError, ask, post, url } from "../app/api.ts";
import { go, withQuery } from "../app/router.ts";
import type { PageProps } from "../app/shell.tsx";
import type { Finding, PolicyFile } from "../app/types.ts";
import { words } from "../app/use.ts";
import { Problem } from "../ui/parts.tsx";
import { handDraft, takeDraft } from "./draft.ts";
import { History } from "./history.tsx";
import { Save } from "./save.tsx";

const Editor = lazy(() => import("../ui/editor.tsx"));

const KINDS = [
  ["policies", "Policy"],
  ["contextual_policies", "Contextual policy"],
  ["model_keys", "Keys"],
] as const;

/** A policy file: the editor with what the gateway says of the draft, saving, and its versions. */
export default function Policies({ place, project, who }: PageProps) {
  const owner = project === "" ? "default" : project;
  const kind = place.query.get("kind") ?? "policies";
  const path = url("/api/policy", { project: owner, kind });
  const [file, setFile] = useState<PolicyFile | null>(null);
  const [etag, setEtag] = useState<string | null>(null);
  const [draft, setDraft] = useState("");
  const [findings, setFindings] = useState<Finding[]>([]);
  const [error, setError] = useState("");
  const [saving, setSaving] = useState(false);
  const [said, setSaid] = useState("");

  const load = () => {
    ask<PolicyFile>("GET", path)
      .then((answer) => {
        setFile(answer.body);
        setEtag(answer.etag);
        setDraft(takeDraft(owner, kind) ?? answer.body.yaml);
        setError("");
      })
      .catch((problem: unknown) => {
        setFile(null);
        setError(words(problem));
      });
  };
  useEffect(() => {
    setSaid("");
    load();
  }, [path]);

  const check = async (text: string) => {
    const answer = await post<{ findings: Finding[] }>(url("/api/policy/validate", { project: owner, kind }), { yaml: text });
    setFindings(answer.findings);
    return answer.findings;
  };
  const save = async (message: string) => {
    const headers: Record<string, string> = file?.inherited || etag === null ? { "if-none-match": "*" } : { "if-match": etag };
    try {
      await ask("PUT", path, { yaml: draft, message }, headers);
      setSaving(false);
      setSaid("Saved, and in force.");
      load();
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 422) {
        setFindings((problem.body["findings"] ?? []) as unknown as Finding[]);
      }
      throw problem;
    }
  };
  const errors = findings.filter((finding) => finding.severity === "error").length;
  const changed = file !== null && draft !== file.yaml;
  const may = who.role === "admin" || (who.role === "editor" && kind !== "model_keys");
  return (
    <>
      <h1>Policies of {owner}</h1>
      <div class="row" role="group" aria-label="File">
        {KINDS.map(([one, title]) => (
          <button key={one} aria-pressed={one === kind} onClick={() => go(withQuery(place, { kind: one, find: "" }))}>
            {title}
          </button>
        ))}
      </div>
      <Problem text={error} />
      {file && (
        <div class="columns">
          <div>
            {file.inherited && <p class="quiet">This project has no file of its own: shown is that of default. Saving makes its own.</p>}
            {!file.accepted && <p class="error">The file on the disk has errors; the last good version stays in force.</p>}
            <Suspense fallback={<p class="quiet">Loading the editor…</p>}>
              <Editor text={draft} label={`${kind}/${owner}.yaml`} check={check} changed={setDraft} />
            </Suspense>
            <Findings findings={findings} />
            <div class="row">
              <button class="primary" disabled={!may || !changed || errors > 0} onClick={() => setSaving(true)}>
                Review and save…
              </button>
              <button disabled={!changed} onClick={() => setDraft(file.yaml)}>
                Discard changes
              </button>
              {kind !== "model_keys" && changed && (
                <button
                  onClick={() => {
                    handDraft(owner, kind, draft);
                    go(`replay?project=${encodeURIComponent(owner)}&draft=${kind}`);
                  }}
                >
                  Replay with this draft
                </button>
              )}
              {!may && <span class="quiet">Saving needs the role {kind === "model_keys" ? "admin" : "editor"}.</span>}
              <span role="status">{said}</span>
            </div>
          </div>
          <History project={owner} kind={kind} may={may} ts={file.ts} done={load} />
        </div>
      )}
      {saving && file && <Save original={file.inherited ? "" : file.yaml} draft={draft} save={save} close={() => setSaving(false)} />}
    </>
  );
}

function Findings({ findings }: { findings: Finding[] }) {
  return (
    <ul class="findings" aria-label="What the gateway says of this text" aria-live="polite">
      {findings.map((one, at) => (
        <li key={at} class={one.severity === "error" ? "bad" : "warn"}>
          {one.severity} at line {one.line}: {one.message} {one.mend}
        </li>
      ))}
    </ul>
  );
}
