/** All shortcuts in one table: it handles them and is the help sheet. */
import { useEffect } from "preact/hooks";
import { go } from "./router.ts";

export type Shortcut = { keys: string; does: string; run: () => void };

const KEY = "shortcuts";

export function shortcutsOn(): boolean {
  return localStorage.getItem(KEY) !== "off";
}

export function setShortcuts(on: boolean): void {
  localStorage.setItem(KEY, on ? "on" : "off");
}

function click(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.click();
}

/** Moves the focus among the rows of the table that is shown. */
function row(step: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.focus();
}

export const SHORTCUTS: Shortcut[] = [
  { keys: "g l", does: "Log", run: () => go("log") },
  { keys: "g s", does: "Sessions", run: () => go("sessions") },
  { keys: "g p", does: "Policies", run: () => go("policies") },
  { keys: "g r", does: "Replay", run: () => go("replay") },
  { keys: "g a", does: "Alerts", run: () => go("alerts") },
  { keys: "g v", does: "Approvals", run: () => go("approvals") },
  { keys: "/", does: "To the filter", run: () => document.querySelector<HTMLElement>("[data-filter]")?.focus() },
  { keys: "j", does: "Next row", run: () => row(1) },
  { keys: "k", does: "Previous row", run: () => row(-1) },
  { keys: ".", does: "Pause or resume the live log", run: () => click("[data-live]") },
  { keys: "?", does: "This help", run: () => click("[data-help]") },
];

export function useShortcuts(): void {
  useEffect(() => {
    let before = "";
    const listener = (event: KeyboardEvent) => {
      const target = event.composedPath()[0] as HTMLElement | undefined;
      const typing = target?.closest?.("input, textarea, select, [contenteditable]") != null;
      if (typing || !shortcutsOn() || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      const typed = before === "g" ? `g ${event.key}` : event.key;
      before = event.key;
      const found = SHORTCUTS.find((one) => one.keys === typed);
      if (found) {
        event.preventDefault();
        found.run();
      }
    };
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}
