import { href } from "../../app/router.ts";
import { millis, stamp } from "../../app/time.ts";
import type { TracedCall } from "../../app/types.ts";
import { Badge } from "../../ui/badge.tsx";
import { Copy } from "../../ui/copy.tsx";
import { JsonView } from "../../ui/json.tsx";
import { Text } from "../../ui/text.tsx";
import { Why } from "./why.tsx";

/** One call in full: decision, plugins, arguments, result. */
export function CallPane({ call, at, of, onShow }: { call: TracedCall; at: number; of: number; onShow: (index: number) => void }) {
  return (
    <article class="call" aria-label={`Call ${at + 1} of ${of}`}>
      <header>
        <h3 class="mono"><Text value={call.tool} /></h3>
        <Badge state={call.status} />
        <span class="push" />
        <button type="button" disabled={at === 0} onClick={() => onShow(at - 1)} aria-keyshortcuts="k">Before</button>
        <span class="quiet">{at + 1} of {of}</span>
        <button type="button" disabled={at === of - 1} onClick={() => onShow(at + 1)} aria-keyshortcuts="j">Next</button>
      </header>
      <p class="reason"><Text value={call.reason} /></p>
      <dl class="facts">
        <div><dt>Rule</dt><dd>{call.rule === null ? <span class="quiet">none decided</span> : <a class="mono" href={href("/policies", { project: call.project, rule: call.rule })}>{call.rule}</a>}</dd></div>
        <div><dt>Code</dt><dd class="mono">{call.reason_code}</dd></div>
        <div><dt>At</dt><dd>{stamp(call.timestamp)}</dd></div>
        <div><dt>Took</dt><dd>{call.latency_ms === null ? "not forwarded" : millis(call.latency_ms)}</dd></div>
        <div><dt>Risk</dt><dd>{call.risk_score.toFixed(2)}</dd></div>
        <div><dt>Policy</dt><dd class="mono" title={call.policy}>{call.policy.slice(0, 12)}</dd></div>
        <div><dt>Trace</dt><dd class="mono">{call.trace_id} <Copy text={call.trace_id} what="the trace id" /></dd></div>
      </dl>
      {call.plugins && call.plugins.length > 0 && <Plugins call={call} />}
      <section>
        <h4>Arguments</h4>
        <JsonView value={call.input} label="Arguments" />
      </section>
      <section>
        <h4>Result</h4>
        {call.output === null && call.status !== "allowed" ? <p class="quiet">None: the call was not made, or its answer was not accepted.</p> : <JsonView value={call.output} label="Result" />}
      </section>
      <Why call={call} />
    </article>
  );
}

function Plugins({ call }: { call: TracedCall }) {
  return (
    <section>
      <h4>Plugins</h4>
      <ul class="verdicts">
        {call.plugins?.map((one, index) => (
          <li key={index}>
            <span class="mono">{one.plugin}</span> <Badge state={one.verdict} />
            {typeof one.micros === "number" && <span class="quiet"> {millis(one.micros / 1000)}</span>}
            {one.reason !== null && one.reason !== "" && <p><Text value={String(one.reason)} /></p>}
            {one.output !== null && one.output !== undefined && one.output !== "" && <pre tabIndex={0} aria-label={`What ${one.plugin} printed`}><Text value={String(one.output)} /></pre>}
          </li>
        ))}
      </ul>
    </section>
  );
}
