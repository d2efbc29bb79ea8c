import { useState } from "preact/hooks";
import { ask, get, query, Refused } from "../../app/api.ts";
import { refused, useLoad } from "../../app/load.ts";
import type { Kind, Saved, Version, VersionText } from "../../app/types.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Diff } from "../../ui/diff.tsx";
import { compare, hunks } from "../../ui/lines.ts";
import { Problem } from "../../ui/problem.tsx";

/** Brings an older text back as a new version, after a look at what that changes. */
export function Rollback(props: { project: string; kind: Kind; to: Version; headText: string; etag: string | null; onClose: () => void; onDone: (said: string) => void }) {
  const { project, kind, to } = props;
  const [message, setMessage] = useState("");
  const [error, setError] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const path = `/api/policy/history/${to.ts}${query({ project, kind })}`;
  const text = useLoad(path, (s) => get<VersionText>(path, s));
  const roll = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const answer = await ask<Saved>(`/api/policy/rollback/${to.ts}${query({ project, kind })}`, {
        method: "POST",
        headers: props.etag === null ? {} : { "if-match": props.etag },
        body: message.trim() === "" ? {} : { message: message.trim() },
      });
      const revoked = answer.body.still_revoked ?? [];
      const keys = revoked.length === 0 ? "" : ` Keys that stay revoked: ${revoked.join(", ")}.`;
      props.onDone(`Rolled back to ${to.ts}: version ${answer.body.ts} is in force.${keys}`);
    } catch (thrown) {
      setError(refused(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Roll back to ${to.ts}`} wide onClose={props.onClose}>
      {text.error && <Problem error={text.error} retry={text.reload} />}
      {text.data ? <Diff label="What the rollback changes" lines={hunks(compare(props.headText, text.data.yaml))} /> : <p role="status" class="quiet">Loading…</p>}
      <form onSubmit={(event) => void roll(event)} class="stack">
        <label for="rollback-message">Why (optional)</label>
        <input id="rollback-message" maxLength={500} autofocus autocomplete="off" value={message} onInput={(event) => setMessage(event.currentTarget.value)} />
        {error && <Problem error={error} />}
        <p class="actions">
          <button type="submit" class="main" disabled={busy || !text.data}>Roll back</button>
          <button type="button" onClick={props.onClose}>Leave it</button>
        </p>
      </form>
    </Dialog>
  );
}
