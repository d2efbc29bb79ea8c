import { get } from "../../app/api.ts";
import { apiQuery, type Filter, fromQuery, toParameters } from "../../app/filter.ts";
import { useLoad } from "../../app/load.ts";
import { href, put, useProject, usePlace } from "../../app/router.ts";
import { span } from "../../app/time.ts";
import type { Items, SessionRow } from "../../app/types.ts";
import { Empty } from "../../ui/empty.tsx";
import { FilterBar } from "../../ui/filterbar.tsx";
import { Grid } from "../../ui/grid.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";
import { When } from "../../ui/when.tsx";

/** Sessions with a call that fits, newest first. */
export default function SessionsPage() {
  const place = usePlace();
  const project = useProject();
  const filter = fromQuery(place.query);
  const limit = Number(place.query.get("limit") ?? 100);
  const key = JSON.stringify([filter, project, limit]);
  const loaded = useLoad(key, (s) => get<Items<SessionRow>>(`/api/sessions${apiQuery(filter, project, { limit })}`, s), 10000);
  const rows = loaded.data?.items ?? [];
  const change = (next: Filter): void => put(toParameters(next), false);
  return (
    <>
      <FilterBar filter={filter} onChange={change} />
      <div class="bar">
        <span class="quiet">{rows.length} session{rows.length === 1 ? "" : "s"} with a call that fits</span>
        <span class="push" />
        {rows.length > 0 && <a class="button" href={href("/replay", { sessions: rows.slice(0, 200).map((row) => row.uid).join(",") })}>Replay these</a>}
      </div>
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      {rows.length > 0 && (
        <Grid
          label="Sessions"
          rows={rows}
          rowKey={(row) => row.project + row.uid}
          columns={[
            { head: "Session", kind: "tight", cell: (row) => <a class="open mono" href={href(`/session/${encodeURIComponent(row.uid)}`, { project: row.project })}><Text value={row.session_id} most={60} /></a> },
            { head: "Last call", kind: "tight", cell: (row) => <When at={row.last_time} /> },
            { head: "Lasted", kind: "num", cell: (row) => span(row.last_time - row.start_time) },
            { head: "Calls", kind: "grow", cell: (row) => <Share calls={row.calls} denied={row.denied} /> },
            { head: "Project", kind: "tight", cell: (row) => row.project },
            { head: "Model", kind: "tight", cell: (row) => <Text value={row.model_id} most={60} /> },
            { head: "Key", kind: "tight", cell: (row) => <span class="mono">{row.key}</span> },
            { head: "Risk", kind: "num", cell: (row) => row.risk_score.toFixed(2) },
          ]}
        />
      )}
      {rows.length === 0 && !loaded.busy && !loaded.error && (
        <Empty title="No sessions here.">
          <p>A session begins with an agent's first call. {Object.keys(filter).length > 0 && <button type="button" onClick={() => change({})}>Clear the filter</button>}</p>
        </Empty>
      )}
      {rows.length >= limit && limit < 1000 && <p class="after"><button type="button" onClick={() => put({ limit: Math.min(1000, limit * 3) })}>More sessions</button></p>}
    </>
  );
}

/** How many calls, and how many of them were refused, as a figure and a strip. */
function Share({ calls, denied }: { calls: number; denied: number }) {
  const shown = Math.min(calls, 40);
  const refused = calls === 0 ? 0 : Math.round((denied / calls) * shown) || (denied > 0 ? 1 : 0);
  return (
    <span class="share">
      <span class="figure">{calls}</span>
      <svg viewBox={`0 0 ${shown * 5} 10`} width={shown * 5} height={10} class="strip" aria-hidden="true">
        {Array.from({ length: shown }, (_, at) => (
          <rect key={at} x={at * 5} y={at < refused ? 0 : 4} width={4} height={at < refused ? 10 : 6} class={`fill ${at < refused ? "bad" : "good"}`} />
        ))}
      </svg>
      {denied > 0 && <span class="bad-text">{denied} refused</span>}
    </span>
  );
}
