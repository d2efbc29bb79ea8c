import { useState } from "preact/hooks";
import { get, query, signedIn } from "../../app/api.ts";
import { useCell } from "../../app/cell.ts";
import { useKeys } from "../../app/keys.ts";
import { useLoad } from "../../app/load.ts";
import { href } from "../../app/router.ts";
import type { ExplainedRule, Explanation, TracedCall } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";

/** Why the call was decided so: computed again by the gateway when somebody asks. */
export function Why({ call }: { call: TracedCall }) {
  const [asked, setAsked] = useState(false);
  const who = useCell(signedIn);
  const path = `/api/explain/${encodeURIComponent(call.trace_id)}${query({ project: call.project })}`;
  const told = useLoad(asked ? path : null, (s) => get<Explanation>(path, s));
  useKeys([{ keys: "x", what: "Explain the decision", group: "This page", run: () => setAsked(true) }]);
  return (
    <section>
      <h4>Why</h4>
      {!asked && (
        <p>
          <button type="button" class="main" onClick={() => setAsked(true)} disabled={who?.role !== "admin"}>Explain the decision</button>
          {who?.role !== "admin" && <span class="quiet"> Values and thresholds are for the role admin.</span>}
        </p>
      )}
      {asked && told.busy && <p role="status" class="quiet">The gateway judges the call again…</p>}
      {told.error && <Problem error={told.error} retry={told.reload} />}
      {told.data && <Told told={told.data} project={call.project} />}
    </section>
  );
}

function Told({ told, project }: { told: Explanation; project: string }) {
  return (
    <>
      <p>
        <Badge state={told.effect} /> <Text value={told.reason} />{" "}
        {told.identical_to_record ? <span class="good-text">✓ Judged again, it is the recorded decision.</span> : <span class="bad-text">✕ Judged again, it differs from the record.</span>}
      </p>
      {told.risk_terms.length > 0 && <p class="quiet">Risk: {told.risk_terms.join(", ")}</p>}
      {told.nearest && <p>Nearest to another answer: <span class="mono">{told.nearest.rule}</span></p>}
      <ol class="rules">{told.rules.map((rule, at) => <Rule key={at} rule={rule} project={project} />)}</ol>
    </>
  );
}

function Rule({ rule, project }: { rule: ExplainedRule; project: string }) {
  return (
    <li>
      <p>
        <Badge state={rule.effect} /> <a class="mono" href={href("/policies", { project, rule: rule.rule })}>{rule.rule}</a>{" "}
        <Badge state={rule.outcome} /> {rule.shadow && <span class="tag">shadow</span>} <span class="quiet mono">{rule.place}</span>
      </p>
      {rule.parts.length > 0 && (
        <table class="parts">
          <thead class="unseen"><tr><th scope="col">outcome</th><th scope="col">condition</th><th scope="col">what it read</th></tr></thead>
          <tbody>
            {rule.parts.map((part, at) => (
              <tr key={at}>
                <td>{part.outcome}</td>
                <td class="mono"><Text value={part.part} /></td>
                <td class="mono">{part.read !== null && <Text value={String(part.read)} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </li>
  );
}
