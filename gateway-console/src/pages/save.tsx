import { lazy, Suspense } from "preact/compat";
import { useState } from "preact/hooks";
import { words } from "../app/use.ts";
import { Dialog, Problem } from "../ui/parts.tsx";

const Editor = lazy(() => import("../ui/editor.tsx"));

/** The difference once more, and why; a refused save loses nothing. */
export function Save({
  original,
  draft,
  save,
  close,
}: {
  original: string;
  draft: string;
  save: (message: string) => Promise<void>;
  close: () => void;
}) {
  const [message, setMessage] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    save(message)
      .catch((problem: unknown) => setError(words(problem)))
      .finally(() => setBusy(false));
  };
  return (
    <Dialog title="Save this version" close={close}>
      <Suspense fallback={<p class="quiet">Loading…</p>}>
        <Editor text={draft} original={original} label="What changes" />
      </Suspense>
      <form onSubmit={submit}>
        <label for="message">Why</label>
        <textarea id="message" required maxLength={2000} value={message} onInput={(event) => setMessage(event.currentTarget.value)} />
        <Problem text={error} />
        <div class="row">
          <button class="primary" disabled={busy || message.trim() === ""}>
            Save
          </button>
          <button type="button" onClick={close}>
            Back to the editor
          </button>
        </div>
      </form>
    </Dialog>
  );
}
