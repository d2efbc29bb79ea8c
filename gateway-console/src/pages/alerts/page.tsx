import { get, query } from "../../app/api.ts";
import { useLoad } from "../../app/load.ts";
import { href, put, useProject, usePlace } from "../../app/router.ts";
import type { Alert, Items } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Grid } from "../../ui/grid.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";
import { When } from "../../ui/when.tsx";
import { AlertDialog } from "./alert.tsx";
import { Deliveries } from "./deliveries.tsx";

const STATES = ["", "open", "acknowledged", "resolved"];

/** What is not normal, and where word of it went. */
export default function AlertsPage() {
  const place = usePlace();
  const project = useProject();
  const state = place.query.get("state") ?? "";
  const deliveries = place.query.get("view") === "deliveries";
  const limit = Number(place.query.get("limit") ?? 100);
  const path = `/api/alerts${query({ project, state, limit })}`;
  const loaded = useLoad(path, (s) => get<Items<Alert>>(path, s), 4000);
  const items = loaded.data?.items ?? [];
  const open = items.find((one) => one.id === place.query.get("alert"));
  return (
    <>
      <nav class="tabs" aria-label="Alerts and deliveries">
        <a href={href("/alerts")} aria-current={deliveries ? undefined : "page"}>Alerts</a>
        <a href={href("/alerts", { view: "deliveries" })} aria-current={deliveries ? "page" : undefined}>Deliveries</a>
        <span class="push" />
        {!deliveries && (
          <label class="inline">
            State
            <select value={state} onChange={(event) => put({ state: event.currentTarget.value })}>
              {STATES.map((one) => <option key={one} value={one}>{one || "any"}</option>)}
            </select>
          </label>
        )}
      </nav>
      {deliveries ? <Deliveries /> : (
        <>
          {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
          {items.length > 0 && (
            <Grid
              label="Alerts"
              rows={items}
              rowKey={(one) => one.id}
              columns={[
                { head: "Severity", kind: "tight", cell: (one) => <Badge state={one.severity} /> },
                { head: "Alert", kind: "grow", cell: (one) => <><button type="button" class="open value" onClick={() => put({ alert: one.id }, false)}>{one.title}</button> <span class="quiet"><Text value={one.summary} most={200} /></span></> },
                { head: "State", kind: "tight", cell: (one) => <Badge state={one.state} /> },
                { head: "Count", kind: "num", cell: (one) => one.count },
                { head: "Project", kind: "tight", cell: (one) => one.project },
                { head: "First", kind: "tight", cell: (one) => <When at={one.first_seen} /> },
                { head: "Last", kind: "tight", cell: (one) => <When at={one.last_seen} /> },
              ]}
            />
          )}
          {items.length === 0 && !loaded.busy && !loaded.error && (
            <Empty title={state === "" ? "No alerts." : `No alerts that are ${state}.`}>
              <p>Ten denials within two minutes under one key make one. Detectors are set in <code>alerts/PROJECT.yaml</code>.</p>
            </Empty>
          )}
          {loaded.data?.next_cursor && <p class="after"><button type="button" onClick={() => put({ limit: Math.min(1000, limit * 3) })}>Older alerts</button></p>}
        </>
      )}
      {open && <AlertDialog alert={open} onClose={() => put({ alert: null })} onChanged={loaded.reload} />}
    </>
  );
}
