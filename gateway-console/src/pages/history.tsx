import { useState } from "preact/hooks";
import { get, post, url } from "../app/api.ts";
import type { Version } from "../app/types.ts";
import { useLoad, words } from "../app/use.ts";
import { Dialog, Diff, Empty, Problem, Time } from "../ui/parts.tsx";

/** The versions of a file: look at a difference, go back to one. */
export function History({
  project,
  kind,
  may,
  ts,
  done,
}: {
  project: string;
  kind: string;
  may: boolean;
  ts: number | null;
  done: () => void;
}) {
  const versions = useLoad<Version[]>(url("/api/policy/history", { project, kind, limit: 200, head: ts }));
  const [diff, setDiff] = useState<string | null>(null);
  const [back, setBack] = useState<Version | null>(null);
  const [error, setError] = useState("");
  const all = versions.data ?? [];
  const show = (at: number) => {
    const from = all[at + 1]?.ts;
    const to = all[at]?.ts;
    if (from !== undefined && to !== undefined) {
      get<{ text: string }>(url("/api/policy/diff", { project, kind, from, to }))
        .then((answer) => setDiff(answer.text))
        .catch((problem: unknown) => setError(words(problem)));
    }
  };
  return (
    <aside aria-label="Versions">
      <h2>Versions</h2>
      <Problem text={versions.error || error} />
      {versions.data && all.length === 0 && <Empty>No version yet: the first save makes one.</Empty>}
      <ol class="versions">
        {all.map((one, at) => (
          <li key={one.ts} class="card" data-row tabIndex={0}>
            <div>
              <Time at={one.ts / 1000} /> {one.active && <strong>in force</strong>}
            </div>
            <div>{one.message}</div>
            <div class="quiet">
              {one.author}, {one.source}
              {one.rolled_back_from !== null && `, back to ${one.rolled_back_from}`}
              {one.removed && ", file gone"}
            </div>
            <div class="row">
              {at + 1 < all.length && (
                <button class="plain" onClick={() => show(at)}>
                  What changed
                </button>
              )}
              {may && !one.active && !one.removed && (
                <button class="plain" onClick={() => setBack(one)}>
                  Roll back
                </button>
              )}
            </div>
          </li>
        ))}
      </ol>
      {diff !== null && (
        <Dialog title="What changed" close={() => setDiff(null)}>
          <Diff text={diff} />
          <p>
            <button onClick={() => setDiff(null)}>Close</button>
          </p>
        </Dialog>
      )}
      {back !== null && <RollBack project={project} kind={kind} version={back} head={all[0]} close={() => setBack(null)} done={done} />}
    </aside>
  );
}

function RollBack({
  project,
  kind,
  version,
  head,
  close,
  done,
}: {
  project: string;
  kind: string;
  version: Version;
  head: Version | undefined;
  close: () => void;
  done: () => void;
}) {
  const difference = useLoad<{ text: string }>(
    head === undefined ? null : url("/api/policy/diff", { project, kind, from: head.ts, to: version.ts }),
  );
  const [message, setMessage] = useState("");
  const [error, setError] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    post(url(`/api/policy/rollback/${version.ts}`, { project, kind }), message.trim() === "" ? {} : { message })
      .then(() => {
        close();
        done();
      })
      .catch((problem: unknown) => setError(words(problem)));
  };
  return (
    <Dialog title="Roll back" close={close}>
      <p>
        The text of <Time at={version.ts / 1000} /> becomes a new version. This changes:
      </p>
      <Problem text={difference.error} />
      {difference.data && <Diff text={difference.data.text} />}
      <form onSubmit={submit}>
        <label for="why">Why (may stay empty)</label>
        <textarea id="why" maxLength={2000} value={message} onInput={(event) => setMessage(event.currentTarget.value)} />
        <Problem text={error} />
        <div class="row">
          <button class="primary">Roll back</button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
