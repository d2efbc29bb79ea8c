import { Link } from "../app/shell.tsx";
import { Badge, Empty } from "../ui/parts.tsx";

type Ruling = { effect: string; rule: string | null; reason: string };
type Sample = {
  project: string;
  session_id: string;
  uid: string;
  model_id: string;
  call: number;
  trace_id?: string;
  tool: string;
  class: string;
  was: Ruling;
  now: Ruling;
  first: boolean;
  count: number;
};
type Counted = { calls: number; changed: number; rule?: string; tool?: string };
type Mode = {
  changed_sessions: number;
  classes: Record<string, number>;
  by_rule: Counted[];
  by_tool: Counted[];
  samples: Sample[];
  truth: Record<string, number> | null;
};

export type Report = {
  sessions: number;
  calls: number;
  identity: { applies: boolean; checked: number; equal: number; mismatches: { place: string; why: string }[] };
  modes: Record<string, Mode>;
};

/** A report: identity first, then what changes, with the calls themselves. */
export function ReportView({ report }: { report: Report }) {
  const { identity } = report;
  const share = identity.checked === 0 ? 100 : (100 * identity.equal) / identity.checked;
  return (
    <>
      <p>
        {report.sessions} sessions, {report.calls} calls.{" "}
        {identity.applies ? (
          <strong class={identity.equal === identity.checked ? "good" : "bad"}>
            Identity {share.toFixed(2)} %: {identity.equal} of {identity.checked} recorded decisions come out the same.
          </strong>
        ) : (
          <span class="quiet">Identity is not applicable: these traces name no policy.</span>
        )}
      </p>
      {Object.entries(report.modes).map(([name, mode]) => (
        <section key={name} aria-label={name}>
          <h2>{name === "recorded" ? "Over what truly happened" : "Over what the candidate would have let happen"}</h2>
          <p>{mode.changed_sessions} sessions would go otherwise.</p>
          <div class="scroll" tabIndex={0} role="region" aria-label={`Changes, ${name}`}>
            <table>
              <thead>
                <tr>
                  <th>Change</th>
                  <th>Calls</th>
                </tr>
              </thead>
              <tbody>
                {Object.entries(mode.classes)
                  .filter(([, calls]) => calls > 0)
                  .map(([change, calls]) => (
                    <tr key={change}>
                      <td>{change.replace(/_/g, " ")}</td>
                      <td class="number">{calls}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
          <Samples samples={mode.samples} name={name} />
        </section>
      ))}
    </>
  );
}

function Samples({ samples, name }: { samples: Sample[]; name: string }) {
  if (samples.length === 0) {
    return <Empty>No call changes.</Empty>;
  }
  return (
    <>
      <h2>Changed calls</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={`Changed calls, ${name}`}>
        <table>
          <thead>
            <tr>
              <th>Tool</th>
              <th>Change</th>
              <th>Was</th>
              <th>Would be</th>
              <th>Why</th>
              <th>Session</th>
              <th>Times</th>
            </tr>
          </thead>
          <tbody>
            {samples.map((one, at) => (
              <tr key={at} data-row tabIndex={0}>
                <td class="wrap mono">{one.tool}</td>
                <td>{one.class.replace(/_/g, " ")}</td>
                <td>
                  <Badge state={one.was.effect === "allow" ? "allowed" : one.was.effect === "deny" ? "denied" : "approval_required"} />
                </td>
                <td>
                  <Badge state={one.now.effect === "allow" ? "allowed" : one.now.effect === "deny" ? "denied" : "approval_required"} />
                </td>
                <td class="wrap">{one.now.reason}</td>
                <td class="mono">
                  {one.trace_id === undefined ? (
                    one.session_id
                  ) : (
                    <Link
                      to={`trace/${encodeURIComponent(one.project)}/${encodeURIComponent(one.uid)}?call=${encodeURIComponent(one.trace_id)}`}
                    >
                      {one.session_id}
                    </Link>
                  )}
                </td>
                <td class="number">{one.count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
