import { useEffect, useState } from "preact/hooks";
import { Refused, signIn } from "./api.ts";
import { refused } from "./load.ts";

/** Asks for an admin key; a lock-out is counted down. */
export function SignIn() {
  const [key, setKey] = useState("");
  const [error, setError] = useState<Refused>();
  const [wait, setWait] = useState(0);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = "Sign in · SecureGateway";
  }, []);
  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await signIn(key.trim());
    } catch (thrown) {
      const why = refused(thrown);
      setError(why);
      setWait(why.status === 429 ? Number(/(\d+) s/.exec(why.message)?.[1] ?? 30) : 0);
      setBusy(false);
    }
  };
  return (
    <main class="signin">
      <form onSubmit={(event) => void submit(event)}>
        <h1>
          <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M16 2 4 6v9c0 8 5 13 12 15 7-2 12-7 12-15V6z" /><path class="tick" d="m10 16 4 4 8-9" /></svg>
          SecureGateway
        </h1>
        <label for="key">Admin key</label>
        <input
          id="key"
          type="password"
          autocomplete="current-password"
          spellcheck={false}
          required
          autofocus
          value={key}
          aria-describedby="key-hint"
          onInput={(event) => setKey(event.currentTarget.value)}
        />
        <p class="quiet" id="key-hint">
          The demo and the first start of <code>serve</code> print it; else it is <code>ADMIN_KEY</code>, or one of{" "}
          <code>admins</code> in <code>gateway.yaml</code>.
        </p>
        <button type="submit" class="main" disabled={busy || wait > 0}>
          {wait > 0 ? `Wait ${wait} s` : "Sign in"}
        </button>
        <p role="alert" class="refusal">{error ? error.message : ""}</p>
      </form>
    </main>
  );
}
