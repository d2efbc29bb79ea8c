/** The URL is the state: path and filters. Nothing else of a page is global. */
import { useEffect, useState } from "preact/hooks";

const ROOT = "/dash";

export type Place = { path: string; query: URLSearchParams };

function here(): Place {
  const path = location.pathname.slice(ROOT.length).replace(/^\/+/, "");
  return { path, query: new URLSearchParams(location.search) };
}

const listeners = new Set<() => void>();

addEventListener("popstate", () => listeners.forEach((listener) => listener()));

/** Goes to a path of the console, such as `log?status=denied`. */
export function go(to: string, replace = false): void {
  const target = `${ROOT}/${to}`;
  if (target === location.pathname + location.search) {
    return;
  }
  if (replace) {
    history.replaceState(null, "", target);
  } else {
    history.pushState(null, "", target);
  }
  listeners.forEach((listener) => listener());
}

/** Where the browser is, as it changes. */
export function usePlace(): Place {
  const [place, set] = useState(here);
  useEffect(() => {
    const listener = () => set(here());
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
  return place;
}

/** The address of a path, for links. */
export function href(to: string): string {
  return `${ROOT}/${to}`;
}

/** The same path with other filters. */
export function withQuery(place: Place, changes: Record<string, string>): string {
  const query = new URLSearchParams(place.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") {
      query.delete(name);
    } else {
      query.set(name, value);
    }
  }
  const text = query.toString();
  return text === "" ? place.path : `${place.path}?${text}`;
}
