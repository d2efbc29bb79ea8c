import { get, query } from "../../app/api.ts";
import type { Kind, PolicyFile } from "../../app/types.ts";

const OF_DEFAULT = "default/";

/** The line (from 1) where a rule of that id begins; null if none does. An inherited rule bears its owner's name before its own. */
export function lineOf(yaml: string, rule: string): number | null {
  const own = rule.startsWith(OF_DEFAULT) ? rule.slice(OF_DEFAULT.length) : rule;
  const id = own.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`(^|[\\s{,-])id:\\s*["']?${id}["']?\\s*([,}#]|$)`);
  const at = yaml.split("\n").findIndex((line) => pattern.test(line) && !/^\s*#/.test(line));
  return at < 0 ? null : at + 1;
}

/** The file that has the rule: of the project, else of default. */
export async function findRule(rule: string, project: string): Promise<{ project: string; kind: Kind } | null> {
  const kinds: Kind[] = ["policies", "contextual_policies"];
  for (const owner of rule.startsWith(OF_DEFAULT) ? ["default"] : [...new Set([project, "default"])]) {
    for (const kind of kinds) {
      try {
        const file = await get<PolicyFile>(`/api/policy${query({ project: owner, kind })}`);
        if (lineOf(file.yaml, rule) !== null) return { project: owner, kind };
      } catch {
        // a file that cannot be read has no rule to show; its own page says why
      }
    }
  }
  return null;
}

/** Whether this file has the rule. */
export function isHere(rule: string, project: string, file: PolicyFile): boolean {
  return (!rule.startsWith(OF_DEFAULT) || project === "default") && lineOf(file.yaml, rule) !== null;
}
