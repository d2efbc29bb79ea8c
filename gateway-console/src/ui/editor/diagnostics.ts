import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { Finding } from "../../app/types.ts";

/** The gateway's findings at their places: from the column to the end of the line. */
export function diagnostics(doc: Text, findings: Finding[]): Diagnostic[] {
  return findings
    .map((finding): Diagnostic => {
      const line = doc.line(Math.max(1, Math.min(finding.line, doc.lines)));
      const from = Math.min(line.to, line.from + Math.max(0, finding.column - 1));
      return {
        from,
        to: Math.max(from, line.to),
        severity: finding.severity === "error" ? "error" : "warning",
        source: finding.code,
        message: finding.mend ? `${finding.message} ${finding.mend}` : finding.message,
      };
    })
    .sort((a, b) => a.from - b.from);
}
