/** Puts a key's hash into a model_keys text. Pure; the gateway checks the result before it counts. */

export type NewKey = { model: string; id: string; tools: string[]; hash: string };

export function withKey(text: string, key: NewKey): string {
  const line = `- { id: ${JSON.stringify(key.id)}, sha256: "${key.hash}" }`;
  const lines = (text.trim() === "" ? "version: 1\nmodels:" : text.replace(/\s+$/, "")).split("\n");
  const models = lines.findIndex((one) => /^models:\s*(\{\s*\})?\s*$/.test(one));
  if (models < 0) {
    return `${lines.join("\n")}\n# Add this key to its model:\n# ${line}\n`;
  }
  lines[models] = "models:";
  const name = new RegExp(`^(\\s+)(${escaped(key.model)}|"${escaped(key.model)}"|'${escaped(key.model)}'):\\s*$`);
  const at = lines.findIndex((one, index) => index > models && name.test(one));
  if (at >= 0) {
    const indent = (lines[at]?.match(/^\s+/)?.[0] ?? "  ").length;
    const keys = lines.findIndex((one, index) => index > at && /^\s+keys:\s*$/.test(one) && one.search(/\S/) > indent);
    const next = lines.findIndex((one, index) => index > at && one.trim() !== "" && one.search(/\S/) <= indent);
    if (keys >= 0 && (next < 0 || keys < next)) {
      const below = lines[keys + 1] ?? "";
      const depth = below.trim().startsWith("-") ? below.search(/\S/) : (lines[keys]?.search(/\S/) ?? indent) + 2;
      lines.splice(keys + 1, 0, `${" ".repeat(depth)}${line}`);
      return `${lines.join("\n")}\n`;
    }
    return `${lines.join("\n")}\n# Add this key to ${key.model}:\n# ${line}\n`;
  }
  const tools = key.tools.map((tool) => JSON.stringify(tool)).join(", ");
  lines.splice(models + 1, 0, `  ${JSON.stringify(key.model)}:`, `    tools: [${tools}]`, "    keys:", `      ${line}`);
  return `${lines.join("\n")}\n`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
