/** Calls, sessions, explanations, policy files and their versions. */

export type Status = "allowed" | "denied" | "approval_required" | "invalid" | "error" | "pending";
export type Kind = "policies" | "contextual_policies" | "model_keys";
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface SignedIn {
  name: string;
  role: "viewer" | "editor" | "admin";
  projects: string[];
  csrf: string;
}

export interface Items<T> {
  items: T[];
  next_cursor?: string | null;
}

export interface Project {
  project: string;
  mode: string;
  explain: string;
  policy: string;
  behaviour: string;
  rules: number;
}

export interface PluginVerdict {
  plugin: string;
  sha256: string;
  verdict: string;
  reason: string | null;
  micros: number;
  output: string | null;
}

/** A row of the log. */
export interface Row {
  timestamp: string;
  project: string;
  model_id: string;
  key: string;
  session_id: string;
  session_uid: string;
  tool: string;
  status: Status;
  reason: string;
  reason_code: string;
  rule: string | null;
  policy: string;
  latency_ms: number | null;
  risk_score: number;
  trace_id: string;
  seq: number;
  plugins?: PluginVerdict[];
}

/** A call of a trace: its timestamp is epoch seconds. */
export interface TracedCall extends Omit<Row, "timestamp"> {
  timestamp: number;
  input: Json;
  output: Json;
}

export interface Trace {
  session_id: string;
  uid: string;
  project: string;
  model_id: string;
  key: string;
  prompt: string | null;
  prompts: string[];
  start_time: number;
  tool_calls: TracedCall[];
  risk_score: number;
}

export interface SessionRow {
  session_id: string;
  uid: string;
  project: string;
  model_id: string;
  key: string;
  start_time: number;
  last_time: number;
  calls: number;
  denied: number;
  risk_score: number;
}

export interface ExplainedRule {
  rule: string;
  effect: string;
  shadow: boolean;
  outcome: string;
  place: string;
  parts: { part: string; outcome: string; read: string | null }[];
}

export interface Explanation {
  trace_id: string;
  tool: string;
  effect: string;
  reason: string;
  reason_code: string;
  rule: string | null;
  policy: string;
  risk_score: number;
  risk_terms: string[];
  identical_to_record: boolean;
  rules: ExplainedRule[];
  nearest?: ExplainedRule;
}

export interface Finding {
  code: string;
  severity: "error" | "warning";
  file: string;
  line: number;
  column: number;
  message: string;
  mend: string;
}

export interface PolicyFile {
  project: string;
  kind: Kind;
  inherited: boolean;
  yaml: string;
  sha256: string;
  accepted?: boolean;
  ts?: number | null;
  policy: string;
}

export interface Saved {
  status: string;
  ts: number;
  sha256: string;
  policy: string;
  findings?: Finding[];
  rolled_back_from?: number;
  still_revoked?: string[];
}

export interface Version {
  ts: number;
  author: string;
  message: string;
  sha256: string;
  source: string;
  active: boolean;
  rolled_back_from: number | null;
  removed: boolean;
}

export interface VersionText extends Version {
  yaml: string;
}

export interface VersionDiff {
  from: { ts: number; sha256: string };
  to: { ts: number; sha256: string };
  text: string;
  semantic: Semantic | null;
}

/** What a change of a policy file means; ids are those of rules, limits, labels, models and keys. */
export interface Semantic {
  same_behaviour: boolean;
  added: string[];
  removed: string[];
  changed: { id: string; what: string[] }[];
}
