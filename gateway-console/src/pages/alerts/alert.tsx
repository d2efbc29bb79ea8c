import { useState } from "preact/hooks";
import { ask, get, query, Refused, signedIn } from "../../app/api.ts";
import { useCell } from "../../app/cell.ts";
import { refused, useLoad } from "../../app/load.ts";
import { href } from "../../app/router.ts";
import { iso } from "../../app/time.ts";
import type { Alert, Delivery, Items, Row } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";
import { When } from "../../ui/when.tsx";

/** One alert: evidence, who knows of it, and whom it was sent to. */
export function AlertDialog({ alert, onClose, onChanged }: { alert: Alert; onClose: () => void; onChanged: () => void }) {
  const who = useCell(signedIn);
  const [note, setNote] = useState("");
  const [error, setError] = useState<Refused>();
  const path = `/api/alerts/deliveries${query({ alert: alert.id })}`;
  const sent = useLoad(path, (s) => get<Items<Delivery>>(path, s), 4000);
  const acknowledge = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      await ask(`/api/alerts/${encodeURIComponent(alert.id)}/ack`, { method: "POST", body: note.trim() === "" ? {} : { note: note.trim() } });
      setError(undefined);
      onChanged();
    } catch (thrown) {
      setError(refused(thrown));
    }
  };
  return (
    <Dialog title={alert.title} wide onClose={onClose}>
      <p><Badge state={alert.severity} /> <Badge state={alert.state} /> <Text value={alert.summary} /></p>
      <dl class="facts">
        <div><dt>Project</dt><dd>{alert.project}</dd></div>
        {Object.entries(alert.group).map(([name, value]) => <div key={name}><dt>{name}</dt><dd class="mono"><Text value={String(value)} /></dd></div>)}
        <div><dt>Count</dt><dd>{alert.count}</dd></div>
        <div><dt>First</dt><dd><When at={alert.first_seen} /></dd></div>
        <div><dt>Last</dt><dd><When at={alert.last_seen} /></dd></div>
        {alert.acknowledged_by !== null && <div><dt>Acknowledged by</dt><dd><Text value={alert.acknowledged_by} /></dd></div>}
        {alert.note !== null && <div><dt>Note</dt><dd><Text value={alert.note} /></dd></div>}
      </dl>
      <h3>Evidence</h3>
      <Evidence alert={alert} />
      <h3>Sent</h3>
      {sent.error && <Problem error={sent.error} />}
      <ul>
        {(sent.data?.items ?? []).map((one) => <li key={one.id}><span class="mono">{one.sink}</span> <code>{one.event}</code> <Badge state={one.state} /> <span class="quiet">{one.attempts} attempt{one.attempts === 1 ? "" : "s"}</span></li>)}
      </ul>
      {sent.data?.items.length === 0 && <p class="quiet">To nobody: no sink takes this severity. Sinks are set in <code>gateway.yaml</code>.</p>}
      {error && <Problem error={error} />}
      {alert.state === "open" && who?.role !== "viewer" && (
        <form class="answer" onSubmit={(event) => void acknowledge(event)}>
          <label for="ack-note">Note</label>
          <input id="ack-note" value={note} maxLength={2000} autocomplete="off" onInput={(event) => setNote(event.currentTarget.value)} />
          <button type="submit" class="main">Acknowledge</button>
        </form>
      )}
    </Dialog>
  );
}

/** The calls that are behind it, where the log still has them. */
function Evidence({ alert }: { alert: Alert }) {
  const range = { since: iso(alert.first_seen - 1), until: iso(alert.last_seen + 1) };
  const path = `/api/logs${query({ project: alert.project, ...range, limit: 1000 })}`;
  const found = useLoad(alert.samples.length === 0 ? null : path, (s) => get<Items<Row>>(path, s));
  if (alert.samples.length === 0) return <p class="quiet">No recorded calls belong to it.</p>;
  const rows = new Map((found.data?.items ?? []).map((row) => [row.trace_id, row]));
  return (
    <ul class="samples">
      {alert.samples.map((id) => {
        const row = rows.get(id);
        return (
          <li key={id}>
            {row ? (
              <>
                <a href={href(`/session/${encodeURIComponent(row.session_uid)}`, { project: row.project, call: id })}><When at={row.timestamp} /></a>{" "}
                <Badge state={row.status} /> <span class="mono"><Text value={row.tool} most={60} /></span> <span class="quiet"><Text value={row.reason} most={120} /></span>
              </>
            ) : <span class="mono quiet">{id}</span>}
          </li>
        );
      })}
    </ul>
  );
}
