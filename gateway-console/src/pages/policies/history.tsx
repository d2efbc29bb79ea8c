import { useState } from "preact/hooks";
import { get, query, signedIn } from "../../app/api.ts";
import { useCell } from "../../app/cell.ts";
import { useLoad } from "../../app/load.ts";
import { href, put, usePlace } from "../../app/router.ts";
import type { Kind, Version, VersionDiff } from "../../app/types.ts";
import { Diff } from "../../ui/diff.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Grid } from "../../ui/grid.tsx";
import { unified } from "../../ui/lines.ts";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";
import { When } from "../../ui/when.tsx";
import { Meaning } from "./meaning.tsx";
import { Rollback } from "./rollback.tsx";

/** The versions of a file, newest first: any two compared, any brought back. */
export function History(props: { project: string; kind: Kind; headText: string; etag: string | null; onChanged: () => void }) {
  const { project, kind } = props;
  const place = usePlace();
  const who = useCell(signedIn);
  const [back, setBack] = useState<Version | null>(null);
  const [done, setDone] = useState("");
  const path = `/api/policy/history${query({ project, kind, limit: 200 })}`;
  const loaded = useLoad(path, (s) => get<Version[]>(path, s), 10000);
  const versions = loaded.data ?? [];
  const chosen = [place.query.get("from"), place.query.get("to")].filter((one) => one !== null).map(Number);
  const choose = (ts: number, on: boolean): void => {
    const next = (on ? [...chosen, ts] : chosen.filter((one) => one !== ts)).slice(-2).sort((a, b) => a - b);
    put({ from: next[0] ?? null, to: next[1] ?? null });
  };
  const before = (version: Version): Version | undefined => versions[versions.findIndex((one) => one.ts === version.ts) + 1];
  return (
    <>
      <p class={done === "" ? "quiet" : "note good-text"} role="status">
        {done === "" ? "Tick two versions to compare them." : done}
      </p>
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      {chosen.length === 2 && <Compared project={project} kind={kind} from={chosen[0] as number} to={chosen[1] as number} />}
      {versions.length > 0 && (
        <Grid
          label="Versions"
          rows={versions}
          rowKey={(one) => String(one.ts)}
          current={(one) => one.active}
          columns={[
            { head: "Compare", kind: "tight", cell: (one) => <input type="checkbox" class="open" aria-label={`Compare version ${one.ts}`} checked={chosen.includes(one.ts)} onChange={(event) => choose(one.ts, event.currentTarget.checked)} /> },
            { head: "Version", kind: "tight", cell: (one) => <span class="mono">{one.ts}</span> },
            { head: "Saved", kind: "tight", cell: (one) => <When at={one.ts / 1000} /> },
            { head: "By", kind: "tight", cell: (one) => <Text value={one.author} most={60} /> },
            { head: "From", kind: "tight", cell: (one) => <span class="tag">{one.source}</span> },
            { head: "Message", kind: "grow", cell: (one) => <Message version={one} /> },
            { head: "Actions", kind: "tight", cell: (one) => (
              <span class="actions">
                {before(one) && <button type="button" onClick={() => put({ from: before(one)?.ts, to: one.ts })}>Changes</button>}
                {!one.active && !one.removed && who?.role !== "viewer" && <button type="button" onClick={() => setBack(one)}>Roll back</button>}
              </span>
            ) },
          ]}
        />
      )}
      {versions.length === 0 && !loaded.busy && !loaded.error && (
        <Empty title={`${project} has no versions of its own here.`}>
          <p>It inherits the file of default. A save in the <a href={href("/policies", { kind })}>editor</a> gives it its own.</p>
        </Empty>
      )}
      {back && (
        <Rollback
          project={project}
          kind={kind}
          to={back}
          headText={props.headText}
          etag={props.etag}
          onClose={() => setBack(null)}
          onDone={(said) => {
            setBack(null);
            setDone(said);
            loaded.reload();
            props.onChanged();
          }}
        />
      )}
    </>
  );
}

function Message({ version }: { version: Version }) {
  return (
    <>
      {version.active && <span class="tag good-text">● in force</span>} {version.removed && <span class="tag">file removed</span>}{" "}
      {version.rolled_back_from !== null && <span class="tag">back to {version.rolled_back_from}</span>} <Text value={version.message} most={300} />
    </>
  );
}

function Compared({ project, kind, from, to }: { project: string; kind: Kind; from: number; to: number }) {
  const path = `/api/policy/diff${query({ project, kind, from, to })}`;
  const loaded = useLoad(path, (s) => get<VersionDiff>(path, s));
  if (loaded.error) return <Problem error={loaded.error} retry={loaded.reload} />;
  if (!loaded.data) return <p role="status" class="quiet">Comparing…</p>;
  return (
    <>
      <Meaning of={loaded.data.semantic} />
      <Diff label={`${from} → ${to}`} lines={unified(loaded.data.text)} />
    </>
  );
}
