import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useKeys } from "../app/keys.ts";

export interface Column<T> {
  head: string;
  cell: (row: T) => ComponentChildren;
  /** num: right-aligned figures; grow: takes what is left; tight: as narrow as can be. */
  kind?: "num" | "grow" | "tight" | "wrap";
}

/**
 * A table. The first link or button of class "open" in a row opens it; j and k go from one to the
 * next, so that the browser's own focus is the cursor.
 */
export function Grid<T>(props: {
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  current?: (row: T) => boolean;
  keys?: boolean;
}) {
  const body = useRef<HTMLTableSectionElement>(null);
  const move = (by: number): void => {
    const stops = [...(body.current?.querySelectorAll<HTMLElement>("tr .open") ?? [])];
    if (stops.length === 0) return;
    const row = document.activeElement?.closest("tr");
    const at = stops.findIndex((one) => one.closest("tr") === row);
    const next = at < 0 ? 0 : Math.max(0, Math.min(stops.length - 1, at + by));
    stops[next]?.focus();
    stops[next]?.scrollIntoView({ block: "nearest" });
  };
  useKeys(
    props.keys === false
      ? []
      : [
          { keys: "j", what: "Next row", group: "Lists", run: () => move(1) },
          { keys: "k", what: "Row before", group: "Lists", run: () => move(-1) },
        ],
  );
  return (
    <div class="grid" tabIndex={0} role="region" aria-label={props.label}>
      <table>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column.head} scope="col" class={column.kind ?? ""}>{column.head}</th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {props.rows.map((row) => (
            <tr key={props.rowKey(row)} class={props.current?.(row) ? "current" : ""}>
              {props.columns.map((column) => (
                <td key={column.head} class={column.kind ?? ""}>{column.cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
