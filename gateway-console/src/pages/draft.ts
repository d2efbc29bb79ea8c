/** Drafts that another page hands to the editor, or the editor to another page; they outlive a reload, not the tab. */

const name = (project: string, kind: string) => `draft/${project}/${kind}`;

export function handDraft(project: string, kind: string, text: string): void {
  sessionStorage.setItem(name(project, kind), text);
}

export function peekDraft(project: string, kind: string): string | null {
  return sessionStorage.getItem(name(project, kind));
}

export function takeDraft(project: string, kind: string): string | null {
  const text = peekDraft(project, kind);
  sessionStorage.removeItem(name(project, kind));
  return text;
}
