import { parseExact } from "./exact.ts";
import { Cell } from "./cell.ts";
import type { Finding, SignedIn } from "./types.ts";

/** Who is signed in: undefined until known, null if nobody. */
export const signedIn = new Cell<SignedIn | null | undefined>(undefined);

/** An answer that is no success, in the gateway's words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail);
  }

  /** The findings that came with it, if any. */
  get findings(): Finding[] {
    return Array.isArray(this.body.findings) ? (this.body.findings as Finding[]) : [];
  }
}

export interface Ask {
  method?: "GET" | "PUT" | "POST" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answer<T> {
  body: T;
  /** Its ETag, as it stands in the header. */
  etag: string | null;
}

/** Parameters as a query, those without a value left out. */
export function query(parameters: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

async function refusal(response: Response): Promise<Refused> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    const code = String(body.title ?? body.error ?? response.status);
    return new Refused(response.status, code, String(body.detail ?? body.reason ?? code), body);
  } catch {
    return new Refused(response.status, String(response.status), text.slice(0, 500) || response.statusText);
  }
}

/** Asks the gateway. Throws {@link Refused} for everything that is no success. */
export async function ask<T>(path: string, how: Ask = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { accept: "application/json", ...how.headers };
  const method = how.method ?? "GET";
  if (method !== "GET") headers["x-csrf-token"] = signedIn.value?.csrf ?? "";
  if (how.body !== undefined) headers["content-type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: how.body === undefined ? null : JSON.stringify(how.body),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: how.signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused(0, "gateway.unreachable", "The gateway does not answer. Is it still running?");
  }
  if (response.ok) {
    const text = await response.text();
    return { body: (text === "" ? undefined : parseExact(text)) as T, etag: response.headers.get("etag") };
  }
  const refused = await refusal(response);
  if (refused.status === 401 && signedIn.value) signedIn.set(null);
  throw refused;
}

/** The body alone. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask<T>(path, signal ? { signal } : {})).body;
}

/** Asks who is signed in. */
export async function whoAmI(): Promise<void> {
  const response = await fetch("/dash/session", { credentials: "same-origin", cache: "no-store" });
  signedIn.set(response.ok ? ((await response.json()) as SignedIn) : null);
}

/** Signs in with an admin key. */
export async function signIn(key: string): Promise<void> {
  signedIn.set((await ask<SignedIn>("/dash/session", { method: "POST", body: { key } })).body);
}

/** Signs out; whatever the answer, this page forgets. */
export async function signOut(): Promise<void> {
  try {
    await ask("/dash/session", { method: "DELETE" });
  } finally {
    sessionStorage.clear();
    signedIn.set(null);
  }
}
