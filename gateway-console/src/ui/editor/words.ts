import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";

/** Words of the policy language (docs/policy-guide.md); whether one fits is for the gateway's lint to say. */
const KEYS =
  "version description extends labels limits rules id tools models keys model effect when also closed reason session " +
  "mode expires everywhere calls sum within per touched value_of not_from at denials time between days zone any all " +
  "allow_tools deny_tools max_calls_per_session active_hours eq ne lt le gt ge in exists type contains lacks host_in path_under cidr";
const VALUES = "allow deny ask enforce shadow default key project";

const OPTIONS = [
  ...KEYS.split(" ").map((label) => ({ label, type: "property", apply: `${label}: ` })),
  ...VALUES.split(" ").map((label) => ({ label, type: "keyword" })),
];

/** Completes words of the language and those that stand in the text already. */
export function words(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[\w.-]+/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const text = context.state.doc.toString();
  const own = new Set(text.match(/[A-Za-z_][\w.-]{3,60}/g) ?? []);
  own.delete(word.text);
  const known = new Set(OPTIONS.map((one) => one.label));
  const seen = [...own].filter((label) => !known.has(label)).map((label) => ({ label, type: "text", boost: -1 }));
  return { from: word.from, options: [...OPTIONS, ...seen], validFor: /^[\w.-]*$/ };
}
