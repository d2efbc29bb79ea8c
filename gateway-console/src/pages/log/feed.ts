import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Refused } from "../../app/api.ts";
import { get, whoAmI } from "../../app/api.ts";
import { apiQuery, type Filter } from "../../app/filter.ts";
import { refused } from "../../app/load.ts";
import type { Items, Row } from "../../app/types.ts";

const PAGE = 100;
/** The most rows that a live view keeps; further back, without a gap, leads the still one. */
export const MOST = 2000;

export interface Feed {
  rows: Row[];
  next: string | null;
  error: Refused | undefined;
  busy: boolean;
  /** Whether calls fell out at the far end, because a live view keeps only so many. */
  cut: boolean;
  /** connecting, live, ended; null while the view is still. */
  live: "connecting" | "live" | "ended" | null;
  /** How many calls came since the page was opened. */
  came: number;
  older: () => void;
  again: () => void;
}

/** Newer rows before older ones; a call's end takes the place of its beginning. */
export function merge(fresh: Row[], old: Row[]): Row[] {
  const byCall = new Map<string, Row>();
  for (const row of [...old, ...fresh]) {
    const known = byCall.get(row.trace_id);
    if (!known || known.status === "pending" || row.seq > known.seq) byCall.set(row.trace_id, row);
  }
  return [...byCall.values()].sort((a, b) => b.seq - a.seq || (a.timestamp < b.timestamp ? 1 : -1));
}

interface State {
  rows: Row[];
  next: string | null;
  error?: Refused | undefined;
  busy: boolean;
  live: Feed["live"];
  came: number;
  cut: boolean;
}

const NOTHING: State = { rows: [], next: null, busy: true, live: null, came: 0, cut: false };

/** The rows that fit: loaded by pages, and while live also as they happen. Live begins before the first page is asked, so nothing falls in between. */
export function useFeed(filter: Filter, project: string, live: boolean): Feed {
  const [state, setState] = useState<State>(NOTHING);
  const [round, setRound] = useState(0);
  const key = JSON.stringify([filter, project]);
  const latest = useRef({ filter, project });
  latest.current = { filter, project };

  useEffect(() => {
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      const asked = apiQuery(latest.current.filter, latest.current.project, { limit: PAGE });
      try {
        const page = await get<Items<Row>>(`/api/logs${asked}`, abort.signal);
        setState((old) => ({ ...old, rows: merge(page.items, old.rows), next: page.next_cursor ?? null, busy: false, error: undefined }));
      } catch (error) {
        if (!abort.signal.aborted) setState((old) => ({ ...old, error: refused(error), busy: false }));
      }
    };
    setState({ ...NOTHING, live: live ? "connecting" : null });
    if (!live) {
      void load();
      return () => abort.abort();
    }
    const source = new EventSource(`/api/logs/tail${apiQuery(latest.current.filter, latest.current.project)}`);
    let waiting: Row[] = [];
    let timer = 0;
    let loaded = false;
    const show = (): void => {
      timer = 0;
      const fresh = waiting;
      waiting = [];
      setState((old) => {
        const all = merge(fresh, old.rows);
        const cut = old.cut || all.length > MOST;
        return { ...old, rows: all.slice(0, MOST), next: cut ? null : old.next, cut, came: old.came + fresh.length };
      });
    };
    source.onopen = () => {
      setState((old) => ({ ...old, live: "live" }));
      if (!loaded) void load();
      loaded = true;
    };
    source.onmessage = (event: MessageEvent<string>) => {
      waiting.push(JSON.parse(event.data) as Row);
      if (timer === 0) timer = setTimeout(show, 100) as unknown as number;
    };
    source.onerror = () => {
      const ended = source.readyState === EventSource.CLOSED;
      setState((old) => ({ ...old, live: ended ? "ended" : "connecting" }));
      if (!loaded) void load();
      loaded = true;
      if (ended) whoAmI().catch(() => undefined);
    };
    return () => {
      abort.abort();
      source.close();
      clearTimeout(timer);
    };
  }, [key, live, round]);

  const older = useCallback(() => {
    if (state.next === null) return;
    const { filter: now, project: at } = latest.current;
    setState((old) => ({ ...old, busy: true }));
    get<Items<Row>>(`/api/logs${apiQuery(now, at, { limit: PAGE, cursor: state.next })}`).then(
      (page) => setState((old) => ({ ...old, rows: merge(page.items, old.rows), next: page.next_cursor ?? null, busy: false })),
      (error: unknown) => setState((old) => ({ ...old, error: refused(error), busy: false })),
    );
  }, [state.next]);
  return { ...state, error: state.error, older, again: () => setRound((n) => n + 1) };
}
