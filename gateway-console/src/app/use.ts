import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, get } from "./api.ts";

export type Loaded<T> = { data: T | null; error: string; loading: boolean; again: () => void };

/** Loads a path of the API and again when it changes, or every so many milliseconds. */
export function useLoad<T>(path: string | null, everyMs = 0): Loaded<T> {
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState("");
  const [loading, setLoading] = useState(path !== null);
  const latest = useRef("");
  const load = useCallback(() => {
    if (path === null) {
      return;
    }
    latest.current = path;
    get<T>(path)
      .then((body) => {
        if (latest.current === path) {
          setData(body);
          setError("");
        }
      })
      .catch((problem: unknown) => {
        if (latest.current === path) {
          setError(words(problem));
        }
      })
      .finally(() => setLoading(false));
  }, [path]);
  useEffect(() => {
    setLoading(path !== null);
    load();
    if (everyMs > 0) {
      const timer = setInterval(load, everyMs);
      return () => clearInterval(timer);
    }
    return undefined;
  }, [load, everyMs]);
  return { data, error, loading, again: load };
}

/** A problem in words for people. */
export function words(problem: unknown): string {
  if (problem instanceof ApiError) {
    return problem.message;
  }
  return problem instanceof Error ? `The gateway cannot be reached: ${problem.message}` : String(problem);
}
