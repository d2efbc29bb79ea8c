import { useEffect, useState } from "preact/hooks";
import { ApiError, ask, get, post, url } from "../app/api.ts";
import { go, withQuery } from "../app/router.ts";
import { Link, type PageProps } from "../app/shell.tsx";
import type { Finding, PolicyFile } from "../app/types.ts";
import { useLoad, words } from "../app/use.ts";
import { Badge, Empty, Problem, Time } from "../ui/parts.tsx";
import { peekDraft } from "./draft.ts";
import { ReportView, type Report } from "./report.tsx";

type Job = {
  id: string;
  state: string;
  by: string;
  created: number;
  projects: string[];
  progress: { sessions: number; of: number | null; share: number | null };
  error?: string;
  report?: Report;
};

/** What another policy would have said of what happened. */
export default function Replay({ place, project, who }: PageProps) {
  const jobs = useLoad<{ items: Job[] }>("/api/replay", 3_000);
  const chosen = place.query.get("job");
  return (
    <>
      <h1>Replay</h1>
      {who.role === "viewer" ? (
        <p class="quiet">Starting one needs the role editor.</p>
      ) : (
        <Start
          project={project}
          session={place.query.get("session") ?? ""}
          kind={place.query.get("draft") ?? ""}
          started={(id) => go(withQuery(place, { job: id }))}
        />
      )}
      {chosen !== null && <One key={chosen} id={chosen} />}
      <h2>Lately</h2>
      <Problem text={jobs.error} />
      {jobs.data && jobs.data.items.length === 0 ? (
        <Empty>None in the last hour.</Empty>
      ) : (
        <ul>
          {(jobs.data?.items ?? []).map((job) => (
            <li key={job.id} data-row tabIndex={0}>
              <Link to={withQuery(place, { job: job.id })}>
                <Time at={job.created} />
              </Link>{" "}
              <Badge state={job.state} /> by {job.by}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Start({
  project,
  session,
  kind,
  started,
}: {
  project: string;
  session: string;
  kind: string;
  started: (id: string) => void;
}) {
  const owner = project === "" ? "default" : project;
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [since, setSince] = useState("");
  const [one, setOne] = useState(session);
  const [mode, setMode] = useState("both");
  const [traces, setTraces] = useState<{ name: string; text: string } | null>(null);
  const [error, setError] = useState("");
  const [findings, setFindings] = useState<Finding[]>([]);
  useEffect(() => {
    void Promise.all(
      ["policies", "contextual_policies"].map(async (each) => {
        const draft = peekDraft(owner, each);
        const text = draft ?? (await get<PolicyFile>(url("/api/policy", { project: owner, kind: each }))).yaml;
        return [each, text] as const;
      }),
    )
      .then((all) => setTexts(Object.fromEntries(all.filter(([, text]) => text !== ""))))
      .catch((problem: unknown) => setError(words(problem)));
  }, [owner, kind]);
  const submit = (event: Event) => {
    event.preventDefault();
    setError("");
    setFindings([]);
    const body = {
      project: owner,
      candidate: texts,
      mode,
      ...(since === "" ? {} : { since: new Date(since).toISOString() }),
      ...(one === "" ? {} : { sessions: [one] }),
      ...(traces === null ? {} : { traces: traces.text }),
    };
    post<Job>("/api/replay", body)
      .then((job) => started(job.id))
      .catch((problem: unknown) => {
        setError(words(problem));
        if (problem instanceof ApiError) {
          setFindings((problem.body["findings"] ?? []) as unknown as Finding[]);
        }
      });
  };
  const file = (event: Event) => {
    const chosen = (event.currentTarget as HTMLInputElement).files?.[0];
    if (chosen) {
      void chosen.text().then((text) => setTraces({ name: chosen.name, text }));
    } else {
      setTraces(null);
    }
  };
  return (
    <form class="card" onSubmit={submit}>
      <h2>Another policy over what happened in {owner}</h2>
      <div class="row">
        <label class="inline">
          Since{" "}
          <input type="datetime-local" data-filter value={since} onInput={(event) => setSince(event.currentTarget.value)} />
        </label>
        <label class="inline">
          Only the session <input placeholder="its uid" value={one} onInput={(event) => setOne(event.currentTarget.value)} />
        </label>
        <label class="inline">
          Or a trace file <input type="file" accept=".jsonl,.json" onChange={file} />
        </label>
        <label class="inline">
          Question{" "}
          <select value={mode} onChange={(event) => setMode(event.currentTarget.value)}>
            <option value="both">both</option>
            <option value="recorded">as recorded</option>
            <option value="counterfactual">counterfactual</option>
          </select>
        </label>
      </div>
      {["policies", "contextual_policies"].map((each) => (
        <details key={each} open={each === (kind || "policies")}>
          <summary>
            Candidate: {each.replace("_", " ")} {peekDraft(owner, each) !== null && <strong>(draft from the editor)</strong>}
          </summary>
          <textarea
            class="mono candidate"
            aria-label={`Candidate ${each}`}
            spellcheck={false}
            value={texts[each] ?? ""}
            onInput={(event) => setTexts({ ...texts, [each]: event.currentTarget.value })}
          />
        </details>
      ))}
      <Problem text={error} />
      <ul class="findings">
        {findings.map((finding, at) => (
          <li key={at} class="bad">
            {finding.file} line {finding.line}: {finding.message} {finding.mend}
          </li>
        ))}
      </ul>
      <button class="primary">Replay</button>
    </form>
  );
}

function One({ id }: { id: string }) {
  const [over, setOver] = useState(false);
  const job = useLoad<Job>(`/api/replay/${encodeURIComponent(id)}`, over ? 0 : 500);
  const [error, setError] = useState("");
  const state = job.data?.state ?? "";
  useEffect(() => setOver(state !== "" && state !== "running"), [state]);
  const cancel = () => {
    ask("DELETE", `/api/replay/${encodeURIComponent(id)}`).catch((problem: unknown) => setError(words(problem)));
  };
  const progress = job.data?.progress;
  return (
    <section class="card" aria-label="The replay">
      <h2>
        The replay <Badge state={state || "pending"} />
      </h2>
      <Problem text={job.error || error || job.data?.error || ""} />
      {state === "running" && (
        <div class="row">
          <progress aria-label="How far it is" {...(progress?.share == null ? {} : { value: progress.share, max: 1 })} />
          <span>{progress?.sessions ?? 0} sessions</span>
          <button onClick={cancel}>Cancel</button>
        </div>
      )}
      {job.data?.report && <ReportView report={job.data.report} />}
    </section>
  );
}
