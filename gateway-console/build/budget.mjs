// Fails the build when the console grows beyond its budgets (kB gzipped): what the first page needs,
// what each page adds, and the editor.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const ROOT = "target/classes/console";
const BUDGETS = { shell: 25, page: 20, editor: 150 };
const manifest = JSON.parse(readFileSync(join(ROOT, "assets/manifest.json"), "utf8"));
const size = (file) => gzipSync(readFileSync(join(ROOT, file)), { level: 9 }).length / 1000;

/** Every chunk that comes with this one. */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const other of manifest[name].imports ?? []) closure(other, seen);
  return seen;
}

const weigh = (names) => [...names].reduce((sum, name) => sum + size(manifest[name].file), 0);
const shell = closure("index.html");
const styles = readdirSync(join(ROOT, "assets")).filter((file) => file.endsWith(".css")).map((file) => `assets/${file}`);
const weights = [["shell", "shell", weigh(shell) + styles.reduce((sum, file) => sum + size(file), size("index.html"))]];
for (const name of Object.keys(manifest)) {
  const page = /src\/pages\/(\w+)\/page/.exec(name)?.[1];
  const kind = page ? "page" : name.includes("/editor/editor") ? "editor" : null;
  if (kind === null) continue;
  const own = new Set([...closure(name)].filter((one) => !shell.has(one)));
  weights.push([kind, page ?? "editor", weigh(own)]);
}
const over = weights.filter(([kind, , weight]) => weight > BUDGETS[kind]);
for (const [kind, name, weight] of over) {
  console.error(`The console's ${kind} ${name} is ${weight.toFixed(1)} kB gzipped; its budget is ${BUDGETS[kind]} kB.`);
}

/** Sources stay small enough to be read at once. */
function lines(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return lines(path);
    const count = readFileSync(path, "utf8").split("\n").length;
    return count > 250 ? [`${path} has ${count} lines; at most 250.`] : [];
  });
}
const long = lines("src");
for (const problem of long) console.error(problem);
if (over.length > 0 || long.length > 0) process.exit(1);
console.log(weights.map(([, name, weight]) => `${name} ${weight.toFixed(1)}`).join(", ") + " kB gzipped");
