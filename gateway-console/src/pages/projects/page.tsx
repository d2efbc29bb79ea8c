import { useState } from "preact/hooks";
import { get, query, signedIn } from "../../app/api.ts";
import { useCell } from "../../app/cell.ts";
import { useLoad } from "../../app/load.ts";
import { href, useProject } from "../../app/router.ts";
import { millis, span } from "../../app/time.ts";
import type { Items, Metrics, ModelKey, Project } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Grid } from "../../ui/grid.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";
import { When } from "../../ui/when.tsx";
import { NewKey } from "./newkey.tsx";

/** The projects, what they did since the start, and their keys. */
export default function ProjectsPage() {
  const project = useProject();
  const projects = useLoad("projects", (s) => get<Items<Project>>("/api/projects", s), 10000);
  const metrics = useLoad("metrics", (s) => get<Metrics>("/api/metrics", s), 5000);
  const now = metrics.data;
  const of = (name: string) => now?.by_project.find((one) => one.project === name);
  return (
    <>
      {projects.error && <Problem error={projects.error} retry={projects.reload} />}
      {metrics.error && <Problem error={metrics.error} retry={metrics.reload} />}
      {now && (
        <p class="quiet">
          SecureGateway {now.version}, up for {span(now.uptime_s)}; journal {now.journal.ready ? "ready" : "not ready"} at {now.journal.seq.toLocaleString("en")} events. Counts are since the start.
        </p>
      )}
      <Grid
        label="Projects"
        rows={projects.data?.items ?? []}
        rowKey={(one) => one.project}
        current={(one) => one.project === project}
        columns={[
          { head: "Project", kind: "tight", cell: (one) => <a class="open" href={href("/projects", { project: one.project })}>{one.project}</a> },
          { head: "Mode", kind: "tight", cell: (one) => <Badge state={one.mode} /> },
          { head: "Explain", kind: "tight", cell: (one) => one.explain },
          { head: "Rules", kind: "num", cell: (one) => <a href={href("/policies", { project: one.project })}>{one.rules}</a> },
          { head: "Policy", kind: "grow", cell: (one) => <span class="mono" title={one.policy}>{one.policy.slice(0, 12)}</span> },
          { head: "Allowed", kind: "num", cell: (one) => of(one.project)?.allowed ?? 0 },
          { head: "Denied", kind: "num", cell: (one) => of(one.project)?.denied ?? 0 },
          { head: "Asked", kind: "num", cell: (one) => of(one.project)?.approval_required ?? 0 },
          { head: "Invalid, error", kind: "num", cell: (one) => (of(one.project)?.invalid ?? 0) + (of(one.project)?.error ?? 0) },
          { head: "Median", kind: "num", cell: (one) => latency(of(one.project)?.latency_ms.p50) },
          { head: "99 %", kind: "num", cell: (one) => latency(of(one.project)?.latency_ms.p99) },
        ]}
      />
      <Keys project={project || "default"} />
    </>
  );
}

function latency(ms: number | null | undefined): string {
  return ms === null || ms === undefined || ms === 0 ? "–" : millis(ms);
}

function Keys({ project }: { project: string }) {
  const who = useCell(signedIn);
  const [making, setMaking] = useState(false);
  const path = `/api/keys${query({ project })}`;
  const loaded = useLoad(path, (s) => get<Items<ModelKey>>(path, s), 10000);
  const items = loaded.data?.items ?? [];
  return (
    <section>
      <div class="bar">
        <h2>Keys of {project}</h2>
        <span class="push" />
        {who?.role === "admin" && <a class="button" href={href("/policies", { project, kind: "model_keys" })}>Edit the key file</a>}
        {who?.role === "admin" && <button type="button" class="main" onClick={() => setMaking(true)}>New key</button>}
      </div>
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      {items.length > 0 && (
        <Grid
          label={`Keys of ${project}`}
          keys={false}
          rows={items}
          rowKey={(one) => `${one.model} ${one.id}`}
          columns={[
            { head: "Key", kind: "tight", cell: (one) => <span class="mono">{one.id}</span> },
            { head: "Model", kind: "tight", cell: (one) => <Text value={one.model} /> },
            { head: "State", kind: "tight", cell: (one) => <Badge state={one.revoked ? "revoked" : one.expired ? "expired" : "active"} /> },
            { head: "Tools", kind: "grow", cell: (one) => <span class="mono">{one.tools.join(", ")}</span> },
            { head: "Expires", kind: "tight", cell: (one) => <When at={one.expires} /> },
            { head: "Last used", kind: "tight", cell: (one) => (one.last_used === null ? <span class="quiet">not lately</span> : <When at={one.last_used} />) },
          ]}
        />
      )}
      {items.length === 0 && !loaded.busy && !loaded.error && (
        <Empty title={`${project} has no keys: nobody can call.`}>
          <p>Make one here, or with <code>./securegateway keys new --project {project} --model MODEL --tools "*"</code>.</p>
        </Empty>
      )}
      {making && <NewKey project={project} keys={items} onClose={() => setMaking(false)} />}
    </section>
  );
}
