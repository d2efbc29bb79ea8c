import { useState } from "preact/hooks";
import { ask, get, query, Refused, signedIn } from "../../app/api.ts";
import { useCell } from "../../app/cell.ts";
import { refused, useLoad } from "../../app/load.ts";
import { href, usePlace } from "../../app/router.ts";
import type { Delivery, Items, Sink } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Grid } from "../../ui/grid.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";
import { When } from "../../ui/when.tsx";

/** Where alerts go, and every message on its way there. */
export function Deliveries() {
  const place = usePlace();
  const who = useCell(signedIn);
  const [error, setError] = useState<Refused>();
  const sink = place.query.get("sink");
  const state = place.query.get("state");
  const path = `/api/alerts/deliveries${query({ sink, state, limit: 300 })}`;
  const loaded = useLoad(path, (s) => get<Items<Delivery>>(path, s), 4000);
  const sinks = useLoad("sinks", (s) => get<Items<Sink>>("/api/sinks", s), 8000);
  const items = loaded.data?.items ?? [];
  const retry = async (id: string): Promise<void> => {
    try {
      await ask(`/api/alerts/deliveries/${encodeURIComponent(id)}/retry`, { method: "POST", body: {} });
      setError(undefined);
    } catch (thrown) {
      setError(refused(thrown));
    }
    loaded.reload();
  };
  const narrowed = (name: string, value: string, count: number) =>
    count === 0 ? "0" : <a href={href("/alerts", { view: "deliveries", sink: name, state: value })}>{count}</a>;
  return (
    <>
      {sinks.error && <Problem error={sinks.error} retry={sinks.reload} />}
      {(sinks.data?.items.length ?? 0) > 0 && (
        <Grid
          label="Sinks"
          keys={false}
          rows={sinks.data?.items ?? []}
          rowKey={(one) => one.name}
          current={(one) => one.name === sink}
          columns={[
            { head: "Sink", kind: "tight", cell: (one) => <a class="mono" href={href("/alerts", { view: "deliveries", sink: one.name })}>{one.name}</a> },
            { head: "Type", kind: "tight", cell: (one) => one.type },
            { head: "Address", kind: "grow", cell: (one) => <span class="mono"><Text value={one.url} most={120} /></span> },
            { head: "From", kind: "tight", cell: (one) => <Badge state={one.min_severity} /> },
            { head: "Signed", kind: "tight", cell: (one) => (one.signed ? "yes" : "no") },
            { head: "Pending", kind: "num", cell: (one) => narrowed(one.name, "pending", one.pending) },
            { head: "Delivered", kind: "num", cell: (one) => narrowed(one.name, "delivered", one.delivered) },
            { head: "Dead", kind: "num", cell: (one) => narrowed(one.name, "dead", one.dead) },
          ]}
        />
      )}
      {sinks.data?.items.length === 0 && <Empty title="Alerts go nowhere yet."><p>Set <code>SIEM_URL</code> in the environment, or <code>sinks</code> in <code>gateway.yaml</code>.</p></Empty>}
      {error && <Problem error={error} />}
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      {(sink !== null || state !== null) && <p><a class="button" href={href("/alerts", { view: "deliveries" })}>Show all deliveries</a></p>}
      {items.length > 0 && (
        <Grid
          label="Deliveries"
          rows={items}
          rowKey={(one) => one.id}
          columns={[
            { head: "Created", kind: "tight", cell: (one) => <When at={one.created} /> },
            { head: "State", kind: "tight", cell: (one) => <Badge state={one.state} /> },
            { head: "Sink", kind: "tight", cell: (one) => <span class="mono">{one.sink}</span> },
            { head: "Event", kind: "tight", cell: (one) => <code>{one.event}</code> },
            { head: "Alert", kind: "tight", cell: (one) => <a class="open mono" href={href("/alerts", { alert: one.alert })}>{one.alert.slice(0, 12)}</a> },
            { head: "Attempts", kind: "num", cell: (one) => one.attempts },
            { head: "Last answer", kind: "grow", cell: (one) => (one.last_error !== null ? <Text value={one.last_error} most={160} /> : (one.last_status ?? "")) },
            { head: "Next", kind: "tight", cell: (one) => (one.next_attempt === null ? "–" : <When at={one.next_attempt} ago />) },
            { head: "Actions", kind: "tight", cell: (one) => one.state !== "delivered" && who?.role !== "viewer" && <button type="button" onClick={() => void retry(one.id)}>Try now</button> },
          ]}
        />
      )}
      {items.length === 0 && !loaded.busy && !loaded.error && <p class="quiet">Nothing was sent.</p>}
    </>
  );
}
