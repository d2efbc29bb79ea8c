import type { Kind } from "./types.ts";

/** A text that was changed and not saved, with the version it began from. */
export interface Draft {
  yaml: string;
  /** The ETag to save against; null if the project has no file of its own. */
  base: string | null;
}

function name(project: string, kind: Kind): string {
  return `draft ${project} ${kind}`;
}

/** The unsaved text of that file in this tab, if any. */
export function draftOf(project: string, kind: Kind): Draft | null {
  const text = sessionStorage.getItem(name(project, kind));
  if (text === null) return null;
  try {
    return JSON.parse(text) as Draft;
  } catch {
    return null;
  }
}

/** Keeps an unsaved text; null forgets it. */
export function keepDraft(project: string, kind: Kind, draft: Draft | null): void {
  if (draft === null) sessionStorage.removeItem(name(project, kind));
  else sessionStorage.setItem(name(project, kind), JSON.stringify(draft));
}
