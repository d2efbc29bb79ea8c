import { useEffect, useState } from "preact/hooks";
import { ask, query, signedIn } from "../../app/api.ts";
import { useCell } from "../../app/cell.ts";
import { useLoad } from "../../app/load.ts";
import { href, put, useProject, usePlace } from "../../app/router.ts";
import type { Kind, PolicyFile } from "../../app/types.ts";
import { Problem } from "../../ui/problem.tsx";
import { Edit } from "./edit.tsx";
import { History } from "./history.tsx";
import { findRule, isHere, lineOf } from "./rule.ts";

const KINDS: [Kind, string][] = [
  ["policies", "Policies"],
  ["contextual_policies", "Contextual policies"],
  ["model_keys", "Model keys"],
];

/** A project's files: written, checked, saved as versions, compared and rolled back. */
export default function PoliciesPage() {
  const place = usePlace();
  const project = useProject() || "default";
  const who = useCell(signedIn);
  const kind = KINDS.find(([name]) => name === place.query.get("kind"))?.[0] ?? "policies";
  const history = place.query.get("view") === "history";
  const path = `/api/policy${query({ project, kind })}`;
  const loaded = useLoad(path, (signal) => ask<PolicyFile>(path, { signal }));
  const rule = place.query.get("rule");
  const file = loaded.data?.body;
  const missing = useRuleElsewhere(rule, project, kind, file);
  const tab = (name: string, on: boolean, address: string) => (
    <a key={name} href={address} aria-current={on ? "page" : undefined}>{name}</a>
  );
  return (
    <>
      <nav class="tabs" aria-label="Files of the project">
        {KINDS.map(([name, word]) => tab(word, name === kind, href("/policies", { kind: name, view: history ? "history" : null })))}
        <span class="push" />
        {tab("Editor", !history, href("/policies", { kind }))}
        {tab("History", history, href("/policies", { kind, view: "history" }))}
      </nav>
      {missing && <p class="note" role="status">No rule <code>{rule}</code> stands in the files of {project} or default: it was renamed or taken out. The history has older texts.</p>}
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      {!history && loaded.data && file && (
        <Edit
          key={`${project} ${kind}`}
          file={file}
          etag={loaded.data.etag}
          readOnly={who?.role === "viewer"}
          ruleLine={rule === null ? null : lineOf(file.yaml, rule)}
          onReload={loaded.reload}
        />
      )}
      {history && <History key={`${project} ${kind}`} project={project} kind={kind} headText={file?.yaml ?? ""} etag={loaded.data?.etag ?? null} onChanged={loaded.reload} />}
      {!loaded.data && loaded.busy && <p role="status" class="quiet">Loading…</p>}
    </>
  );
}

/** Looks for a rule in the project's other files and in the default's; goes there. True if it is nowhere. */
function useRuleElsewhere(rule: string | null, project: string, kind: Kind, file: PolicyFile | undefined): boolean {
  const [missing, setMissing] = useState(false);
  const here = rule !== null && file !== undefined && isHere(rule, project, file);
  useEffect(() => {
    setMissing(false);
    if (rule === null || file === undefined || here) return;
    let gone = false;
    void findRule(rule, project).then((found) => {
      if (gone) return;
      if (found === null) setMissing(true);
      else if (found.project !== project || found.kind !== kind) put({ ...found, rule });
    });
    return () => void (gone = true);
  }, [rule, project, kind, file, here]);
  return missing;
}
