import { useState } from "preact/hooks";
import { ask, get, Refused, signedIn } from "../../app/api.ts";
import { useCell } from "../../app/cell.ts";
import { refused, useLoad } from "../../app/load.ts";
import type { Items, Plugin } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Text } from "../../ui/text.tsx";
import { When } from "../../ui/when.tsx";

/** The plugins, in the order in which they look at a call. */
export default function PluginsPage() {
  const loaded = useLoad("plugins", (s) => get<Items<Plugin>>("/api/plugins", s), 3000);
  const items = loaded.data?.items ?? [];
  return (
    <>
      {loaded.error && <Problem error={loaded.error} retry={loaded.reload} />}
      <div class="cards">{items.map((one) => <Card key={one.name} plugin={one} onChanged={loaded.reload} />)}</div>
      {items.length === 0 && !loaded.busy && !loaded.error && (
        <Empty title="No plugins.">
          <p>Put a Python file into <code>plugins/</code> of the configuration directory: it is loaded within two seconds. <code>examples/plugins</code> has two.</p>
        </Empty>
      )}
    </>
  );
}

function Card({ plugin, onChanged }: { plugin: Plugin; onChanged: () => void }) {
  const who = useCell(signedIn);
  const [error, setError] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const turn = async (to: "enable" | "disable"): Promise<void> => {
    setBusy(true);
    try {
      await ask(`/api/plugins/${encodeURIComponent(plugin.name)}/${to}`, { method: "POST", body: {} });
      setError(undefined);
    } catch (thrown) {
      setError(refused(thrown));
    }
    setBusy(false);
    onChanged();
  };
  const isAdmin = who?.role === "admin" && who.projects.length === 0;
  return (
    <article class="card" aria-label={`Plugin ${plugin.name}`}>
      <header>
        <h2 class="mono">{plugin.name}</h2>
        <Badge state={plugin.state} />
        {!plugin.enforcing && <span class="tag">only observes</span>}
        <span class="push" />
        {isAdmin && (plugin.state === "disabled"
          ? <button type="button" class="main" disabled={busy} onClick={() => void turn("enable")}>Enable</button>
          : <button type="button" disabled={busy} onClick={() => void turn("disable")}>Disable</button>)}
      </header>
      <p class="quiet mono">{plugin.file} <span title={plugin.sha256}>{plugin.sha256.slice(0, 12)}</span></p>
      <dl class="facts">
        <div><dt>Calls</dt><dd>{plugin.calls ?? "–"}</dd></div>
        <div><dt>Denials</dt><dd>{plugin.denials ?? "–"}</dd></div>
        <div><dt>Failures</dt><dd class={(plugin.failures ?? 0) > 0 ? "bad-text" : ""}>{plugin.failures ?? "–"}</dd></div>
        <div><dt>Takes</dt><dd>{plugin.mean_ms === null ? "–" : `${plugin.mean_ms} ms on average`}</dd></div>
        <div><dt>Hooks</dt><dd class="mono">{plugin.hooks.join(", ")}</dd></div>
        <div><dt>Projects</dt><dd>{plugin.projects.length === 0 ? "all" : plugin.projects.join(", ")}</dd></div>
        <div><dt>Workers</dt><dd>{plugin.workers}</dd></div>
        <div><dt>Fence</dt><dd>{plugin.sandbox}</dd></div>
        <div><dt>Loaded</dt><dd><When at={plugin.loaded_at} /></dd></div>
      </dl>
      <details>
        <summary>Limits</summary>
        <dl class="facts">{Object.entries(plugin.limits).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      </details>
      {plugin.last_error !== null && <pre class="failure" tabIndex={0} aria-label={`Last error of ${plugin.name}`}><Text value={plugin.last_error} /></pre>}
      {error && <Problem error={error} />}
    </article>
  );
}
