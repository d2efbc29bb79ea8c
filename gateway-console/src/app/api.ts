/** The admin API: one way to ask, one form of error. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What the gateway said instead of an answer, in its own words. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly body: Record<string, Json>;

  constructor(status: number, code: string, detail: string, body: Record<string, Json>) {
    super(detail);
    this.status = status;
    this.code = code;
    this.body = body;
  }
}

let csrf = "";
let lost: () => void = () => {};

/** What writes have to bear, and whom to tell when the session has ended. */
export function signedIn(token: string, whenLost: () => void): void {
  csrf = token;
  lost = whenLost;
}

export type Answer<T> = { body: T; etag: string | null };

/** Asks; throws {@link ApiError}. */
export async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetch(path, {
    method,
    headers: {
      ...headers,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(method === "GET" ? {} : { "x-csrf-token": csrf }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  const parsed = parse(text);
  if (!response.ok) {
    const problem = (parsed ?? {}) as Record<string, Json>;
    if (response.status === 401 && !path.startsWith("/dash/")) {
      lost();
    }
    throw new ApiError(
      response.status,
      String(problem["title"] ?? problem["error"] ?? response.status),
      String(problem["detail"] ?? problem["reason"] ?? `The gateway answered ${response.status}.`),
      problem,
    );
  }
  return { body: parsed as T, etag: response.headers.get("etag") };
}

function parse(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

export async function get<T>(path: string): Promise<T> {
  return (await ask<T>("GET", path)).body;
}

export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  return (await ask<T>("POST", path, body)).body;
}

/** A path with those parameters that are set. */
export function url(path: string, query: Record<string, string | number | undefined | null>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") {
      parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
}
