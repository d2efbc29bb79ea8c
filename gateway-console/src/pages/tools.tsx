import { url } from "../app/api.ts";
import { Link, type PageProps } from "../app/shell.tsx";
import type { Tool } from "../app/types.ts";
import { useLoad } from "../app/use.ts";
import { Data, Empty, Problem } from "../ui/parts.tsx";

export default function Tools({ project }: PageProps) {
  const owner = project === "" ? "default" : project;
  const tools = useLoad<{ items: Tool[] }>(url("/api/tools", { project: owner }));
  const items = tools.data?.items ?? [];
  return (
    <>
      <h1>Tools of {owner}</h1>
      <Problem text={tools.error} />
      {tools.data && items.length === 0 && (
        <Empty>No tool is known. List them under an upstream's tools: in gateway.yaml, or put schemas into schemas/.</Empty>
      )}
      {items.map((one) => (
        <section key={one.tool} class="card" data-row tabIndex={0} aria-label={one.tool}>
          <h2 class="mono">{one.tool}</h2>
          <dl>
            <dt>Upstream</dt>
            <dd>{one.upstream ?? "none takes it"}</dd>
            <dt>Labels</dt>
            <dd>{one.labels.length === 0 ? "none" : one.labels.join(", ")}</dd>
          </dl>
          <div class="row">
            <Link to={`log?project=${encodeURIComponent(owner)}&tool=${encodeURIComponent(one.tool)}&live=off`}>Its calls</Link>
          </div>
          {one.input_schema !== undefined && (
            <details>
              <summary>Schema of its input</summary>
              <Data value={one.input_schema} label={`Input of ${one.tool}`} />
            </details>
          )}
          {one.output_schema !== undefined && (
            <details>
              <summary>Schema of its output</summary>
              <Data value={one.output_schema} label={`Output of ${one.tool}`} />
            </details>
          )}
        </section>
      ))}
    </>
  );
}
