// The distribution's Chromium, and pages that fail the test on any error of theirs.
import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = join(dirname(fileURLToPath(import.meta.url)), "../target/screenshots");
export const A_AND_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Where Chromium is; null if it is not installed. */
export function findChromium() {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // try the next name
    }
  }
  return null;
}

/** A browser with a fresh profile. */
export function launch() {
  return chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run"] });
}

/** A page of the console; `trouble` collects what must not happen. */
export async function openConsole(browser, gateway, { refusals = [] } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  const trouble = [];
  page.on("console", (message) => {
    if (message.type() !== "error" && !/Content Security Policy/i.test(message.text())) return;
    if (refusals.some((pattern) => pattern.test(message.text()))) return;
    trouble.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => trouble.push(`page: ${error.stack}`));
  page.on("request", (request) => {
    const to = new URL(request.url());
    if (!["data:", "blob:"].includes(to.protocol) && to.origin !== gateway.url) trouble.push(`request off the origin: ${request.url()}`);
  });
  await page.addInitScript(() => {
    window.reports = [];
    document.addEventListener("securitypolicyviolation", (event) => window.reports.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  /** Fails if anything went wrong so far. */
  const clean = async () => {
    const reports = await page.evaluate(() => window.reports);
    if (trouble.length + reports.length > 0) throw new Error([...trouble, ...reports.map((one) => `policy: ${one}`)].join("\n"));
  };
  return { page, clean, close: () => context.close() };
}

/** Signs in with an admin key at the page's own form. */
export async function signIn(page, gateway, key = gateway.keys.admin) {
  await page.goto(`${gateway.url}/dash`);
  await page.getByLabel("Admin key").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation", { name: "Pages" }).waitFor();
}

/** What axe finds against WCAG A and AA, in words. */
export async function violations(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const result = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: "tag", values: tags } }), A_AND_AA);
  return result.violations.map((one) => `${one.id} (${one.impact}): ${one.help}\n${one.nodes.slice(0, 4).map((node) => `  ${node.target.join(" ")} ${node.failureSummary.split("\n").slice(1, 3).join(" ")}`).join("\n")}`);
}

/** Keeps a picture below target/screenshots. */
export async function shoot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}
