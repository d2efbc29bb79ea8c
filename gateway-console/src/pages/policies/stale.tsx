import { useState } from "preact/hooks";
import { get, query } from "../../app/api.ts";
import { useLoad } from "../../app/load.ts";
import type { PolicyFile, VersionText } from "../../app/types.ts";
import { Diff } from "../../ui/diff.tsx";
import { compare, hunks } from "../../ui/lines.ts";
import { Problem } from "../../ui/problem.tsx";

/** Somebody saved another version while this draft was written: nothing is lost, but it has to be looked at. */
export function Stale(props: { file: PolicyFile; base: string | null; etag: string | null; text: string; onRebase: () => void; onDrop: () => void }) {
  const [shown, setShown] = useState(false);
  const { project, kind } = props.file;
  const ts = props.base?.replace(/\D/g, "") ?? "";
  const path = `/api/policy/history/${ts}${query({ project, kind })}`;
  const old = useLoad(shown && ts !== "" ? path : null, (s) => get<VersionText>(path, s));
  return (
    <section class="note warn-note" role="alert">
      <p><strong>A newer version was saved while you were writing.</strong> Your text is kept. Look at what changed, take it over into your text where you want it, then go on from the newest version.</p>
      <p class="actions">
        <button type="button" onClick={() => setShown(!shown)} aria-expanded={shown}>What others changed</button>
        <button type="button" class="main" onClick={props.onRebase}>Go on from the newest version</button>
        <button type="button" onClick={props.onDrop}>Take theirs, throw mine away</button>
      </p>
      {shown && old.error && <Problem error={old.error} />}
      {shown && (old.data || ts === "") && <Diff label="Saved by others" lines={hunks(compare(old.data?.yaml ?? "", props.file.yaml))} />}
    </section>
  );
}
