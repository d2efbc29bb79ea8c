import { useEffect, useRef, useState } from "preact/hooks";
import { type Filter, parse, print, STATUSES } from "../app/filter.ts";
import { useKeys } from "../app/keys.ts";
import { look } from "./badge.tsx";

const SPANS: [string, string][] = [["", "any time"], ["15m", "last 15 min"], ["1h", "last hour"], ["24h", "last day"], ["7d", "last 7 days"], ["30d", "last 30 days"]];

/** One filter with two editors: the text, and the lists beside it. What cannot be understood is said, never dropped. */
export function FilterBar({ filter, onChange }: { filter: Filter; onChange: (next: Filter) => void }) {
  const printed = print(filter);
  const [text, setText] = useState(printed);
  const [problems, setProblems] = useState<string[]>([]);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setText(printed);
    setProblems([]);
  }, [printed]);
  useKeys([{ keys: "/", what: "Write a filter", group: "Lists", run: () => input.current?.focus() }]);
  const submit = (event: Event): void => {
    event.preventDefault();
    const parsed = parse(text);
    setProblems(parsed.problems);
    if (parsed.problems.length === 0) onChange(parsed.filter);
  };
  const since = filter.since ?? "";
  return (
    <form class="filter" role="search" onSubmit={submit}>
      <input
        ref={input}
        type="search"
        aria-label="Filter"
        aria-invalid={problems.length > 0}
        aria-describedby="filter-problems"
        placeholder="Filter: status:denied tool:bank.send_money session:s1 since:1h any words"
        spellcheck={false}
        autocomplete="off"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <label class="inline">
        Status
        <select
          value={filter.status ?? ""}
          onChange={(event) => onChange({ ...filter, status: event.currentTarget.value || undefined })}
        >
          <option value="">any</option>
          {STATUSES.map((status) => <option key={status} value={status}>{look(status).word}</option>)}
        </select>
      </label>
      <label class="inline">
        Time
        <select value={since} onChange={(event) => onChange({ ...filter, since: event.currentTarget.value || undefined, until: undefined })}>
          {SPANS.map(([value, word]) => <option key={value} value={value}>{word}</option>)}
          {!SPANS.some(([value]) => value === since) && <option value={since}>as written</option>}
        </select>
      </label>
      <button type="submit">Apply</button>
      {printed !== "" && <button type="button" class="plain" onClick={() => onChange({})}>Clear</button>}
      <div id="filter-problems" role="alert" class="refusal">{problems.join(" ")}</div>
    </form>
  );
}
