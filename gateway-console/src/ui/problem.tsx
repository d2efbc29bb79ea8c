import type { Refused } from "../app/api.ts";
import { Text } from "./text.tsx";

/** What went wrong, in the gateway's words, with its code. */
export function Problem({ error, retry }: { error: Refused; retry?: () => void }) {
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{error.status === 0 ? "No answer" : `Refused (${error.status})`}: </strong>
        <Text value={error.message} />
      </p>
      <p class="quiet">
        <code>{error.code}</code> {retry && <button type="button" onClick={retry}>Try again</button>}
      </p>
    </div>
  );
}
