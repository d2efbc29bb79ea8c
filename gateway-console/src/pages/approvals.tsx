import { useState } from "preact/hooks";
import { post, url } from "../app/api.ts";
import type { PageProps } from "../app/shell.tsx";
import type { Approval } from "../app/types.ts";
import { useLoad, words } from "../app/use.ts";
import { Badge, Data, Empty, Problem, Time } from "../ui/parts.tsx";

export default function Approvals({ project, who }: PageProps) {
  const approvals = useLoad<{ items: Approval[] }>(url("/api/approvals", { project }), 3_000);
  const items = approvals.data?.items ?? [];
  return (
    <>
      <h1>Approvals</h1>
      <Problem text={approvals.error} />
      {approvals.data && items.length === 0 && <Empty>Nothing waits for a person.</Empty>}
      {items.map((one) => (
        <Waiting key={one.id} one={one} may={who.role !== "viewer"} again={approvals.again} />
      ))}
    </>
  );
}

function Waiting({ one, may, again }: { one: Approval; may: boolean; again: () => void }) {
  const [reason, setReason] = useState("");
  const [error, setError] = useState("");
  const answer = (approve: boolean) => {
    post(`/api/approvals/${encodeURIComponent(one.id)}`, { approve, reason })
      .then(again)
      .catch((problem: unknown) => setError(words(problem)));
  };
  return (
    <section class="card" data-row tabIndex={0} aria-label={`${one.tool} of ${one.model_id}`}>
      <h2>
        {one.tool} <Badge state={one.status} />
      </h2>
      <dl>
        <dt>Who</dt>
        <dd>
          {one.model_id}, key {one.key}, project {one.project}, session {one.session_id}
        </dd>
        <dt>Asked by</dt>
        <dd>{one.rules.join(", ")}</dd>
        <dt>Until</dt>
        <dd>
          <Time at={one.expires} />
        </dd>
      </dl>
      <Data value={one.input} label="Arguments" />
      {may && one.status === "pending" && (
        <div class="row">
          <label class="inline grow">
            Reason <input class="grow" value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
          <button class="primary" disabled={reason.trim() === ""} onClick={() => answer(true)}>
            Approve
          </button>
          <button disabled={reason.trim() === ""} onClick={() => answer(false)}>
            Refuse
          </button>
        </div>
      )}
      <Problem text={error} />
    </section>
  );
}
