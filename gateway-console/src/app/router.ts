import { Cell, useCell } from "./cell.ts";

/** Where the browser is: the path below /dash, and the query. */
export interface Place {
  path: string;
  query: URLSearchParams;
}

const ROOT = "/dash";

function read(): Place {
  const path = location.pathname.startsWith(ROOT) ? location.pathname.slice(ROOT.length) : "/";
  return { path: path === "" ? "/" : path, query: new URLSearchParams(location.search) };
}

export const place = new Cell<Place>(read());
addEventListener("popstate", () => place.set(read()));

export type Parameters = Record<string, string | number | null | undefined>;

/** An address of the console. The project goes along unless named; null takes a parameter away. */
export function href(path: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams();
  const project = place.value.query.get("project");
  if (project !== null && !("project" in parameters)) search.set("project", project);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return `${ROOT}${path}${text === "" ? "" : `?${text}`}`;
}

/** Goes to an address of the console. */
export function go(address: string, replace = false): void {
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  const before = place.value.path;
  place.set(read());
  if (place.value.path !== before) {
    scrollTo(0, 0);
    document.getElementById("main")?.focus({ preventScroll: true });
  }
}

/** Changes parameters of this page. */
export function put(parameters: Parameters, replace = true): void {
  const search = new URLSearchParams(place.value.query);
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null || value === undefined || value === "") search.delete(name);
    else search.set(name, String(value));
  }
  const text = search.toString();
  go(`${location.pathname}${text === "" ? "" : `?${text}`}`, replace);
}

/** Follows the place. */
export function usePlace(): Place {
  return useCell(place);
}

/** The project that the page looks at; empty for all. */
export function useProject(): string {
  return usePlace().query.get("project") ?? "";
}

/** Lets ordinary links within the console change the page without loading it again. */
export function followLinks(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || link.hasAttribute("download") || link.target !== "") return;
    const to = new URL(link.href, location.href);
    if (to.origin !== location.origin || !(to.pathname + "/").startsWith(`${ROOT}/`)) return;
    if (to.pathname === location.pathname && to.hash !== "") return;
    event.preventDefault();
    go(to.pathname + to.search);
  });
}
