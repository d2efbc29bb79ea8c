import { useState } from "preact/hooks";
import { Dialog } from "../ui/dialog.tsx";
import { get, signOut } from "./api.ts";
import { useLoad } from "./load.ts";
import { PAGES } from "./pages.ts";
import { go, href, put } from "./router.ts";
import { toggleTheme } from "./theme.ts";
import type { Items, Project } from "./types.ts";

interface Command {
  name: string;
  run: () => void;
}

/** Pages, projects and commands by typing a part of their name. */
export function Menu({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const projects = useLoad("projects", (s) => get<Items<Project>>("/api/projects", s));
  const commands: Command[] = [
    ...PAGES.filter((page) => page.key !== undefined).map((page) => ({ name: page.title, run: () => go(href(page.path)) })),
    { name: "Log: denied calls of the last hour", run: () => go(href("/log", { status: "denied", since: "1h" })) },
    { name: "Project: all", run: () => put({ project: null }) },
    ...(projects.data?.items ?? []).map((one) => ({
      name: `Project: ${one.project}`,
      run: () => put({ project: one.project }),
    })),
    { name: "Dark or light", run: toggleTheme },
    { name: "Keys", run: onHelp },
    { name: "Sign out", run: () => void signOut() },
  ];
  const parts = text.toLowerCase().split(/\s+/);
  const fitting = commands.filter((one) => parts.every((part) => one.name.toLowerCase().includes(part)));
  const chosen = Math.min(at, Math.max(0, fitting.length - 1));
  const run = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    command.run();
  };
  return (
    <Dialog title="Menu" onClose={onClose}>
      <input
        class="wide"
        role="combobox"
        aria-label="Page or command"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={fitting.length > 0 ? `command-${chosen}` : undefined}
        autocomplete="off"
        autofocus
        placeholder="Type a page, a project or a command"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt(Math.min(chosen + 1, fitting.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(chosen - 1, 0));
          else if (event.key === "Enter") run(fitting[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <ul class="commands" id="commands" role="listbox" aria-label="Commands">
        {fitting.map((one, index) => (
          <li key={one.name} id={`command-${index}`} role="option" aria-selected={index === chosen} onClick={() => run(one)}>
            {one.name}
          </li>
        ))}
      </ul>
      {fitting.length === 0 && <p class="quiet">Nothing has this name.</p>}
    </Dialog>
  );
}
