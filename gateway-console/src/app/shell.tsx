import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Guard } from "../ui/guard.tsx";
import { Problem } from "../ui/problem.tsx";
import { get, signedIn, signOut } from "./api.ts";
import { useCell } from "./cell.ts";
import { HelpSheet } from "./help.tsx";
import { useKeys } from "./keys.ts";
import { refused, useLoad } from "./load.ts";
import { Menu } from "./menu.tsx";
import { type Page, pageOf, PAGES } from "./pages.ts";
import { go, href, put, useProject, usePlace } from "./router.ts";
import { SignIn } from "./signin.tsx";
import { choose, isDark, theme, type Theme, toggleTheme } from "./theme.ts";
import type { Alert, Approval, Items, Project } from "./types.ts";

/** The frame around every page: menu, project, theme, keys; the sign-in while nobody is signed in. */
export function Shell() {
  const who = useCell(signedIn);
  if (who === undefined) return <p class="starting" role="status">Starting…</p>;
  return who === null ? <SignIn /> : <Frame />;
}

function Frame() {
  const place = usePlace();
  const found = pageOf(place.path);
  const [help, setHelp] = useState(false);
  const [menu, setMenu] = useState(false);
  useKeys([
    ...PAGES.filter((page) => page.key !== undefined).map((page) => ({
      keys: `g ${page.key}`,
      what: `Go to ${page.title}`,
      group: "Anywhere",
      run: () => go(href(page.path)),
    })),
    { keys: "?", what: "Show this sheet", group: "Anywhere", run: () => setHelp(true) },
    { keys: "Ctrl+k", what: "Menu of pages and commands", group: "Anywhere", run: () => setMenu(true) },
    { keys: "d", what: "Dark or light", group: "Anywhere", run: toggleTheme },
  ]);
  useEffect(() => {
    document.title = `${found?.page.title ?? "Not found"} · SecureGateway`;
  }, [found?.page]);
  return (
    <div class="frame">
      <a class="skip" href="#main">Skip to the page</a>
      <Side current={found?.page.path ?? ""} />
      <div class="body">
        <Top onHelp={() => setHelp(true)} onMenu={() => setMenu(true)} title={found?.page.title ?? "Not found"} />
        <main id="main" tabIndex={-1}>
          {found ? <Guard key={`${found.page.path} ${found.id}`}><PageView page={found.page} id={found.id} /></Guard> : <p>There is no page at this address.</p>}
        </main>
      </div>
      {help && <HelpSheet onClose={() => setHelp(false)} />}
      {menu && <Menu onClose={() => setMenu(false)} onHelp={() => setHelp(true)} />}
    </div>
  );
}

function PageView({ page, id }: { page: Page; id: string }) {
  const [shown, setShown] = useState<{ page: Page; view?: ComponentType<{ id: string }>; error?: unknown }>({ page });
  useEffect(() => {
    let gone = false;
    page.load().then(
      (module) => gone || setShown({ page, view: module.default }),
      (error: unknown) => gone || setShown({ page, error }),
    );
    return () => void (gone = true);
  }, [page]);
  if (shown.page !== page) return <p role="status" class="quiet">Loading…</p>;
  if (shown.error !== undefined) return <Problem error={refused(shown.error)} retry={() => location.reload()} />;
  const View = shown.view;
  return View ? <View id={id} /> : <p role="status" class="quiet">Loading…</p>;
}

function Side({ current }: { current: string }) {
  const waiting = useLoad("approvals", (s) => get<Items<Approval>>("/api/approvals", s), 15000);
  const open = useLoad("alerts", (s) => get<Items<Alert>>("/api/alerts?state=open&limit=100", s), 15000);
  const counts: Record<string, number> = {
    "/approvals": waiting.data?.items.filter((one) => one.status === "pending").length ?? 0,
    "/alerts": open.data?.items.length ?? 0,
  };
  const shown = current === "/session" ? "/sessions" : current;
  return (
    <nav class="side" aria-label="Pages">
      <a class="brand" href={href("/log")}>
        <svg viewBox="0 0 32 32" aria-hidden="true"><path d="M16 2 4 6v9c0 8 5 13 12 15 7-2 12-7 12-15V6z" /><path class="tick" d="m10 16 4 4 8-9" /></svg>
        SecureGateway
      </a>
      <ul>
        {PAGES.filter((page) => page.key !== undefined).map((page) => (
          <li key={page.path}>
            <a href={href(page.path)} aria-current={page.path === shown ? "page" : undefined}>
              {page.title}
              {(counts[page.path] ?? 0) > 0 && (
                <span class="count">{counts[page.path]}<span class="unseen"> waiting</span></span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Top(props: { title: string; onHelp: () => void; onMenu: () => void }) {
  const who = useCell(signedIn);
  const project = useProject();
  const projects = useLoad("projects", (s) => get<Items<Project>>("/api/projects", s), 30000);
  const names = projects.data?.items.map((one) => one.project) ?? [];
  const chosen = useCell(theme);
  return (
    <header class="top">
      <h1>{props.title}</h1>
      <label class="inline">
        Project
        <select value={project} onChange={(event) => put({ project: event.currentTarget.value, cursor: null })}>
          <option value="">all</option>
          {(names.includes(project) || project === "" ? names : [project, ...names]).map((name) => (
            <option key={name} value={name}>{name}</option>
          ))}
        </select>
      </label>
      <label class="inline">
        Theme
        <select value={chosen} onChange={(event) => choose(event.currentTarget.value as Theme)}>
          <option value="system">system</option>
          <option value="light">light</option>
          <option value="dark">dark</option>
        </select>
      </label>
      <button type="button" class="plain" onClick={props.onMenu} title={`Menu (Ctrl+K); the page is ${isDark() ? "dark" : "light"}`}>Menu <kbd>Ctrl K</kbd></button>
      <button type="button" class="plain" onClick={props.onHelp}>Keys <kbd>?</kbd></button>
      <span class="who">{who?.name} <span class="quiet">{who?.role}</span></span>
      <button type="button" onClick={() => void signOut()}>Sign out</button>
    </header>
  );
}
