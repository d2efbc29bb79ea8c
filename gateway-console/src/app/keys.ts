import { useLayoutEffect, useRef } from "preact/hooks";
import { Cell } from "./cell.ts";

/** One shortcut: what the help sheet shows is what is listened to. */
export interface Shortcut {
  /** Keys as pressed one after the other, such as "g l"; "Ctrl+" stands for the command key too. */
  keys: string;
  what: string;
  group: string;
  run: () => void;
}

const OFF = "securegateway.keys";

/** Whether shortcuts of single letters are on (WCAG 2.1.4). */
export const keysOn = new Cell(localStorage.getItem(OFF) !== "off");
/** All shortcuts that are in force now. */
export const shortcuts = new Cell<Shortcut[]>([]);

/** Turns single-letter shortcuts on or off. */
export function turnKeys(on: boolean): void {
  if (on) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "off");
  keysOn.set(on);
}

/** Puts shortcuts in force while the component is there: from the moment that it is drawn, so that no key is lost. */
export function useKeys(list: Shortcut[]): void {
  const latest = useRef(list);
  latest.current = list;
  const names = list.map((one) => `${one.keys} ${one.what}`).join("\n");
  useLayoutEffect(() => {
    const mine = latest.current.map((one, at) => ({ ...one, run: () => latest.current[at]?.run() }));
    shortcuts.set([...shortcuts.value, ...mine]);
    return () => shortcuts.set(shortcuts.value.filter((one) => !mine.includes(one)));
  }, [names]);
}

function isTyping(target: EventTarget | null): boolean {
  const at = target instanceof Element ? target : null;
  const inner = at?.shadowRoot?.activeElement ?? at;
  return inner?.closest("input, textarea, select, [contenteditable=true]") != null;
}

let begun = "";
let forget = 0;

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const modified = event.ctrlKey || event.metaKey;
  if (event.altKey) return;
  const key = modified ? `Ctrl+${event.key.toLowerCase()}` : event.key;
  if (["Shift", "Control", "Meta", "Alt"].includes(event.key)) return;
  if (!modified && event.key !== "Escape") {
    if (!keysOn.value || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.target as Element).closest("a, button, summary")) return;
  }
  if (event.key === "Escape" && (isTyping(event.target) || document.querySelector("dialog[open]"))) return;
  const tried = begun === "" ? key : `${begun} ${key}`;
  const all = shortcuts.value;
  const hit = all.findLast((one) => one.keys === tried);
  begun = "";
  clearTimeout(forget);
  if (hit) {
    event.preventDefault();
    hit.run();
  } else if (!modified && all.some((one) => one.keys.startsWith(`${key} `))) {
    begun = key;
    forget = setTimeout(() => (begun = ""), 1200) as unknown as number;
  }
}

/** Begins to listen. */
export function listenToKeys(): void {
  document.addEventListener("keydown", pressed);
}
