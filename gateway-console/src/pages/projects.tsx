import { useState } from "preact/hooks";
import { get, url } from "../app/api.ts";
import { go } from "../app/router.ts";
import { Link, type PageProps } from "../app/shell.tsx";
import type { Key, PolicyFile, Project } from "../app/types.ts";
import { useLoad, words } from "../app/use.ts";
import { Badge, Copy, Dialog, Empty, Problem, Time } from "../ui/parts.tsx";
import { handDraft } from "./draft.ts";
import { withKey } from "./keyfile.ts";

export default function Projects({ project, who }: PageProps) {
  const listed = useLoad<{ items: Project[] }>("/api/projects", 10_000);
  const items = listed.data?.items ?? [];
  return (
    <>
      <h1>Projects and keys</h1>
      <Problem text={listed.error} />
      <div class="scroll" tabIndex={0} role="region" aria-label="Projects">
        <table>
          <thead>
            <tr>
              <th>Project</th>
              <th>Mode</th>
              <th>Tells callers</th>
              <th>Rules</th>
              <th>Policy</th>
              <th>Look at</th>
            </tr>
          </thead>
          <tbody>
            {items.map((one) => (
              <tr key={one.project} data-row tabIndex={0}>
                <td>
                  <Link to={`projects?project=${encodeURIComponent(one.project)}`}>{one.project}</Link>
                </td>
                <td>{one.mode}</td>
                <td>{one.explain}</td>
                <td class="number">{one.rules}</td>
                <td class="mono">{one.policy.slice(0, 12)}…</td>
                <td>
                  <Link to={`policies?project=${encodeURIComponent(one.project)}`}>policy</Link>{" "}
                  <Link to={`log?project=${encodeURIComponent(one.project)}`}>log</Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Keys project={project === "" ? "default" : project} admin={who.role === "admin"} />
    </>
  );
}

function Keys({ project, admin }: { project: string; admin: boolean }) {
  const keys = useLoad<{ items: Key[] }>(url("/api/keys", { project }));
  const [minting, setMinting] = useState(false);
  const items = keys.data?.items ?? [];
  return (
    <>
      <h2>Keys of {project}</h2>
      <Problem text={keys.error} />
      {keys.data && items.length === 0 && <Empty>No keys: nobody may call. Make one.</Empty>}
      {items.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Keys">
          <table>
            <thead>
              <tr>
                <th>Key</th>
                <th>Model</th>
                <th>Tools</th>
                <th>Expires</th>
                <th>Last used</th>
                <th>State</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.id} data-row tabIndex={0}>
                  <td>{one.id}</td>
                  <td>{one.model}</td>
                  <td class="wrap mono">{one.tools.join(", ")}</td>
                  <td>
                    <Time at={one.expires} />
                  </td>
                  <td>
                    <Time at={one.last_used} />
                  </td>
                  <td>
                    <Badge state={one.revoked ? "revoked" : one.expired ? "expired" : "active"} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {admin && (
        <p>
          <button onClick={() => setMinting(true)}>New key…</button>
        </p>
      )}
      {minting && <Mint project={project} close={() => setMinting(false)} />}
    </>
  );
}

/** Made in the browser: only the hash goes to the gateway, by way of the editor. */
function Mint({ project, close }: { project: string; close: () => void }) {
  const [model, setModel] = useState("");
  const [id, setId] = useState("");
  const [tools, setTools] = useState("*");
  const [key, setKey] = useState("");
  const [error, setError] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const text = `sgk_${btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "")}`;
    void Promise.all([
      crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
      get<PolicyFile>(url("/api/policy", { project, kind: "model_keys" })),
    ])
      .then(([digest, file]) => {
        const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
        const before = file.inherited ? "" : file.yaml;
        handDraft(project, "model_keys", withKey(before, { model, id, tools: tools.split(",").map((one) => one.trim()), hash }));
        setKey(text);
      })
      .catch((problem: unknown) => setError(words(problem)));
  };
  return (
    <Dialog title={`New key for ${project}`} close={close}>
      {key === "" ? (
        <form onSubmit={submit}>
          <dl>
            <dt>
              <label for="model">Model</label>
            </dt>
            <dd>
              <input id="model" required value={model} onInput={(event) => setModel(event.currentTarget.value)} />
            </dd>
            <dt>
              <label for="id">Name of the key</label>
            </dt>
            <dd>
              <input id="id" required pattern="[A-Za-z0-9_.\-]+" value={id} onInput={(event) => setId(event.currentTarget.value)} />
            </dd>
            <dt>
              <label for="tools">Tools, for a new model</label>
            </dt>
            <dd>
              <input id="tools" required value={tools} onInput={(event) => setTools(event.currentTarget.value)} />
            </dd>
          </dl>
          <Problem text={error} />
          <button class="primary">Make it</button>
        </form>
      ) : (
        <>
          <p>This is the key. It is shown now and never again; the gateway only learns its hash.</p>
          <p class="key">{key}</p>
          <div class="row">
            <Copy text={key} label="Copy" />
            <button class="primary" onClick={() => go(`policies?project=${encodeURIComponent(project)}&kind=model_keys`)}>
              Review and save its hash
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}
