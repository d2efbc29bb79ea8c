import { useEffect, useState } from "preact/hooks";
import { ask, signedIn } from "./api.ts";
import { Shell, type Who } from "./shell.tsx";
import { SignIn } from "./signin.tsx";

/** Signed in or not. */
export function App() {
  const [who, setWho] = useState<Who | null | undefined>(undefined);
  const enter = (next: Who) => {
    signedIn(next.csrf, () => setWho(null));
    setWho(next);
  };
  useEffect(() => {
    ask<Who>("GET", "/dash/session")
      .then((answer) => enter(answer.body))
      .catch(() => setWho(null));
  }, []);
  if (who === undefined) {
    return <p class="quiet pad">Loading…</p>;
  }
  return who === null ? (
    <SignIn enter={enter} />
  ) : (
    <Shell who={who} leave={() => void ask("DELETE", "/dash/session").finally(() => setWho(null))} />
  );
}
