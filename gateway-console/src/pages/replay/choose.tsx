import { useEffect, useState } from "preact/hooks";
import { ask, get, query, Refused } from "../../app/api.ts";
import { draftOf } from "../../app/drafts.ts";
import { refused, useLoad } from "../../app/load.ts";
import { href, useProject, usePlace } from "../../app/router.ts";
import { moment } from "../../app/time.ts";
import type { PolicyFile, Replay } from "../../app/types.ts";
import { Editor } from "../../ui/editor/lazy.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";

const KINDS = ["policies", "contextual_policies"] as const;
type CandidateKind = (typeof KINDS)[number];
const NAMES: Record<CandidateKind, string> = { policies: "policies", contextual_policies: "contextual policies" };

/** Which sessions, which candidate, which question. */
export function Choose({ onStarted }: { onStarted: (id: string) => void }) {
  const place = usePlace();
  const project = useProject() || "default";
  const [source, setSource] = useState<"journal" | "file">("journal");
  const [since, setSince] = useState("24h");
  const [sessions, setSessions] = useState(place.query.get("sessions") ?? "");
  const [file, setFile] = useState<File | null>(null);
  const [mode, setMode] = useState("both");
  const [texts, setTexts] = useState<Partial<Record<CandidateKind, string>>>({});
  const [error, setError] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const start = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const body: Record<string, unknown> = { project, candidate: texts, mode };
      if (source === "file") body.traces = await tracesOf(file);
      else {
        const uids = sessions.split(/[\s,]+/).filter((one) => one !== "");
        if (uids.length > 0) body.sessions = uids;
        else if (since !== "") body.since = moment(since, Date.now() / 1000);
      }
      onStarted((await ask<Replay>("/api/replay", { method: "POST", body })).body.id);
    } catch (thrown) {
      setError(refused(thrown));
      setBusy(false);
    }
  };
  return (
    <form class="choose" onSubmit={(event) => void start(event)}>
      <fieldset>
        <legend>Sessions</legend>
        <label class="check"><input type="radio" name="source" checked={source === "journal"} onChange={() => setSource("journal")} /> Recorded in {project}</label>
        {source === "journal" && (
          <div class="stack indent">
            <label for="replay-since">Calls since</label>
            <select id="replay-since" value={since} disabled={sessions.trim() !== ""} onChange={(event) => setSince(event.currentTarget.value)}>
              <option value="1h">the last hour</option>
              <option value="24h">the last day</option>
              <option value="7d">the last 7 days</option>
              <option value="">the beginning</option>
            </select>
            <label for="replay-sessions">Or only these sessions (uid)</label>
            <textarea id="replay-sessions" rows={2} class="mono" spellcheck={false} value={sessions} onInput={(event) => setSessions(event.currentTarget.value)} />
          </div>
        )}
        <label class="check"><input type="radio" name="source" checked={source === "file"} onChange={() => setSource("file")} /> A trace file</label>
        {source === "file" && (
          <div class="stack indent">
            <label for="replay-file">JSON Lines, plain or gzip</label>
            <input id="replay-file" type="file" accept=".jsonl,.gz,.json,application/x-ndjson" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />
          </div>
        )}
      </fieldset>
      <fieldset>
        <legend>Candidate</legend>
        <p class="quiet">These texts stand in for the files of {project}; what is not changed stays as it is in force. Write them in the <a href={href("/policies", { project })}>editor</a>, or here.</p>
        {KINDS.map((kind) => <CandidateText key={`${project} ${kind}`} project={project} kind={kind} draftFirst={place.query.get("candidate") === "draft"} onText={(text) => setTexts((old) => ({ ...old, [kind]: text }))} />)}
      </fieldset>
      <fieldset>
        <legend>Question</legend>
        <select aria-label="Question" value={mode} onChange={(event) => setMode(event.currentTarget.value)}>
          <option value="both">Both of the following</option>
          <option value="recorded">Recorded: with which past calls does the candidate disagree?</option>
          <option value="counterfactual">Counterfactual: what would it have let happen?</option>
        </select>
      </fieldset>
      {error && <Problem error={error} />}
      {error?.findings.map((one, at) => <p key={at}><code>{one.file}:{one.line}</code> <Text value={`${one.message} ${one.mend}`} /></p>)}
      <p class="actions"><button type="submit" class="main" disabled={busy}>Start the replay</button></p>
    </form>
  );
}

function CandidateText(props: { project: string; kind: CandidateKind; draftFirst: boolean; onText: (text: string | undefined) => void }) {
  const { project, kind } = props;
  const draft = draftOf(project, kind);
  const [from, setFrom] = useState(props.draftFirst && draft ? "draft" : "force");
  const [written, setWritten] = useState<string | null>(null);
  const path = `/api/policy${query({ project, kind })}`;
  const head = useLoad(from === "write" ? path : null, (s) => get<PolicyFile>(path, s));
  const text = from === "draft" ? draft?.yaml : from === "write" ? (written ?? head.data?.yaml) : undefined;
  useEffect(() => props.onText(text), [text]);
  return (
    <div class="stack">
      <label class="inline">
        The {NAMES[kind]}
        <select value={from} onChange={(event) => setFrom(event.currentTarget.value)}>
          <option value="force">as in force</option>
          {draft && <option value="draft">the draft of the editor</option>}
          <option value="write">written here</option>
        </select>
      </label>
      {from === "write" && text !== undefined && <div class="small-editor"><Editor label={`Candidate ${NAMES[kind]}`} value={text} onChange={setWritten} /></div>}
    </div>
  );
}

async function tracesOf(file: File | null): Promise<string> {
  if (file === null) throw new Refused(0, "file.missing", "Choose a trace file: JSON Lines, one session a line.");
  const zipped = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (zipped[0] !== 0x1f || zipped[1] !== 0x8b) return file.text();
  try {
    return await new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).text();
  } catch {
    throw new Refused(0, "file.gzip", `${file.name} begins like gzip but does not unpack. Pack it again, or send it plain.`);
  }
}
