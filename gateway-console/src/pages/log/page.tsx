import { useEffect, useState } from "preact/hooks";
import { apiQuery, type Filter, fromQuery, toParameters } from "../../app/filter.ts";
import { useKeys } from "../../app/keys.ts";
import { put, useProject, usePlace } from "../../app/router.ts";
import { seconds } from "../../app/time.ts";
import { Chart } from "../../ui/chart.tsx";
import { Empty } from "../../ui/empty.tsx";
import { FilterBar } from "../../ui/filterbar.tsx";
import { histogram } from "../../ui/histogram.ts";
import { Problem } from "../../ui/problem.tsx";
import { MOST, useFeed } from "./feed.ts";
import { Rows } from "./rows.tsx";

/** The log of calls, as it happens or as it was. */
export default function LogPage() {
  const place = usePlace();
  const project = useProject();
  const filter = fromQuery(place.query);
  const live = place.query.get("live") !== "0" && filter.until === undefined;
  const feed = useFeed(filter, project, live);
  const change = (next: Filter): void => put(toParameters(next), false);
  const toggle = (): void => put({ live: live ? "0" : null, ...(live ? {} : { until: null }) });
  useKeys([
    { keys: ".", what: live ? "Pause the live log" : "Resume the live log", group: "This page", run: toggle },
    { keys: "e", what: "Export these calls as CSV", group: "This page", run: () => document.getElementById("export-csv")?.click() },
  ]);
  const bins = histogram(feed.rows.map((row) => ({ at: seconds(row.timestamp), status: row.status })));
  const exported = (format: string): string => `/api/logs/export${apiQuery(filter, project, { format })}`;
  return (
    <>
      <FilterBar filter={filter} onChange={change} />
      <div class="bar">
        <LiveState state={feed.live} />
        <button type="button" aria-pressed={live} onClick={toggle}>{live ? "Pause" : "Go live"}</button>
        <span class="quiet">{feed.rows.length} call{feed.rows.length === 1 ? "" : "s"} shown</span>
        <span class="push" />
        <a class="button" id="export-csv" href={exported("csv")} download="calls.csv">Export CSV</a>
        <a class="button" href={exported("jsonl")} download="calls.jsonl">Export JSONL</a>
        <Announce came={feed.came} />
      </div>
      {feed.error && <Problem error={feed.error} retry={feed.again} />}
      {feed.rows.length > 0 && <Chart bins={bins} onChoose={(from, to) => change({ ...filter, since: String(from), until: String(to) })} />}
      {feed.rows.length > 0 && <Rows rows={feed.rows} filter={filter} onFilter={change} />}
      {feed.rows.length === 0 && !feed.busy && !feed.error && <Nothing filtered={Object.keys(filter).length > 0 || project !== ""} clear={() => put({ ...toParameters({}), project: null })} />}
      {feed.cut && <p class="quiet after">The live view keeps the newest {MOST} calls. <button type="button" onClick={toggle}>Pause</button> it to look further back, or filter.</p>}
      {feed.next !== null && <p class="after"><button type="button" disabled={feed.busy} onClick={feed.older}>Older calls</button></p>}
    </>
  );
}

function LiveState({ state }: { state: "connecting" | "live" | "ended" | null }) {
  const words = { connecting: "connecting…", live: "live", ended: "the live view ended" };
  return (
    <span class={`live is-${state ?? "still"}`}>
      <span aria-hidden="true">{state === "live" ? "●" : "○"}</span> {state === null ? "still" : words[state]}
    </span>
  );
}

function Nothing({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  return filtered ? (
    <Empty title="No call fits the filter.">
      <p><button type="button" onClick={clear}>Show all calls</button></p>
    </Empty>
  ) : (
    <Empty title="No calls yet.">
      <p>The first one appears here by itself. <code>./securegateway demo</code> makes some; an agent sends them to <code>POST /mcp/toolcall</code>.</p>
    </Empty>
  );
}

/** Tells screen readers how many calls came, at most every ten seconds. */
function Announce({ came }: { came: number }) {
  const [said, setSaid] = useState(0);
  useEffect(() => {
    if (came === said) return;
    const timer = setTimeout(() => setSaid(came), 10_000);
    return () => clearTimeout(timer);
  }, [came > said]);
  return <span class="unseen" role="status">{said > 0 ? `${said} calls came since the page was opened` : ""}</span>;
}
