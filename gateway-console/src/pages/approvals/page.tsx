import { useState } from "preact/hooks";
import { ask, get, query, Refused, signedIn } from "../../app/api.ts";
import { useCell } from "../../app/cell.ts";
import { refused, useLoad } from "../../app/load.ts";
import { href, useProject } from "../../app/router.ts";
import { seconds, span } from "../../app/time.ts";
import type { Approval, Items } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Empty } from "../../ui/empty.tsx";
import { JsonView } from "../../ui/json.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";

/** What waits for a person. */
export default function ApprovalsPage() {
  const project = useProject();
  const [done, setDone] = useState("");
  const path = `/api/approvals${query({ project })}`;
  const loaded = useLoad(path, (s) => get<Items<Approval>>(path, s), 3000);
  const items = loaded.data?.items ?? [];
  const said = (text: string): void => {
    setDone(text);
    loaded.reload();
  };
  return (
    <>
      <p role="status" class={done === "" ? "unseen" : "note good-text"}>{done}</p>
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      <div class="cards">{items.map((one) => <Card key={one.id} approval={one} onDone={said} />)}</div>
      {items.length === 0 && !loaded.busy && !loaded.error && (
        <Empty title="Nothing waits for a person.">
          <p>A call waits when a rule says <code>effect: ask</code>. It appears here by itself, and holds for 15 minutes.</p>
        </Empty>
      )}
    </>
  );
}

function Card({ approval, onDone }: { approval: Approval; onDone: (said: string) => void }) {
  const who = useCell(signedIn);
  const [reason, setReason] = useState("");
  const [error, setError] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const left = seconds(approval.expires) - Date.now() / 1000;
  const answer = async (approve: boolean): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await ask(`/api/approvals/${encodeURIComponent(approval.id)}`, { method: "POST", body: { approve, reason: reason.trim() } });
      onDone(`${approve ? "Approved" : "Refused"}: ${approval.tool} in ${approval.project}.${approve ? " The agent may now send the same call again, once." : ""}`);
    } catch (thrown) {
      setError(refused(thrown));
      setBusy(false);
    }
  };
  const id = `reason-${approval.id}`;
  return (
    <article class="card" aria-label={`Approval of ${approval.tool}`}>
      <header>
        <h2 class="mono"><Text value={approval.tool} /></h2>
        <Badge state={approval.status} />
        <span class="push" />
        <span class={left < 120 ? "bad-text" : "quiet"}>{left > 0 ? `expires in ${span(left)}` : "expired"}</span>
      </header>
      <dl class="facts">
        <div><dt>Project</dt><dd>{approval.project}</dd></div>
        <div><dt>Model</dt><dd><Text value={approval.model_id} /></dd></div>
        <div><dt>Key</dt><dd class="mono">{approval.key}</dd></div>
        <div><dt>Session</dt><dd><a class="mono" href={href(`/session/${encodeURIComponent(approval.session_id)}`, { project: approval.project, call: approval.id })}><Text value={approval.session_id} /></a></dd></div>
        <div><dt>Asked by</dt><dd>{approval.rules.map((rule) => <a key={rule} class="mono" href={href("/policies", { project: approval.project, rule })}>{rule} </a>)}</dd></div>
      </dl>
      <JsonView value={approval.input} label={`Arguments of ${approval.tool}`} />
      {approval.status === "pending" && who?.role !== "viewer" && (
        <div class="answer">
          <label for={id}>Reason</label>
          <input id={id} value={reason} maxLength={500} autocomplete="off" onInput={(event) => setReason(event.currentTarget.value)} />
          <button type="button" class="main" disabled={busy} onClick={() => void answer(true)}>Approve</button>
          <button type="button" disabled={busy} onClick={() => void answer(false)}>Refuse</button>
        </div>
      )}
      {approval.status === "approved" && <p class="quiet">Waits for the agent to send the same call again.</p>}
      {error && <Problem error={error} />}
    </article>
  );
}
