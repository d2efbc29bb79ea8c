/** Light or dark: the system's choice until somebody makes their own. */
export type Theme = "system" | "light" | "dark";

const KEY = "theme";

export function theme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

export function setTheme(next: Theme): void {
  localStorage.setItem(KEY, next);
  apply();
}

export function apply(): void {
  const chosen = theme();
  document.documentElement.dataset["theme"] = chosen;
}
