import { useState } from "preact/hooks";
import { ask } from "./api.ts";
import type { Who } from "./shell.tsx";
import { words } from "./use.ts";

/** The door: an admin key, which the browser never keeps. */
export function SignIn({ enter }: { enter: (who: Who) => void }) {
  const [key, setKey] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    ask<Who>("POST", "/dash/session", { key })
      .then((answer) => enter(answer.body))
      .catch((problem: unknown) => setError(words(problem)))
      .finally(() => setBusy(false));
  };
  return (
    <main class="door">
      <form class="card" onSubmit={submit}>
        <h1>SecureGateway</h1>
        <label for="key">Admin key</label>
        <input
          id="key"
          type="password"
          autocomplete="current-password"
          required
          value={key}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
        <button class="primary" disabled={busy || key === ""}>
          Sign in
        </button>
        <p class="error" role="alert">
          {error}
        </p>
        <p class="quiet">The key was printed when the gateway first started, or is its ADMIN_KEY.</p>
      </form>
    </main>
  );
}
