interface Look {
  word: string;
  /** good, bad, ask, warn or dull: the colour; the mark tells it without colour. */
  tone: string;
  mark: string;
}

const LOOKS: Record<string, Look> = {
  allowed: { word: "allowed", tone: "good", mark: "●" },
  denied: { word: "denied", tone: "bad", mark: "■" },
  approval_required: { word: "asks", tone: "ask", mark: "◆" },
  invalid: { word: "invalid", tone: "warn", mark: "▲" },
  error: { word: "error", tone: "warn", mark: "✕" },
  pending: { word: "pending", tone: "dull", mark: "○" },
  allow: { word: "allow", tone: "good", mark: "●" },
  deny: { word: "deny", tone: "bad", mark: "■" },
  ask: { word: "ask", tone: "ask", mark: "◆" },
  approved: { word: "approved", tone: "good", mark: "●" },
  open: { word: "open", tone: "bad", mark: "■" },
  acknowledged: { word: "acknowledged", tone: "ask", mark: "◆" },
  resolved: { word: "resolved", tone: "good", mark: "●" },
  delivered: { word: "delivered", tone: "good", mark: "●" },
  dead: { word: "dead", tone: "bad", mark: "■" },
  active: { word: "active", tone: "good", mark: "●" },
  disabled: { word: "disabled", tone: "dull", mark: "○" },
  failed: { word: "failed", tone: "bad", mark: "■" },
  running: { word: "running", tone: "ask", mark: "◆" },
  done: { word: "done", tone: "good", mark: "●" },
  cancelled: { word: "cancelled", tone: "dull", mark: "○" },
  critical: { word: "critical", tone: "bad", mark: "■" },
  high: { word: "high", tone: "bad", mark: "▲" },
  medium: { word: "medium", tone: "warn", mark: "◆" },
  low: { word: "low", tone: "dull", mark: "●" },
  fault: { word: "error", tone: "bad", mark: "■" },
  warning: { word: "warning", tone: "warn", mark: "▲" },
  matched: { word: "matched", tone: "ask", mark: "◆" },
  not_matched: { word: "not matched", tone: "dull", mark: "○" },
  no_room: { word: "no room", tone: "warn", mark: "▲" },
  revoked: { word: "revoked", tone: "bad", mark: "■" },
  expired: { word: "expired", tone: "warn", mark: "▲" },
  unchanged: { word: "unchanged", tone: "dull", mark: "○" },
  newly_denied: { word: "newly denied", tone: "bad", mark: "■" },
  newly_allowed: { word: "newly allowed", tone: "good", mark: "●" },
  newly_asks: { word: "newly asks", tone: "ask", mark: "◆" },
  enforce: { word: "enforce", tone: "good", mark: "●" },
  observe: { word: "observe", tone: "warn", mark: "▲" },
};

/** How a state is shown: its word, tone and mark. */
export function look(state: string): Look {
  return LOOKS[state] ?? { word: state.replaceAll("_", " "), tone: "dull", mark: "○" };
}

/** A state as a word with a mark: never by colour alone. */
export function Badge({ state }: { state: string }) {
  const { word, tone, mark } = look(state);
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{mark}</span> {word}
    </span>
  );
}
