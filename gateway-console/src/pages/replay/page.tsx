import { ask, get } from "../../app/api.ts";
import { useLoad } from "../../app/load.ts";
import { href, put, usePlace } from "../../app/router.ts";
import type { Items, Replay } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Grid } from "../../ui/grid.tsx";
import { Problem } from "../../ui/problem.tsx";
import { When } from "../../ui/when.tsx";
import { Choose } from "./choose.tsx";
import { ReportView } from "./report.tsx";

/** What another policy would have said to recorded sessions. */
export default function ReplayPage() {
  const id = usePlace().query.get("id");
  return id === null ? <Start /> : <One key={id} id={id} />;
}

function Start() {
  const list = useLoad("replays", (s) => get<Items<Replay>>("/api/replay", s), 5000);
  return (
    <>
      <Choose onStarted={(id) => put({ id }, false)} />
      {list.error && <Problem error={list.error} retry={list.reload} />}
      {(list.data?.items.length ?? 0) > 0 && (
        <section>
          <h2>Replays of the last hour</h2>
          <Grid
            label="Replays"
            rows={list.data?.items ?? []}
            rowKey={(one) => one.id}
            columns={[
              { head: "Started", kind: "tight", cell: (one) => <a class="open" href={href("/replay", { id: one.id })}><When at={one.created} /></a> },
              { head: "State", kind: "tight", cell: (one) => <Badge state={one.state} /> },
              { head: "By", kind: "tight", cell: (one) => one.by },
              { head: "Projects", kind: "grow", cell: (one) => (one.projects.length === 0 ? "all" : one.projects.join(", ")) },
              { head: "Sessions", kind: "num", cell: (one) => one.progress.sessions },
            ]}
          />
        </section>
      )}
    </>
  );
}

function One({ id }: { id: string }) {
  const place = usePlace();
  const path = `/api/replay/${encodeURIComponent(id)}`;
  const loaded = useLoad(path, (s) => get<Replay>(path, s));
  const running = loaded.data === undefined || loaded.data.state === "running";
  useLoad(running && !loaded.error ? `${path} again` : null, async () => loaded.reload(), 700);
  const replay = loaded.data;
  const cancel = (): void => void ask(path, { method: "DELETE" }).then(loaded.reload, loaded.reload);
  return (
    <>
      <div class="bar">
        <a class="button" href={href("/replay", { candidate: place.query.get("candidate") })}>New replay</a>
        {replay && <Badge state={replay.state} />}
        {replay && <span class="quiet">{replay.progress.sessions} sessions judged, started by {replay.by} at <When at={replay.created} /></span>}
        <span class="push" />
        {replay?.state === "running" && <button type="button" onClick={cancel}>Cancel</button>}
      </div>
      {replay?.state === "running" && (
        <progress aria-label="How far the replay is" {...(replay.progress.share === null ? {} : { value: replay.progress.share, max: 1 })} />
      )}
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      {replay?.error !== undefined && <p class="problem" role="alert">{replay.error}</p>}
      {replay?.state === "cancelled" && <p class="note">The replay was cancelled; nothing of it is kept.</p>}
      {replay?.report && <ReportView report={replay.report} />}
    </>
  );
}
