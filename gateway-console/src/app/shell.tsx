import type { ComponentChildren } from "preact";
import { lazy, Suspense } from "preact/compat";
import { useEffect, useRef, useState } from "preact/hooks";
import { SHORTCUTS, setShortcuts, shortcutsOn, useShortcuts } from "./keys.ts";
import { go, href, usePlace, withQuery, type Place } from "./router.ts";
import { setTheme, theme, type Theme } from "./theme.ts";
import type { Project } from "./types.ts";
import { useLoad } from "./use.ts";

export type Who = { name: string; role: "viewer" | "editor" | "admin"; projects: string[]; csrf: string };

/** What every page gets: where it is, who looks, and the chosen project (empty for all). */
export type PageProps = { place: Place; who: Who; project: string; projects: string[] };

const PAGES = {
  log: { title: "Log", page: lazy(() => import("../pages/log.tsx")) },
  sessions: { title: "Sessions", page: lazy(() => import("../pages/sessions.tsx")) },
  trace: { title: "Session", page: lazy(() => import("../pages/trace.tsx")) },
  approvals: { title: "Approvals", page: lazy(() => import("../pages/approvals.tsx")) },
  alerts: { title: "Alerts", page: lazy(() => import("../pages/alerts.tsx")) },
  policies: { title: "Policies", page: lazy(() => import("../pages/policies.tsx")) },
  replay: { title: "Replay", page: lazy(() => import("../pages/replay.tsx")) },
  tools: { title: "Tools", page: lazy(() => import("../pages/tools.tsx")) },
  plugins: { title: "Plugins", page: lazy(() => import("../pages/plugins.tsx")) },
  projects: { title: "Projects and keys", page: lazy(() => import("../pages/projects.tsx")) },
};
const MENU: (keyof typeof PAGES)[][] = [
  ["log", "sessions", "approvals", "alerts"],
  ["policies", "replay"],
  ["tools", "plugins", "projects"],
];

export function Shell({ who, leave }: { who: Who; leave: () => void }) {
  const place = usePlace();
  const help = useRef<HTMLDialogElement>(null);
  useShortcuts();
  const name = place.path.split("/")[0] || "log";
  const found = name in PAGES ? PAGES[name as keyof typeof PAGES] : null;
  const listed = useLoad<{ items: Project[] }>("/api/projects", 30_000);
  const projects = (listed.data?.items ?? []).map((one) => one.project);
  const project = place.query.get("project") ?? "";
  useEffect(() => {
    if (place.path === "") {
      go("log", true);
    }
    document.title = `${found?.title ?? "Nothing here"} · SecureGateway`;
  }, [place.path, found]);
  const Page = found?.page;
  return (
    <div class="frame">
      <header>
        <a class="skip" href="#main">
          To the content
        </a>
        <span class="brand">SecureGateway</span>
        <label class="inline">
          Project{" "}
          <select value={project} onChange={(event) => go(withQuery(place, { project: event.currentTarget.value }))}>
            <option value="">all</option>
            {projects.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        <span class="grow" />
        <ThemeChoice />
        <button class="plain" data-help onClick={() => help.current?.showModal()} title="Shortcuts (?)">
          Keys
        </button>
        <span class="quiet">
          {who.name} · {who.role}
        </span>
        <button class="plain" onClick={leave}>
          Sign out
        </button>
      </header>
      <nav aria-label="Pages">
        {MENU.map((group, at) => (
          <ul key={at}>
            {group.map((one) => (
              <li key={one}>
                <Link to={project === "" ? one : `${one}?project=${project}`} current={one === name}>
                  {PAGES[one].title}
                </Link>
              </li>
            ))}
          </ul>
        ))}
      </nav>
      <main id="main" tabIndex={-1}>
        {Page ? (
          <Suspense fallback={<p class="quiet">Loading…</p>}>
            <Page place={place} who={who} project={project} projects={projects} />
          </Suspense>
        ) : (
          <p>There is no such page.</p>
        )}
      </main>
      <Help dialog={help} />
    </div>
  );
}

/** A link that stays in the console. */
export function Link({ to, current, children }: { to: string; current?: boolean; children: ComponentChildren }) {
  const click = (event: MouseEvent) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go(to);
    }
  };
  return (
    <a href={href(to)} onClick={click} aria-current={current ? "page" : undefined}>
      {children}
    </a>
  );
}

function ThemeChoice() {
  const [chosen, choose] = useState<Theme>(theme());
  return (
    <label class="inline">
      Theme{" "}
      <select
        value={chosen}
        onChange={(event) => {
          const next = event.currentTarget.value as Theme;
          setTheme(next);
          choose(next);
        }}
      >
        <option value="system">system</option>
        <option value="light">light</option>
        <option value="dark">dark</option>
      </select>
    </label>
  );
}

function Help({ dialog }: { dialog: { current: HTMLDialogElement | null } }) {
  const [on, setOn] = useState(shortcutsOn());
  return (
    <dialog ref={dialog} aria-labelledby="help-title">
      <h2 id="help-title">Shortcuts</h2>
      <table>
        <tbody>
          {SHORTCUTS.map((one) => (
            <tr key={one.keys}>
              <th scope="row">
                <kbd>{one.keys}</kbd>
              </th>
              <td>{one.does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="inline">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => {
            setShortcuts(event.currentTarget.checked);
            setOn(event.currentTarget.checked);
          }}
        />{" "}
        Shortcuts are on
      </label>
      <p>
        <button onClick={() => dialog.current?.close()}>Close</button>
      </p>
    </dialog>
  );
}
