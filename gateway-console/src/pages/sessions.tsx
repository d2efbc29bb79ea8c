import { url } from "../app/api.ts";
import { go, withQuery } from "../app/router.ts";
import { Link, type PageProps } from "../app/shell.tsx";
import type { Session } from "../app/types.ts";
import { useLoad } from "../app/use.ts";
import { Empty, Problem, Time } from "../ui/parts.tsx";

export default function Sessions({ place, project }: PageProps) {
  const status = place.query.get("status") ?? "";
  const sessions = useLoad<{ items: Session[] }>(url("/api/sessions", { project, status, limit: 200 }), 10_000);
  const items = sessions.data?.items ?? [];
  return (
    <>
      <h1>Sessions</h1>
      <div class="row">
        <label class="inline">
          With a call that was{" "}
          <select data-filter value={status} onChange={(event) => go(withQuery(place, { status: event.currentTarget.value }))}>
            {["", "allowed", "denied", "approval_required", "invalid", "error"].map((one) => (
              <option key={one} value={one}>
                {one === "" ? "anything" : one.replace("_", " ")}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Problem text={sessions.error} />
      {sessions.data && items.length === 0 ? (
        <Empty>No sessions yet. They appear with the first call.</Empty>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Sessions">
          <table>
            <thead>
              <tr>
                <th>Last call</th>
                <th>Session</th>
                <th>Project</th>
                <th>Model</th>
                <th>Calls</th>
                <th>Denied</th>
                <th>Risk</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => {
                const to = `trace/${encodeURIComponent(one.project)}/${encodeURIComponent(one.uid)}`;
                return (
                  <tr key={one.uid} data-row tabIndex={0} onKeyDown={(event) => event.key === "Enter" && go(to)}>
                    <td>
                      <Time at={one.last_time} />
                    </td>
                    <td class="mono">
                      <Link to={to}>{one.session_id}</Link>
                    </td>
                    <td>{one.project}</td>
                    <td>{one.model_id}</td>
                    <td class="number">{one.calls}</td>
                    <td class={one.denied > 0 ? "number bad" : "number"}>{one.denied}</td>
                    <td class="number">{one.risk_score.toFixed(2)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
