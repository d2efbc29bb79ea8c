import { useEffect, useState } from "preact/hooks";
import { ask, query, Refused } from "../../app/api.ts";
import { refused } from "../../app/load.ts";
import type { Finding, Kind } from "../../app/types.ts";

const PAUSE = 200;

export interface Lint {
  findings: Finding[];
  /** Whether the findings are of the present text. */
  current: boolean;
  error: Refused | undefined;
}

/** What the gateway says of the text, a moment after the last key. */
export function useLint(project: string, kind: Kind, yaml: string): Lint {
  const [told, setTold] = useState<{ of: string; findings: Finding[]; error?: Refused }>({ of: "", findings: [] });
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      ask<{ findings: Finding[] }>(`/api/policy/validate${query({ project, kind })}`, {
        method: "POST",
        body: { yaml },
        signal: abort.signal,
      }).then(
        (answer) => setTold({ of: yaml, findings: answer.body.findings }),
        (error: unknown) => abort.signal.aborted || setTold({ of: yaml, findings: [], error: refused(error) }),
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [project, kind, yaml]);
  return { findings: told.findings, current: told.of === yaml, error: told.error };
}
