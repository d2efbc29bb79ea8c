import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findChromium, launch, openConsole, shoot, signIn } from "./browser.mjs";
import { startGateway } from "./gateway.mjs";

const skip = findChromium() === null ? "there is no Chromium: install the package chromium" : false;
const NAUGHTY = [
  `<script>window.executed = true</script>`,
  `<img src=x onerror="window.executed=true">`,
  `"><svg onload=window.executed=true>`,
  `javascript:window.executed=true`,
  "{{constructor.constructor('window.executed=true')()}} ${window.executed=true} <%= executed %> #{7*7}",
  `</title></textarea></style></script><iframe srcdoc="<script>parent.executed=true</script>">`,
  "\u202e\u2066right to left\u2069 \u200bhidden\ufeff \u001b[31mred\u001b[0m \u0000nul \u0007bell",
  "__proto__",
  "constructor",
  "l".repeat(30000),
  "𝕳𝖊𝖑𝖑𝖔 🏴󠁧󠁢󠁥󠁮󠁧󠁿 é",
];
let gateway;
let browser;

before(async () => {
  if (skip) return;
  gateway = await startGateway();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await gateway?.close();
});

/** Nothing of what others wrote became markup or script. */
async function harmless(page) {
  assert.equal(await page.evaluate(() => window.executed), undefined, `executed at ${page.url()}`);
  assert.equal(await page.evaluate(() => Object.prototype.executed), undefined);
  const strange = await page.evaluate(() => document.querySelectorAll("main iframe, main img, main script, main [onload], main [onerror], a[href^='javascript']").length);
  assert.equal(strange, 0, `markup at ${page.url()}`);
}

test("what others wrote is shown as text wherever it stands, and executed nowhere", { skip }, async () => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/, /404/] });
  await signIn(page, gateway);
  gateway.tools.answer = (tool, input) => ({ echo: input, [NAUGHTY[0]]: NAUGHTY, nested: JSON.parse('{"__proto__": {"executed": true}}') });
  const input = JSON.parse(JSON.stringify({ list: NAUGHTY }));
  for (const [at, text] of NAUGHTY.entries()) if (text.length < 200) input[at % 2 ? text : `${at} ${text}`] = text;
  const shown = await gateway.call("naughty", "note.write", input, NAUGHTY.join("\n"));
  assert.ok(["allowed", "denied"].includes(shown.status), JSON.stringify(shown).slice(0, 300));
  for (const tool of [`<img/src=x/onerror=window.executed=true>`, `note.{{7*7}}`, `note."><svg/onload=window.executed=true>`, "__proto__"]) {
    await gateway.call("naughty", tool, { text: NAUGHTY[1] });
  }
  await gateway.call(`<svg/onload=window.executed=true>`, "note.write", {});
  await gateway.call("naughty", "note.write", { secret: NAUGHTY[1] });

  const path = "/api/policy?project=bank&kind=policies";
  const file = await gateway.api(path);
  const comment = NAUGHTY.slice(0, 6).map((text) => `# ${text}`).join("\n");
  const saved = await gateway.api(path, {
    method: "PUT",
    headers: { "if-match": file.etag },
    body: { yaml: `${comment}\n${file.body.yaml.replace("Looking is free", `'<img src=x onerror="window.executed=true">'`)}`, message: NAUGHTY[1] },
  });
  assert.equal(saved.http, 200, JSON.stringify(saved.body));
  await gateway.call("naughty", "bank.list_payees", {});

  const visit = async (address, what) => {
    await page.goto(gateway.url + address);
    await what.first().waitFor();
    await harmless(page);
  };
  const rows = page.getByRole("region", { name: "Calls" });
  await visit("/dash/log", rows.getByText("<img/src=x/onerror=window.executed=true>"));
  await visit("/dash/log?status=denied&live=0", rows.getByText(NAUGHTY[1], { exact: false }));
  await visit("/dash/sessions", page.getByText("<svg/onload=window.executed=true>"));
  const uid = (await gateway.api("/api/sessions?project=bank")).body.items.find((one) => one.session_id === "naughty").uid;
  await visit(`/dash/session/${uid}?project=bank`, page.getByRole("region", { name: "Arguments" }).getByText(NAUGHTY[0]));
  await page.getByRole("button", { name: /more characters/ }).first().click();
  await page.locator("summary").first().click();
  await page.getByRole("button", { name: "Explain the decision" }).click();
  await page.getByText("it is the recorded decision").waitFor();
  await harmless(page);
  const pane = page.getByRole("region", { name: "Arguments" });
  assert.ok((await pane.innerText()).includes("\\u202e"), "a character that turns the direction of writing shows as an escape");
  assert.ok(!(await pane.innerText()).includes("\u202e"));
  assert.ok((await pane.innerText()).includes("__proto__"));
  await shoot(page, "naughty-trace");
  for (let i = 0; i < 6; i++) {
    await page.keyboard.press("j");
    await harmless(page);
  }
  await visit("/dash/policies?project=bank", page.locator(".cm-line").filter({ hasText: "window.executed" }));
  await visit("/dash/policies?project=bank&view=history", page.getByRole("region", { name: "Versions" }).getByText(NAUGHTY[1]));
  await page.getByRole("button", { name: "Changes" }).first().click();
  await page.getByRole("figure").getByText("<script>").first().waitFor();
  await harmless(page);
  await visit(`/dash/log?live=0&q=${encodeURIComponent(NAUGHTY[1])}&tool=${encodeURIComponent(NAUGHTY[0])}`, page.getByText("No call fits the filter."));
  await visit(`/dash/session/${encodeURIComponent("<img src=x onerror=window.executed=true>").replaceAll("%2F", "")}?project=bank`, page.getByRole("alert"));
  await clean();
  await close();
});
