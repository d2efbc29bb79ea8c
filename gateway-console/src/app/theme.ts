import { Cell } from "./cell.ts";

export type Theme = "system" | "light" | "dark";
const NAME = "securegateway.theme";

function stored(): Theme {
  const text = localStorage.getItem(NAME);
  return text === "light" || text === "dark" ? text : "system";
}

export const theme = new Cell<Theme>(stored());

/** Whether the page is dark now. */
export function isDark(): boolean {
  return theme.value === "dark" || (theme.value === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** Shows the page as chosen. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value;
}

/** Chooses and remembers. */
export function choose(next: Theme): void {
  if (next === "system") localStorage.removeItem(NAME);
  else localStorage.setItem(NAME, next);
  theme.set(next);
  applyTheme();
}

/** The other of light and dark. */
export function toggleTheme(): void {
  choose(isDark() ? "light" : "dark");
}
