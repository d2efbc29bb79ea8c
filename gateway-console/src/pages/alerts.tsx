import { useState } from "preact/hooks";
import { post, url } from "../app/api.ts";
import { go, withQuery } from "../app/router.ts";
import { Link, type PageProps } from "../app/shell.tsx";
import type { Alert, Delivery, Sink } from "../app/types.ts";
import { useLoad, words } from "../app/use.ts";
import { Badge, Empty, Problem, Time } from "../ui/parts.tsx";

export default function Alerts({ place, project, who }: PageProps) {
  const state = place.query.get("state") ?? "";
  const alerts = useLoad<{ items: Alert[] }>(url("/api/alerts", { project, state, limit: 200 }), 3_000);
  const items = alerts.data?.items ?? [];
  const may = who.role !== "viewer";
  return (
    <>
      <h1>Alerts</h1>
      <div class="row">
        <label class="inline">
          State{" "}
          <select data-filter value={state} onChange={(event) => go(withQuery(place, { state: event.currentTarget.value }))}>
            <option value="">any</option>
            <option value="open">open</option>
            <option value="acknowledged">acknowledged</option>
            <option value="resolved">resolved</option>
          </select>
        </label>
      </div>
      <Problem text={alerts.error} />
      {alerts.data && items.length === 0 && <Empty>No alerts. Ten denials of one key within two minutes make one.</Empty>}
      {items.map((one) => (
        <One key={one.id} one={one} may={may} again={alerts.again} />
      ))}
      <Deliveries may={may} />
    </>
  );
}

function One({ one, may, again }: { one: Alert; may: boolean; again: () => void }) {
  const [note, setNote] = useState("");
  const [error, setError] = useState("");
  const acknowledge = () => {
    post(`/api/alerts/${encodeURIComponent(one.id)}/ack`, { note })
      .then(again)
      .catch((problem: unknown) => setError(words(problem)));
  };
  return (
    <section class="card" data-row tabIndex={0} aria-label={one.title}>
      <h2>
        {one.title} <Badge state={one.severity} /> <Badge state={one.state} />
      </h2>
      <p>{one.summary}</p>
      <dl>
        <dt>Project</dt>
        <dd>{one.project}</dd>
        <dt>About</dt>
        <dd>
          {Object.entries(one.group).map(([name, value]) => (
            <span key={name}>
              {name} {value}{" "}
            </span>
          ))}
        </dd>
        <dt>Count</dt>
        <dd>{one.count}</dd>
        <dt>Seen</dt>
        <dd>
          <Time at={one.first_seen} /> to <Time at={one.last_seen} />
        </dd>
        {one.acknowledged_by !== null && (
          <>
            <dt>Looked after by</dt>
            <dd>
              {one.acknowledged_by} {one.note ?? ""}
            </dd>
          </>
        )}
      </dl>
      <div class="row">
        <Link to={`log?status=denied&live=off&project=${encodeURIComponent(one.project)}`}>Denied calls of the project</Link>
        {may && one.state === "open" && (
          <>
            <label class="inline grow">
              Note <input class="grow" value={note} onInput={(event) => setNote(event.currentTarget.value)} />
            </label>
            <button onClick={acknowledge}>Acknowledge</button>
          </>
        )}
      </div>
      <Problem text={error} />
    </section>
  );
}

function Deliveries({ may }: { may: boolean }) {
  const deliveries = useLoad<{ items: Delivery[] }>("/api/alerts/deliveries?limit=50", 3_000);
  const sinks = useLoad<{ items: Sink[] }>("/api/sinks", 10_000);
  const [error, setError] = useState("");
  const retry = (id: string) => {
    post(`/api/alerts/deliveries/${encodeURIComponent(id)}/retry`)
      .then(deliveries.again)
      .catch((problem: unknown) => setError(words(problem)));
  };
  const items = deliveries.data?.items ?? [];
  return (
    <>
      <h2>Where alerts go</h2>
      <Problem text={sinks.error} />
      {sinks.data && sinks.data.items.length === 0 && (
        <Empty>Nobody is told. Set SIEM_URL, or list sinks in gateway.yaml.</Empty>
      )}
      {sinks.data && sinks.data.items.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Sinks">
          <table>
            <thead>
              <tr>
                <th>Sink</th>
                <th>Type</th>
                <th>Address</th>
                <th>From</th>
                <th>Pending</th>
                <th>Delivered</th>
                <th>Dead</th>
              </tr>
            </thead>
            <tbody>
              {sinks.data.items.map((one) => (
                <tr key={one.name}>
                  <td>{one.name}</td>
                  <td>{one.type}</td>
                  <td class="wrap">{one.url}</td>
                  <td>{one.min_severity}</td>
                  <td class="number">{one.pending}</td>
                  <td class="number">{one.delivered}</td>
                  <td class={one.dead > 0 ? "number bad" : "number"}>{one.dead}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <h2>Deliveries</h2>
      <Problem text={error || deliveries.error} />
      {items.length === 0 ? (
        <Empty>No messages yet.</Empty>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Deliveries">
          <table>
            <thead>
              <tr>
                <th>Made</th>
                <th>Event</th>
                <th>Sink</th>
                <th>State</th>
                <th>Tries</th>
                <th>Last answer</th>
                <th>Next try</th>
                <th>Again</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.id}>
                  <td>
                    <Time at={one.created} />
                  </td>
                  <td>{one.event}</td>
                  <td>{one.sink}</td>
                  <td>
                    <Badge state={one.state} />
                  </td>
                  <td class="number">{one.attempts}</td>
                  <td class="wrap">{one.last_error ?? one.last_status ?? "–"}</td>
                  <td>
                    <Time at={one.next_attempt} />
                  </td>
                  <td>{may && one.state !== "delivered" && <button onClick={() => retry(one.id)}>Try now</button>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
