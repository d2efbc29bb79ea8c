import { get, query } from "../../app/api.ts";
import { useLoad } from "../../app/load.ts";
import { href, put, useProject, usePlace } from "../../app/router.ts";
import type { Items, Tool } from "../../app/types.ts";
import { Empty } from "../../ui/empty.tsx";
import { Grid } from "../../ui/grid.tsx";
import { JsonView } from "../../ui/json.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";

/** The known tools of a project, with their schemas. */
export default function ToolsPage() {
  const place = usePlace();
  const project = useProject() || "default";
  const path = `/api/tools${query({ project })}`;
  const loaded = useLoad(path, (s) => get<Items<Tool>>(path, s));
  const items = loaded.data?.items ?? [];
  const chosen = items.find((one) => one.tool === place.query.get("tool")) ?? items[0];
  if (loaded.error) return <Problem error={loaded.error} retry={loaded.reload} />;
  if (items.length === 0 && !loaded.busy) {
    return (
      <Empty title={`No tools are known in ${project}.`}>
        <p>A tool is known if an upstream of the project lists it in <code>gateway.yaml</code>, or if it has a schema in <code>schemas/</code>.</p>
      </Empty>
    );
  }
  return (
    <div class="beside">
      <Grid
        label={`Tools of ${project}`}
        rows={items}
        rowKey={(one) => one.tool}
        current={(one) => one === chosen}
        columns={[
          { head: "Tool", kind: "tight", cell: (one) => <button type="button" class="open value mono" aria-pressed={one === chosen} onClick={() => put({ tool: one.tool })}><Text value={one.tool} most={80} /></button> },
          { head: "Upstream", kind: "tight", cell: (one) => one.upstream ?? <span class="quiet">none</span> },
          { head: "Labels", kind: "grow", cell: (one) => one.labels.map((label) => <span key={label} class="tag">{label}</span>) },
          { head: "Schemas", kind: "tight", cell: (one) => [one.input_schema && "input", one.output_schema && "output"].filter(Boolean).join(", ") || <span class="quiet">none</span> },
        ]}
      />
      {chosen && (
        <article class="call" aria-label={`Tool ${chosen.tool}`}>
          <header>
            <h2 class="mono"><Text value={chosen.tool} /></h2>
            <span class="push" />
            <a class="button" href={href("/log", { tool: chosen.tool })}>Its calls</a>
          </header>
          <h3>Input</h3>
          {chosen.input_schema ? <JsonView key={`${chosen.tool} in`} value={chosen.input_schema} label="Input schema" /> : <p class="quiet">No schema: any arguments pass, if the policy allows the call.</p>}
          <h3>Output</h3>
          {chosen.output_schema ? <JsonView key={`${chosen.tool} out`} value={chosen.output_schema} label="Output schema" /> : <p class="quiet">No schema: any result passes.</p>}
        </article>
      )}
    </div>
  );
}
