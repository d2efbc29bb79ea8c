import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "./api.ts";

export interface Loaded<T> {
  data: T | undefined;
  error: Refused | undefined;
  busy: boolean;
  reload: () => void;
}

/** Whatever was thrown, as a refusal. */
export function refused(error: unknown): Refused {
  return error instanceof Refused ? error : new Refused(0, "console.error", String(error));
}

/**
 * Loads when the key changes (null: not at all), on demand, and every so many milliseconds while the page is seen.
 * What was loaded stays until the next answer, unless the key changed.
 */
export function useLoad<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>, every = 0): Loaded<T> {
  const [state, setState] = useState<{ key: string | null; data?: T; error?: Refused; busy: boolean }>({
    key,
    busy: key !== null,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    setState((old) => (old.key === key ? { ...old, busy: true } : { key, busy: true }));
    latest.current(abort.signal).then(
      (data) => abort.signal.aborted || setState({ key, data, busy: false }),
      (error: unknown) => {
        if (!abort.signal.aborted) setState((old) => ({ ...old, error: refused(error), busy: false }));
      },
    );
    return () => abort.abort();
  }, [key, round]);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  useEffect(() => {
    if (every <= 0 || key === null) return;
    const timer = setInterval(() => document.hidden || reload(), every);
    return () => clearInterval(timer);
  }, [every, key, reload]);
  const current = state.key === key;
  return {
    data: current ? state.data : undefined,
    error: current ? state.error : undefined,
    busy: current ? state.busy : key !== null,
    reload,
  };
}
