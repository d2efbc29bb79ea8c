import { useState } from "preact/hooks";
import { ask, query, Refused } from "../../app/api.ts";
import { refused } from "../../app/load.ts";
import type { PolicyFile, Saved } from "../../app/types.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Diff } from "../../ui/diff.tsx";
import { compare, hunks } from "../../ui/lines.ts";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";

/** The change, a message that says why, and the save against the version that the draft began from. */
export function SaveDialog(props: { file: PolicyFile; text: string; base: string | null; onClose: () => void; onStale: () => void; onSaved: (said: string, etag: string) => void }) {
  const { file } = props;
  const [message, setMessage] = useState("");
  const [error, setError] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const condition: Record<string, string> = props.base === null ? { "if-none-match": "*" } : { "if-match": props.base };
    try {
      const saved = await ask<Saved>(`/api/policy${query({ project: file.project, kind: file.kind })}`, {
        method: "PUT",
        headers: condition,
        body: { yaml: props.text, message: message.trim() },
      });
      props.onSaved(`Saved as version ${saved.body.ts}; it is in force now.`, saved.etag ?? `"${saved.body.ts}"`);
    } catch (thrown) {
      const why = refused(thrown);
      setError(why);
      setBusy(false);
      if (why.status === 412) props.onStale();
    }
  };
  return (
    <Dialog title={`Save ${file.kind} of ${file.project}`} wide onClose={props.onClose}>
      <Diff label={file.inherited ? "Against what is inherited" : "Against the version in force"} lines={hunks(compare(file.yaml, props.text))} />
      <form onSubmit={(event) => void save(event)} class="stack">
        <label for="save-message">Why this change</label>
        <input id="save-message" required maxLength={500} autofocus autocomplete="off" value={message} onInput={(event) => setMessage(event.currentTarget.value)} />
        {error && <Problem error={error} />}
        {error?.status === 412 && <p class="note">Close this dialog: your text is kept, and what others changed is shown beside it.</p>}
        {error && error.findings.length > 0 && (
          <ul>{error.findings.map((one, at) => <li key={at}><code>{one.file}:{one.line}</code> <Text value={`${one.message} ${one.mend}`} /></li>)}</ul>
        )}
        <p class="actions">
          <button type="submit" class="main" disabled={busy || message.trim() === ""}>Save</button>
          <button type="button" onClick={props.onClose}>Back to the editor</button>
        </p>
      </form>
    </Dialog>
  );
}
