import type { ComponentType } from "preact";

/** A page of the console; its code is fetched when it is first looked at. */
export interface Page {
  path: string;
  title: string;
  /** The letter after g. */
  key?: string;
  load: () => Promise<{ default: ComponentType<{ id: string }> }>;
}

/** The pages in the order of the menu; those without a key are reached from others. */
export const PAGES: Page[] = [
  { path: "/log", title: "Live log", key: "l", load: () => import("../pages/log/page.tsx") },
  { path: "/sessions", title: "Sessions", key: "s", load: () => import("../pages/sessions/page.tsx") },
  { path: "/session", title: "Session trace", load: () => import("../pages/trace/page.tsx") },
  { path: "/policies", title: "Policies", key: "p", load: () => import("../pages/policies/page.tsx") },
  { path: "/replay", title: "Replay", key: "r", load: () => import("../pages/replay/page.tsx") },
  { path: "/approvals", title: "Approvals", key: "o", load: () => import("../pages/approvals/page.tsx") },
  { path: "/alerts", title: "Alerts", key: "a", load: () => import("../pages/alerts/page.tsx") },
  { path: "/plugins", title: "Plugins", key: "u", load: () => import("../pages/plugins/page.tsx") },
  { path: "/tools", title: "Tools", key: "t", load: () => import("../pages/tools/page.tsx") },
  { path: "/projects", title: "Projects and keys", key: "k", load: () => import("../pages/projects/page.tsx") },
];

/** The page of a path and what follows its name; null if there is none. */
export function pageOf(path: string): { page: Page; id: string } | null {
  const [, first = "", id = ""] = path.split("/");
  const page = PAGES.find((one) => one.path === (first === "" ? "/log" : `/${first}`));
  return page ? { page, id: safeDecode(id) } : null;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
