import { useState } from "preact/hooks";
import { post } from "../app/api.ts";
import type { PageProps } from "../app/shell.tsx";
import type { Plugin } from "../app/types.ts";
import { useLoad, words } from "../app/use.ts";
import { Badge, Empty, Problem } from "../ui/parts.tsx";

export default function Plugins({ who }: PageProps) {
  const plugins = useLoad<{ items: Plugin[] }>("/api/plugins", 5_000);
  const [error, setError] = useState("");
  const items = plugins.data?.items ?? [];
  const turn = (name: string, on: boolean) => {
    post(`/api/plugins/${encodeURIComponent(name)}/${on ? "enable" : "disable"}`)
      .then(plugins.again)
      .catch((problem: unknown) => setError(words(problem)));
  };
  return (
    <>
      <h1>Plugins</h1>
      <p class="quiet">Asked in this order, after the policy allowed a call.</p>
      <Problem text={plugins.error || error} />
      {plugins.data && items.length === 0 && <Empty>No plugins. Drop a Python file into plugins/.</Empty>}
      {items.map((one) => (
        <section key={one.name} class="card" data-row tabIndex={0} aria-label={one.name}>
          <h2>
            {one.name} <Badge state={one.state} />
          </h2>
          <dl>
            <dt>File</dt>
            <dd class="mono">
              {one.file}, {one.sha256.slice(0, 12)}…
            </dd>
            <dt>Does</dt>
            <dd>
              {one.enforcing ? "enforces" : "observes"}: {one.hooks.join(", ") || "nothing"}
            </dd>
            <dt>Runs in</dt>
            <dd>
              {one.workers} workers, fence: {one.sandbox || "none"}
            </dd>
            <dt>So far</dt>
            <dd>
              {one.calls} calls, {one.denials} refused, {one.failures} failed, {one.mean_ms.toFixed(2)} ms on average
            </dd>
            {one.last_error !== null && (
              <>
                <dt>Last error</dt>
                <dd class="bad">{one.last_error}</dd>
              </>
            )}
          </dl>
          {who.role === "admin" && (
            <button onClick={() => turn(one.name, one.state === "disabled")}>
              {one.state === "disabled" ? "Enable" : "Disable"}
            </button>
          )}
        </section>
      ))}
    </>
  );
}
