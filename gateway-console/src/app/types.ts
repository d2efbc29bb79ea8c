/** What the admin API answers; see docs/http-api.md. */
import type { Json } from "./api.ts";

export type Status = "allowed" | "denied" | "approval_required" | "invalid" | "error" | "pending";

export type Screen = { plugin: string; verdict: string; reason: string; micros: number; output: string };

export type Row = {
  timestamp: string | number;
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
  plugins?: Screen[];
  input?: Json;
  output?: Json;
};

export type Session = {
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
};

export type Trace = {
  session_id: string;
  uid: string;
  project: string;
  model_id: string;
  key: string;
  prompts: string[];
  start_time: number;
  risk_score: number;
  tool_calls: Row[];
};

export type Project = { project: string; mode: string; explain: string; policy: string; behaviour: string; rules: number };

export type Finding = {
  code: string;
  severity: "error" | "warning";
  file: string;
  line: number;
  column: number;
  message: string;
  mend: string;
};

export type PolicyFile = {
  project: string;
  kind: string;
  inherited: boolean;
  yaml: string;
  sha256: string | null;
  accepted: boolean;
  ts: number | null;
};

export type Version = {
  ts: number;
  author: string;
  message: string;
  sha256: string | null;
  source: string;
  active: boolean;
  rolled_back_from: number | null;
  removed: boolean;
};

export type Alert = {
  id: string;
  detector: string;
  title: string;
  severity: "low" | "medium" | "high" | "critical";
  project: string;
  state: "open" | "acknowledged" | "resolved";
  group: Record<string, string>;
  count: number;
  summary: string;
  first_seen: number;
  last_seen: number;
  samples: string[];
  acknowledged_by: string | null;
  note: string | null;
};

export type Delivery = {
  id: string;
  alert: string;
  event: string;
  sink: string;
  state: "pending" | "delivered" | "dead";
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  next_attempt: number | null;
  created: number;
};

export type Sink = { name: string; type: string; url: string; min_severity: string; pending: number; delivered: number; dead: number };

export type Plugin = {
  name: string;
  file: string;
  sha256: string;
  state: "active" | "disabled" | "failed";
  enforcing: boolean;
  hooks: string[];
  workers: number;
  sandbox: string;
  calls: number;
  denials: number;
  failures: number;
  mean_ms: number;
  last_error: string | null;
};

export type Tool = { tool: string; upstream: string | null; labels: string[]; input_schema?: Json; output_schema?: Json };

export type Key = { id: string; model: string; tools: string[]; expires: string | null; expired: boolean; revoked: boolean; last_used: string | null };

export type Approval = {
  id: string;
  project: string;
  key: string;
  model_id: string;
  session_id: string;
  tool: string;
  input: Json;
  status: string;
  rules: string[];
  expires: number | string;
};
