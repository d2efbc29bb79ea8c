import { useState } from "preact/hooks";
import { get, url, type Json } from "../app/api.ts";
import { go, withQuery } from "../app/router.ts";
import { Link, type PageProps } from "../app/shell.tsx";
import type { Row, Trace } from "../app/types.ts";
import { useLoad, words } from "../app/use.ts";
import { Badge, Bar, Copy, Data, Problem, Time } from "../ui/parts.tsx";
import { spans } from "./timeline.ts";

/** One session, call by call. */
export default function TracePage({ place, who }: PageProps) {
  const [, project = "", uid = ""] = place.path.split("/").map(decodeURIComponent);
  const trace = useLoad<Trace>(url(`/api/session/${encodeURIComponent(uid)}`, { project }));
  const calls = trace.data?.tool_calls ?? [];
  const wanted = place.query.get("call");
  const chosen = calls.find((call) => call.trace_id === wanted) ?? calls[0];
  const times = spans(calls.map((call) => ({ start: Number(call.timestamp), ms: call.latency_ms ?? 0 })));
  return (
    <>
      <h1>Session {trace.data?.session_id ?? uid}</h1>
      <Problem text={trace.error} />
      {trace.data && (
        <>
          <dl>
            <dt>Project</dt>
            <dd>{trace.data.project}</dd>
            <dt>Model, key</dt>
            <dd>
              {trace.data.model_id}, {trace.data.key}
            </dd>
            <dt>Began</dt>
            <dd>
              <Time at={trace.data.start_time} />
            </dd>
            <dt>Highest risk</dt>
            <dd>{trace.data.risk_score.toFixed(2)}</dd>
            <dt>Prompts</dt>
            <dd>
              {trace.data.prompts.length === 0 ? <span class="quiet">none reported</span> : trace.data.prompts.map((text, at) => <p key={at}>{text}</p>)}
            </dd>
          </dl>
          <div class="row">
            <Copy text={location.href} label="Copy link" />
            <Link to={`replay?project=${encodeURIComponent(project)}&session=${encodeURIComponent(uid)}`}>Replay this session</Link>
          </div>
          <div class="scroll" tabIndex={0} role="region" aria-label="Calls of the session">
            <table>
              <thead>
                <tr>
                  <th>Time</th>
                  <th>Tool</th>
                  <th>Status</th>
                  <th>Rule</th>
                  <th>When, in the session</th>
                  <th>ms</th>
                </tr>
              </thead>
              <tbody>
                {calls.map((call, at) => (
                  <tr
                    key={call.trace_id}
                    data-row
                    tabIndex={0}
                    aria-current={call === chosen ? "true" : undefined}
                    onFocus={() => go(withQuery(place, { call: call.trace_id }), true)}
                  >
                    <td>
                      <Time at={call.timestamp} />
                    </td>
                    <td class="wrap">
                      <button class="value" onClick={() => go(withQuery(place, { call: call.trace_id }), true)}>
                        {call.tool}
                      </button>
                    </td>
                    <td>
                      <Badge state={call.status} />
                    </td>
                    <td class="mono">{call.rule ?? "–"}</td>
                    <td>
                      <Bar from={times[at]?.from ?? 0} to={times[at]?.to ?? 0} state={call.status} />
                    </td>
                    <td class="number">{call.latency_ms ?? "–"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {chosen && <CallDetail key={chosen.trace_id} call={chosen} admin={who.role === "admin"} />}
        </>
      )}
    </>
  );
}

function CallDetail({ call, admin }: { call: Row; admin: boolean }) {
  const [told, setTold] = useState<Json | undefined>(undefined);
  const [error, setError] = useState("");
  const explain = () => {
    get<Json>(url(`/api/explain/${encodeURIComponent(call.trace_id)}`, { project: call.project }))
      .then(setTold)
      .catch((problem: unknown) => setError(words(problem)));
  };
  return (
    <section class="card" aria-label="The chosen call">
      <h2>
        {call.tool} <Badge state={call.status} />
      </h2>
      <dl>
        <dt>Why</dt>
        <dd>{call.reason}</dd>
        <dt>Code</dt>
        <dd class="mono">{call.reason_code}</dd>
        <dt>Rule</dt>
        <dd>
          {call.rule === null ? "–" : <Link to={`policies?project=${encodeURIComponent(call.project)}&find=${encodeURIComponent(call.rule)}`}>{call.rule}</Link>}
        </dd>
        <dt>Policy</dt>
        <dd class="mono">{call.policy.slice(0, 16)}…</dd>
        <dt>Risk</dt>
        <dd>{call.risk_score.toFixed(2)}</dd>
        <dt>Trace id</dt>
        <dd class="mono">{call.trace_id}</dd>
      </dl>
      {call.plugins && call.plugins.length > 0 && (
        <>
          <h2>Plugins</h2>
          <table>
            <thead>
              <tr>
                <th>Plugin</th>
                <th>Verdict</th>
                <th>Reason</th>
                <th>ms</th>
                <th>Printed</th>
              </tr>
            </thead>
            <tbody>
              {call.plugins.map((one, at) => (
                <tr key={at}>
                  <td>{one.plugin}</td>
                  <td>
                    <Badge state={one.verdict} />
                  </td>
                  <td class="wrap">{one.reason}</td>
                  <td class="number">{(one.micros / 1000).toFixed(1)}</td>
                  <td class="wrap mono">{one.output}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <h2>Arguments</h2>
      <Data value={call.input} label="Arguments" />
      <h2>Result</h2>
      <Data value={call.output} label="Result" />
      {admin && (
        <>
          <h2>The decision in full</h2>
          {told === undefined ? <button onClick={explain}>Explain</button> : <Data value={told} label="Explanation" />}
          <Problem text={error} />
        </>
      )}
    </section>
  );
}
