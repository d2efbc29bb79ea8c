import type { Json } from "./calls.ts";

export interface Approval {
  id: string;
  project: string;
  key: string;
  model_id: string;
  session_id: string;
  tool: string;
  input?: Json;
  status: "pending" | "approved";
  rules: string[];
  expires: string;
}

export interface Alert {
  id: string;
  detector: string;
  title: string;
  severity: "low" | "medium" | "high" | "critical";
  project: string;
  group: Record<string, string>;
  state: "open" | "acknowledged" | "resolved";
  count: number;
  summary: string;
  first_seen: number;
  last_seen: number;
  fingerprint: string;
  samples: string[];
  acknowledged_by: string | null;
  note: string | null;
}

export interface Delivery {
  id: string;
  alert: string;
  event: string;
  sink: string;
  state: "pending" | "delivered" | "dead";
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  next_attempt: number | null;
  created: number | null;
  delivered: number | null;
}

export interface Sink {
  name: string;
  type: string;
  url: string;
  min_severity: string;
  signed: boolean;
  pending: number;
  delivered: number;
  dead: number;
}

export interface Plugin {
  name: string;
  file: string;
  sha256: string;
  state: "active" | "disabled" | "failed";
  enforcing: boolean;
  hooks: string[];
  projects: string[];
  workers: number;
  sandbox: string;
  /** Null for people who do not see all projects, as the next ones are. */
  calls: number | null;
  denials: number | null;
  failures: number | null;
  mean_ms: number | null;
  last_error: string | null;
  loaded_at: number | null;
  limits: Record<string, number>;
}

export interface Tool {
  tool: string;
  upstream: string | null;
  labels: string[];
  input_schema?: Json;
  output_schema?: Json;
}

export interface ModelKey {
  id: string;
  model: string;
  tools: string[];
  expires: string | null;
  expired: boolean;
  revoked?: boolean;
  last_used: string | null;
}

type Counts = Record<"allowed" | "denied" | "approval_required" | "invalid" | "error", number>;

export interface Metrics {
  version: string;
  uptime_s: number;
  calls: Counts;
  by_project: (Counts & { project: string; latency_ms: { p50: number; p95: number; p99: number } })[];
  journal: { seq: number; ready: boolean };
}
