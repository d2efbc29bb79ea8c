export interface Ruling {
  effect: string;
  rule: string | null;
  code: string | null;
  reason: string | null;
}

export interface Sample {
  project: string;
  session_id: string;
  uid: string | null;
  model_id: string;
  call: number;
  trace_id?: string;
  tool: string;
  class: string;
  was: Ruling;
  now: Ruling;
  first: boolean;
  count: number;
}

export interface Tally {
  calls: number;
  changed: number;
  classes: Record<string, number>;
  rule?: string;
  tool?: string;
  model?: string;
}

export interface ModeReport {
  changed_sessions: number;
  first_divergences: Record<string, number>;
  classes: Record<string, number>;
  post_divergence: { calls: number; classes: Record<string, number> };
  retries: number;
  by_rule: Tally[];
  by_tool: Tally[];
  by_model: Tally[];
  samples: Sample[];
  truth: Record<string, number>;
}

export interface Report {
  sessions: number;
  calls: number;
  identity: {
    applies: boolean;
    checked: number;
    equal: number;
    mismatches: { project: string; place: string; trace_id: string | null; why: string }[];
  };
  unreplayable: { lines: number; problems: { line: number; why: string }[] };
  candidate: Record<string, string>;
  modes: Partial<Record<"recorded" | "counterfactual", ModeReport>>;
}

export interface Replay {
  id: string;
  state: "running" | "done" | "failed" | "cancelled";
  by: string;
  created: number;
  projects: string[];
  progress: { sessions: number; of: number | null; share: number | null };
  error?: string;
  report?: Report;
}
