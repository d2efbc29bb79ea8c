import { useState } from "preact/hooks";
import { href } from "../../app/router.ts";
import type { ModeReport, Report, Ruling, Sample, Tally } from "../../app/types.ts";
import { Badge, look } from "../../ui/badge.tsx";
import { Grid } from "../../ui/grid.tsx";
import { Text } from "../../ui/text.tsx";

const CHANGED = (classes: Record<string, number>): [string, number][] =>
  Object.entries(classes).filter(([name, count]) => count > 0 && name !== "unchanged");

/** The report: identity first, then each question. */
export function ReportView({ report }: { report: Report }) {
  const modes = Object.entries(report.modes) as [string, ModeReport][];
  const [chosen, setChosen] = useState(modes[0]?.[0] ?? "");
  const mode = modes.find(([name]) => name === chosen)?.[1];
  return (
    <>
      <IdentityLine report={report} />
      {report.unreplayable.lines > 0 && (
        <details class="note warn-note">
          <summary>{report.unreplayable.lines} lines are no sessions and were left out</summary>
          <ul>{report.unreplayable.problems.map((one) => <li key={one.line}>line {one.line}: <Text value={one.why} /></li>)}</ul>
        </details>
      )}
      <div class="tabs" role="group" aria-label="Question">
        {modes.map(([name]) => <button key={name} type="button" aria-pressed={name === chosen} onClick={() => setChosen(name)}>{name}</button>)}
      </div>
      {mode && <Mode key={chosen} mode={mode} of={report} />}
    </>
  );
}

function IdentityLine({ report }: { report: Report }) {
  const { identity } = report;
  const whole = identity.checked > 0 && identity.checked === identity.equal;
  const share = identity.checked === 0 ? "" : `${((100 * identity.equal) / identity.checked).toFixed(2)} %`;
  return (
    <div class={whole || !identity.applies ? "note" : "note warn-note"}>
      <p>
        <strong>{report.sessions.toLocaleString("en")} sessions, {report.calls.toLocaleString("en")} calls. </strong>
        {identity.applies
          ? <>Identity {share}: {identity.equal.toLocaleString("en")} of {identity.checked.toLocaleString("en")} recorded decisions come out again {whole ? "✓" : "✕"}</>
          : "Identity does not apply: the traces name no policy."}
      </p>
      {identity.mismatches.length > 0 && (
        <ul>{identity.mismatches.map((one, at) => <li key={at}><code>{one.place}</code> <Text value={one.why} /></li>)}</ul>
      )}
    </div>
  );
}

function Mode({ mode, of }: { mode: ModeReport; of: Report }) {
  const [only, setOnly] = useState("");
  const changes = CHANGED(mode.classes);
  const samples = mode.samples.filter((one) => only === "" || one.class === only);
  return (
    <>
      <div class="tiles">
        <div class="tile"><strong>{mode.changed_sessions}</strong> of {of.sessions} sessions change</div>
        <div class="tile"><strong>{mode.classes.unchanged ?? 0}</strong> calls unchanged</div>
        {changes.map(([name, count]) => (
          <button key={name} type="button" class="tile" aria-pressed={only === name} onClick={() => setOnly(only === name ? "" : name)}>
            <strong>{count}</strong> <Badge state={name} />
          </button>
        ))}
      </div>
      {changes.length === 0 && <p class="note">The candidate agrees with every recorded call.</p>}
      {samples.length > 0 && <Samples samples={samples} />}
      <Truth truth={mode.truth} />
      <Tallies name="rule" tallies={mode.by_rule} />
      <Tallies name="tool" tallies={mode.by_tool} />
      <Tallies name="model" tallies={mode.by_model} />
    </>
  );
}

function Samples({ samples }: { samples: Sample[] }) {
  return (
    <section>
      <h2>Changed calls</h2>
      <Grid
        label="Changed calls"
        rows={samples}
        rowKey={(one) => `${one.project} ${one.uid ?? one.session_id} ${one.call} ${one.class}`}
        columns={[
          { head: "Change", kind: "tight", cell: (one) => <Badge state={one.class} /> },
          { head: "Call", kind: "tight", cell: (one) => <Place sample={one} /> },
          { head: "Tool", kind: "tight", cell: (one) => <span class="mono"><Text value={one.tool} most={60} /></span> },
          { head: "Was", kind: "wrap", cell: (one) => <Said ruling={one.was} /> },
          { head: "Would be", kind: "wrap", cell: (one) => <Said ruling={one.now} /> },
          { head: "Times", kind: "num", cell: (one) => one.count },
        ]}
      />
      <p class="quiet">Up to 20 calls of each change; “first” is where a session first leaves its record.</p>
    </section>
  );
}

function Place({ sample }: { sample: Sample }) {
  const name = <><Text value={sample.session_id} most={40} /> · call {sample.call + 1}</>;
  return (
    <>
      {sample.trace_id !== undefined && sample.uid !== null && sample.uid !== ""
        ? <a class="open" href={href(`/session/${encodeURIComponent(sample.uid)}`, { project: sample.project, call: sample.trace_id })}>{name}</a>
        : name}
      {sample.first && <> <span class="tag">first</span></>}
    </>
  );
}

function Said({ ruling }: { ruling: Ruling }) {
  return (
    <>
      <Badge state={ruling.effect} /> {ruling.rule !== null && <code>{ruling.rule}</code>} {ruling.reason !== null && <span class="quiet"><Text value={ruling.reason} most={160} /></span>}
    </>
  );
}

function Tallies({ name, tallies }: { name: "rule" | "tool" | "model"; tallies: Tally[] }) {
  const changed = tallies.filter((one) => one.changed > 0);
  if (changed.length === 0) return null;
  return (
    <section>
      <h2>By {name}</h2>
      <Grid
        label={`By ${name}`}
        keys={false}
        rows={changed.slice(0, 50)}
        rowKey={(one) => String(one[name])}
        columns={[
          { head: name === "rule" ? "Rule" : name === "tool" ? "Tool" : "Model", kind: "tight", cell: (one) => <span class="mono"><Text value={String(one[name])} most={80} /></span> },
          { head: "Calls", kind: "num", cell: (one) => one.calls },
          { head: "Changed", kind: "num", cell: (one) => one.changed },
          { head: "Changes", kind: "grow", cell: (one) => CHANGED(one.classes).map(([change, count]) => `${look(change).word} ${count}`).join(", ") },
        ]}
      />
    </section>
  );
}

function Truth({ truth }: { truth: Record<string, number> }) {
  if ((truth.sessions ?? 0) === 0) return null;
  const of = (part: string, all: string) => `${truth[part] ?? 0} of ${truth[all] ?? 0}`;
  return (
    <dl class="facts">
      <div><dt>Attacks stopped</dt><dd>{of("attacks_stopped", "attacks_total")}, {truth.attacks_asked ?? 0} of them only asked</dd></div>
      <div><dt>Good work broken</dt><dd>{of("good_work_broken", "good_work_total")}, {truth.good_work_asked ?? 0} of them only asked</dd></div>
      <div><dt>Resisted, yet broken</dt><dd>{of("resisted_broken", "resisted_total")}</dd></div>
    </dl>
  );
}
