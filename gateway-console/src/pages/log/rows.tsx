import type { ComponentChildren } from "preact";
import type { Filter } from "../../app/filter.ts";
import { href } from "../../app/router.ts";
import { millis } from "../../app/time.ts";
import type { Row } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Grid } from "../../ui/grid.tsx";
import { Text } from "../../ui/text.tsx";
import { When } from "../../ui/when.tsx";

type Change = (next: Filter) => void;

/** A value that filters by itself; once more takes the filter away. */
function Value(props: { name: "status" | "tool" | "model" | "session"; value: string; filter: Filter; onFilter: Change; children: ComponentChildren }) {
  const on = props.filter[props.name] === props.value;
  return (
    <button
      type="button"
      class="value"
      aria-pressed={on}
      title={on ? `Show every ${props.name}` : `Only this ${props.name}`}
      onClick={() => props.onFilter({ ...props.filter, [props.name]: on ? undefined : props.value })}
    >
      {props.children}
    </button>
  );
}

/** The calls as a table. */
export function Rows({ rows, filter, onFilter }: { rows: Row[]; filter: Filter; onFilter: Change }) {
  const value = (name: "tool" | "model" | "session", text: string, shown: string) => (
    <Value name={name} value={text} filter={filter} onFilter={onFilter}><Text value={shown} most={60} /></Value>
  );
  return (
    <Grid
      label="Calls"
      rows={rows}
      rowKey={(row) => row.trace_id}
      columns={[
        {
          head: "Time",
          kind: "tight",
          cell: (row) => (
            <a class="open" href={href(`/session/${encodeURIComponent(row.session_uid)}`, { project: row.project, call: row.trace_id })}>
              <When at={row.timestamp} />
            </a>
          ),
        },
        { head: "Decision", kind: "tight", cell: (row) => <Value name="status" value={row.status} filter={filter} onFilter={onFilter}><Badge state={row.status} /></Value> },
        { head: "Tool", kind: "tight", cell: (row) => <span class="mono">{value("tool", row.tool, row.tool)}</span> },
        { head: "Rule and reason", kind: "grow", cell: (row) => <Why row={row} /> },
        { head: "Project", kind: "tight", cell: (row) => row.project },
        { head: "Model", kind: "tight", cell: (row) => value("model", row.model_id, row.model_id) },
        { head: "Session", kind: "tight", cell: (row) => value("session", row.session_uid, row.session_id) },
        { head: "Risk", kind: "num", cell: (row) => row.risk_score.toFixed(2) },
        { head: "Took", kind: "num", cell: (row) => (row.latency_ms === null ? "–" : millis(row.latency_ms)) },
      ]}
    />
  );
}

function Why({ row }: { row: Row }) {
  return (
    <span class="why">
      {row.rule !== null && <a class="rule" href={href("/policies", { project: row.project, rule: row.rule })}>{row.rule}</a>}{" "}
      <Text value={row.reason} most={160} />
    </span>
  );
}
