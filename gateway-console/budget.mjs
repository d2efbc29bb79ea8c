// Holds the built files to their budgets, in kB gzipped.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const folder = "target/classes/console/assets";
const budgets = { index: 25, editor: 150, css: 12, page: 20 };
let over = false;
for (const name of readdirSync(folder).sort()) {
  const size = gzipSync(readFileSync(`${folder}/${name}`)).length / 1000;
  const kind = name.endsWith(".css") ? "css" : name.startsWith("index") ? "index" : name.startsWith("editor") ? "editor" : "page";
  const most = budgets[kind];
  over ||= size > most;
  console.log(`${name.padEnd(34)} ${size.toFixed(1).padStart(6)} kB gz of ${most}${size > most ? "  OVER" : ""}`);
}
process.exit(over ? 1 : 0);
