import { get, query, Refused } from "../../app/api.ts";
import { useKeys } from "../../app/keys.ts";
import { useLoad } from "../../app/load.ts";
import { go, href, put, useProject, usePlace } from "../../app/router.ts";
import { stamp } from "../../app/time.ts";
import type { Trace, TracedCall } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";
import { CallPane } from "./call.tsx";
import { Lanes } from "./lanes.tsx";

/** One session: its calls on a time axis, and one of them in full. */
export default function TracePage({ id }: { id: string }) {
  const place = usePlace();
  const project = useProject() || "default";
  const path = `/api/session/${encodeURIComponent(id)}${query({ project })}`;
  const loaded = useLoad(id === "" ? null : path, (s) => get<Trace>(path, s), 5000);
  const trace = loaded.data;
  const calls = trace?.tool_calls ?? [];
  const wanted = place.query.get("call");
  const at = Math.max(0, calls.findIndex((call) => call.trace_id === wanted));
  const call: TracedCall | undefined = calls[at];
  const show = (index: number): void => {
    const next = calls[Math.max(0, Math.min(calls.length - 1, index))];
    if (next) put({ call: next.trace_id });
  };
  useKeys([
    { keys: "j", what: "Next call", group: "This page", run: () => show(at + 1) },
    { keys: "k", what: "Call before", group: "This page", run: () => show(at - 1) },
    { keys: "Escape", what: "Back", group: "This page", run: () => (history.length > 1 ? history.back() : go(href("/sessions"))) },
  ]);
  if (loaded.error && !trace) return <Several error={loaded.error} retry={loaded.reload} />;
  if (!trace) return <p role="status" class="quiet">Loading…</p>;
  return (
    <>
      <Head trace={trace} />
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      <div class="trace">
        <Lanes calls={calls} at={at} onShow={show} />
        {call && <CallPane key={call.trace_id} call={call} at={at} of={calls.length} onShow={show} />}
      </div>
    </>
  );
}

function Head({ trace }: { trace: Trace }) {
  const file = `/api/session/${encodeURIComponent(trace.uid)}${query({ project: trace.project })}`;
  const refusals = trace.tool_calls.filter((call) => call.status === "denied").length;
  return (
    <section class="head" aria-label="Session">
      <h2 class="mono"><Text value={trace.session_id} most={120} /></h2>
      <dl class="facts">
        <div><dt>Project</dt><dd>{trace.project}</dd></div>
        <div><dt>Model</dt><dd><Text value={trace.model_id} /></dd></div>
        <div><dt>Key</dt><dd class="mono">{trace.key}</dd></div>
        <div><dt>Began</dt><dd>{stamp(trace.start_time)}</dd></div>
        <div><dt>Calls</dt><dd>{trace.tool_calls.length}{refusals > 0 && <span class="bad-text">, {refusals} denied</span>}</dd></div>
        <div><dt>Risk</dt><dd>{trace.risk_score.toFixed(2)}</dd></div>
      </dl>
      <div class="actions">
        <Copy text={location.href} label="Copy link" />
        <a class="button" href={file} download={`session-${trace.uid}.jsonl`}>Save as trace file</a>
        <a class="button" href={href("/replay", { project: trace.project, sessions: trace.uid })}>Replay this session</a>
      </div>
      {trace.prompts.length > 0 && (
        <details class="prompts">
          <summary>{trace.prompts.length === 1 ? "Prompt" : `${trace.prompts.length} prompts`}: <Text value={(trace.prompts[0] ?? "").slice(0, 140)} /></summary>
          <ol>{trace.prompts.map((prompt, n) => <li key={n}><Text value={prompt} /></li>)}</ol>
        </details>
      )}
    </section>
  );
}

/** No such session, or several with this id: then each is offered. */
function Several({ error, retry }: { error: Refused; retry: () => void }) {
  const candidates = Array.isArray(error.body.candidates) ? (error.body.candidates as string[]) : [];
  return (
    <>
      <Problem error={error} retry={retry} />
      {candidates.length > 0 && (
        <ul>{candidates.map((uid) => <li key={uid}><a class="mono" href={href(`/session/${encodeURIComponent(uid)}`)}>{uid}</a></li>)}</ul>
      )}
      <p class="quiet">A session belongs to a project: choose it above if another one is meant. <Badge state="pending" /> sessions appear with their first call.</p>
    </>
  );
}
