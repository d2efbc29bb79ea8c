/** The shapes of the admin API (docs/http-api.md): below types/ is the only place where they are written down here. */
export type * from "./types/calls.ts";
export type * from "./types/inventory.ts";
export type * from "./types/replay.ts";
