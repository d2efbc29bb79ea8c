import { useEffect, useState } from "preact/hooks";
import { get, url } from "../app/api.ts";
import { go, withQuery } from "../app/router.ts";
import { Link, type PageProps } from "../app/shell.tsx";
import type { Row } from "../app/types.ts";
import { words } from "../app/use.ts";
import { Badge, Empty, Problem, Time } from "../ui/parts.tsx";
import { NAMES, ofQuery, parse, print, type Filter } from "./filter.ts";

const MOST = 500;

/** Calls as they happen and as they were: live is a mode of the same table. */
export default function Log({ place, project }: PageProps) {
  const filter = ofQuery(place.query);
  const live = place.query.get("live") !== "off";
  const [rows, setRows] = useState<Row[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [error, setError] = useState("");
  const [loaded, setLoaded] = useState(false);
  const parameters = { project, ...filter };
  const key = JSON.stringify(parameters);

  useEffect(() => {
    let over = false;
    setLoaded(false);
    get<{ items: Row[]; next_cursor: string | null }>(url("/api/logs", { ...parameters, limit: 100 }))
      .then((page) => {
        if (!over) {
          setRows((newer) => merge(newer.filter((row) => fresh(row, page.items)), page.items));
          setNext(page.next_cursor);
          setError("");
          setLoaded(true);
        }
      })
      .catch((problem: unknown) => {
        if (!over) {
          setError(words(problem));
          setRows([]);
        }
      });
    return () => {
      over = true;
      setRows([]);
    };
  }, [key]);

  useEffect(() => {
    if (!live) {
      return undefined;
    }
    const source = new EventSource(url("/api/logs/tail", parameters));
    source.onmessage = (event: MessageEvent<string>) => {
      const row = JSON.parse(event.data) as Row;
      setRows((before) => merge([row], before));
    };
    source.onerror = () => setError("The live view was interrupted; it tries again by itself.");
    source.onopen = () => setError("");
    return () => source.close();
  }, [key, live]);

  const more = () => {
    get<{ items: Row[]; next_cursor: string | null }>(url("/api/logs", { ...parameters, limit: 100, cursor: next }))
      .then((page) => {
        setRows((before) => merge(before, page.items));
        setNext(page.next_cursor);
      })
      .catch((problem: unknown) => setError(words(problem)));
  };
  const set = (changes: Filter) => go(withQuery(place, changes as Record<string, string>));

  return (
    <>
      <h1>Log</h1>
      <FilterBar filter={filter} set={set} />
      <div class="row">
        <button data-live aria-pressed={live} onClick={() => go(withQuery(place, { live: live ? "off" : "" }))}>
          {live ? "Pause live view" : "Resume live view"}
        </button>
        <a href={url("/api/logs/export", { ...parameters, format: "csv" })} download="log.csv">
          Export CSV
        </a>
        <a href={url("/api/logs/export", { ...parameters, format: "jsonl" })} download="log.jsonl">
          Export JSON Lines
        </a>
        <span class="quiet">{rows.length} rows</span>
      </div>
      <Problem text={error} />
      {rows.length === 0 && loaded ? (
        <Empty>No calls fit. Send one to POST /mcp/toolcall, or take a filter away.</Empty>
      ) : (
        <Rows rows={rows} set={set} />
      )}
      {next !== null && <button onClick={more}>Older</button>}
    </>
  );
}

function fresh(row: Row, page: Row[]): boolean {
  return row.seq > (page[0]?.seq ?? 0);
}

/** Newest first; a call that ended takes the place of its pending row. */
function merge(first: Row[], then: Row[]): Row[] {
  const byId = new Map<string, Row>();
  for (const row of [...then, ...first]) {
    const known = byId.get(row.trace_id);
    if (known === undefined || known.status === "pending" || row.status !== "pending") {
      byId.set(row.trace_id, row);
    }
  }
  return [...byId.values()].sort((a, b) => b.seq - a.seq).slice(0, Math.max(MOST, then.length));
}

function FilterBar({ filter, set }: { filter: Filter; set: (changes: Filter) => void }) {
  const [text, setText] = useState(print(filter));
  useEffect(() => setText(print(filter)), [print(filter)]);
  const submit = (event: Event) => {
    event.preventDefault();
    const wanted = parse(text);
    set(Object.fromEntries(NAMES.map((name) => [name, wanted[name] ?? ""])));
  };
  return (
    <form class="row" role="search" onSubmit={submit}>
      <label class="inline grow">
        Filter{" "}
        <input
          class="grow"
          data-filter
          placeholder="status:denied tool:bank.send_money some text"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button>Apply</button>
      {print(filter) !== "" && (
        <button type="button" onClick={() => set(Object.fromEntries(NAMES.map((name) => [name, ""])))}>
          Clear
        </button>
      )}
    </form>
  );
}

function Rows({ rows, set }: { rows: Row[]; set: (changes: Filter) => void }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Calls">
      <table>
        <thead>
          <tr>
            <th>Time</th>
            <th>Status</th>
            <th>Project</th>
            <th>Model</th>
            <th>Session</th>
            <th>Tool</th>
            <th>Rule</th>
            <th>Reason</th>
            <th>ms</th>
            <th>Risk</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.trace_id} data-row tabIndex={0} onKeyDown={(event) => event.key === "Enter" && go(traceOf(row))}>
              <td>
                <Link to={traceOf(row)}>
                  <Time at={row.timestamp} />
                </Link>
              </td>
              <td>
                <button class="value" title="Only this status" onClick={() => set({ status: row.status })}>
                  <Badge state={row.status} />
                </button>
              </td>
              <td>{row.project}</td>
              <td>
                <button class="value" title="Only this model" onClick={() => set({ model: row.model_id })}>
                  {row.model_id}
                </button>
              </td>
              <td class="mono">
                <button class="value" title="Only this session" onClick={() => set({ session: row.session_uid })}>
                  {row.session_id}
                </button>
              </td>
              <td class="wrap">
                <button class="value" title="Only this tool" onClick={() => set({ tool: row.tool })}>
                  {row.tool}
                </button>
              </td>
              <td class="mono">{row.rule ?? "–"}</td>
              <td class="wrap">{row.reason}</td>
              <td class="number">{row.latency_ms ?? "–"}</td>
              <td class="number">{row.risk_score.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function traceOf(row: Row): string {
  return `trace/${encodeURIComponent(row.project)}/${encodeURIComponent(row.session_uid)}?call=${encodeURIComponent(row.trace_id)}`;
}
