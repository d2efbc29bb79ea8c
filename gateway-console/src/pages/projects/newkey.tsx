import { useState } from "preact/hooks";
import { ask, query, Refused } from "../../app/api.ts";
import { keepDraft } from "../../app/drafts.ts";
import { refused } from "../../app/load.ts";
import { go, href } from "../../app/router.ts";
import type { ModelKey, PolicyFile } from "../../app/types.ts";
import { Copy } from "../../ui/copy.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Problem } from "../../ui/problem.tsx";
import { type NewKeyEntry, snippet, withKey } from "./keyfile.ts";

const hex = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");

/** A key of 256 random bits, and its hash. The key leaves this page only in the clipboard. */
async function mint(): Promise<{ key: string; sha256: string }> {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const key = `sgk_${text}`;
  return { key, sha256: hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key))) };
}

/** Makes a key in the browser, shows it once, and puts its hash into the draft of the key file. */
export function NewKey({ project, keys, onClose }: { project: string; keys: ModelKey[]; onClose: () => void }) {
  const models = [...new Set(keys.map((one) => one.model))];
  const [typed, setModel] = useState<string>();
  const model = typed ?? models[0] ?? "";
  const [tools, setTools] = useState("*");
  const [expires, setExpires] = useState("");
  const [made, setMade] = useState<{ key: string; entry: NewKeyEntry }>();
  const [error, setError] = useState<Refused>();
  const [byHand, setByHand] = useState(false);
  const known = models.includes(model.trim());
  const make = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!globalThis.isSecureContext) {
      setError(new Refused(0, "console.insecure", "The browser makes keys only over https or on this machine. Use ./securegateway keys new instead."));
      return;
    }
    const { key, sha256 } = await mint();
    const until = expires === "" ? "" : new Date(expires).toISOString();
    const globs = tools.split(/[\s,]+/).filter((one) => one !== "");
    setMade({ key, entry: { model: model.trim(), tools: globs, id: `k-${sha256.slice(0, 8)}`, sha256, expires: until } });
  };
  const open = async (): Promise<void> => {
    if (!made) return;
    try {
      const answer = await ask<PolicyFile>(`/api/policy${query({ project, kind: "model_keys" })}`);
      const own = !answer.body.inherited;
      const text = withKey(own ? answer.body.yaml : "", made.entry);
      if (text === null) setByHand(true);
      else {
        keepDraft(project, "model_keys", { yaml: text, base: own ? answer.etag : null });
        onClose();
        go(href("/policies", { project, kind: "model_keys" }));
      }
    } catch (thrown) {
      setError(refused(thrown));
    }
  };
  return (
    <Dialog title={`New key for ${project}`} onClose={onClose}>
      {!made ? (
        <form class="stack" onSubmit={(event) => void make(event)}>
          <label for="key-model">Model</label>
          <input id="key-model" required maxLength={128} list="models" autocomplete="off" value={model} onInput={(event) => setModel(event.currentTarget.value)} />
          <datalist id="models">{models.map((one) => <option key={one} value={one} />)}</datalist>
          {known ? <p class="quiet">The model has its tools already: {keys.find((one) => one.model === model.trim())?.tools.join(", ")}</p> : (
            <>
              <label for="key-tools">Tools (globs)</label>
              <input id="key-tools" required autocomplete="off" value={tools} onInput={(event) => setTools(event.currentTarget.value)} />
            </>
          )}
          <label for="key-expires">Expires (empty: never)</label>
          <input id="key-expires" type="datetime-local" value={expires} onInput={(event) => setExpires(event.currentTarget.value)} />
          {error && <Problem error={error} />}
          <p class="actions"><button type="submit" class="main">Make the key</button></p>
        </form>
      ) : (
        <div class="stack">
          <p><strong>Keep the key now: it is shown this once and stored nowhere.</strong></p>
          <p class="secret mono"><span id="new-key">{made.key}</span> <Copy text={made.key} what="the key" /></p>
          <p>The gateway stores its hash only. It opens nothing before the hash is in the key file and saved:</p>
          <pre tabIndex={0} aria-label="For the key file">{snippet(made.entry)}</pre>
          {byHand && <p class="note" role="alert">The key file is laid out in a way that this page does not change by itself: put the lines in by hand.</p>}
          {error && <Problem error={error} />}
          <p class="actions">
            <button type="button" class="main" onClick={() => void open()}>Put the hash into the key file</button>
            {byHand && <a class="button" href={href("/policies", { project, kind: "model_keys" })}>Open the key file</a>}
            <Copy text={snippet(made.entry)} label="Copy the lines" />
          </p>
        </div>
      )}
    </Dialog>
  );
}
