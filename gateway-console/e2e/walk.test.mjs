import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findChromium, launch, openConsole, shoot, signIn, violations } from "./browser.mjs";
import { startGateway } from "./gateway.mjs";

const skip = findChromium() === null ? "there is no Chromium: install the package chromium" : false;
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

/** Pastes a text into the editor in the place of all that is there. */
async function write(page, text) {
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+v");
}

test("a denial appears live, leads to its rule, which is mended, saved, replayed and rolled back", { skip }, async () => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/, /412/] });
  await signIn(page, gateway);
  await page.locator(".is-live").waitFor();
  await page.getByText("No calls yet.").waitFor();

  await gateway.call("s1", "bank.list_payees", {});
  const denied = await gateway.call("s1", "bank.send_money", { recipient: "US133", amount: 60 });
  assert.equal(denied.rule, "payees-only");
  const row = page.getByRole("row").filter({ hasText: "payees-only" });
  await row.waitFor();
  await row.getByText("denied").waitFor();

  await row.locator("a.open").click();
  await page.getByRole("heading", { name: "s1" }).waitFor();
  await page.getByRole("article", { name: "Call 2 of 2" }).waitFor();
  await page.getByRole("button", { name: "Explain the decision" }).click();
  await page.getByText("it is the recorded decision").waitFor();
  await shoot(page, "walk-explained");
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("k");
  await page.getByRole("article", { name: "Call 1 of 2" }).waitFor();
  await page.keyboard.press("j");

  await page.getByRole("article").getByRole("link", { name: "payees-only" }).first().click();
  const editor = page.getByRole("textbox", { name: "contextual_policies of bank" });
  await editor.waitFor();
  await page.locator(".cm-activeLine").filter({ hasText: "payees-only" }).waitFor();
  const before = (await gateway.api("/api/policy?project=bank&kind=contextual_policies")).body.yaml;

  await write(page, before.replace("effect: deny", "effect: denied"));
  const finding = page.getByRole("region", { name: "Findings" }).getByRole("button").first();
  await finding.waitFor();
  assert.match(await finding.innerText(), /line 5/);
  await page.locator(".cm-lint-marker-error").first().waitFor();
  await page.getByRole("button", { name: /Review and save/ }).click();
  assert.equal(await page.getByRole("dialog").count(), 0, "a text with errors is not offered to be saved");
  await shoot(page, "walk-lint-error");
  assert.deepEqual(await violations(page), []);

  await write(page, before.replace("effect: deny", "effect: ask"));
  await page.getByText("No findings").waitFor();
  await page.getByRole("button", { name: /Review and save/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("effect: ask").waitFor();
  await dialog.getByText("effect: deny").waitFor();
  await dialog.getByLabel("Why this change").fill("A person may agree to other accounts");
  await shoot(page, "walk-save");
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText(/Saved as version \d+/).waitFor();
  assert.equal((await gateway.call("s1", "bank.send_money", { recipient: "US133", amount: 60 })).status, "approval_required");

  await page.goto(`${gateway.url}/dash/replay?project=bank`);
  await page.getByLabel("The contextual policies").selectOption("write");
  await page.getByRole("textbox", { name: "Candidate contextual policies" }).waitFor();
  await page.getByRole("button", { name: "Start the replay" }).click();
  await page.getByText("100.00 %").waitFor();
  const changed = page.getByRole("region", { name: "Changed calls" });
  await changed.getByText("newly asks").waitFor();
  await changed.getByRole("link", { name: /call 2/ }).click();
  await page.getByRole("article", { name: "Call 2 of 3" }).waitFor();

  await page.goto(`${gateway.url}/dash/policies?project=bank&kind=contextual_policies&view=history`);
  await page.getByText("A person may agree to other accounts").waitFor();
  await page.getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("dialog").getByText("effect: deny").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole("dialog").getByLabel("Why (optional)").fill("Too many questions");
  await page.getByRole("dialog").getByRole("button", { name: "Roll back" }).click();
  await page.getByText(/Rolled back to \d+/).waitFor();
  await shoot(page, "walk-rolled-back");
  const after = (await gateway.api("/api/policy?project=bank&kind=contextual_policies")).body.yaml;
  assert.equal(after, before);
  assert.equal((await gateway.call("s1", "bank.send_money", { recipient: "US133", amount: 60 })).status, "denied");
  await clean();
  await close();
});

test("typing faster than the page draws loses and moves nothing", { skip }, async () => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/] });
  await signIn(page, gateway);
  await page.goto(`${gateway.url}/dash/policies?project=bank`);
  const editor = page.getByRole("textbox", { name: "policies of bank" });
  await editor.click();
  await page.keyboard.press("Control+a");
  const text = Array.from({ length: 40 }, (_, at) => String(1000 + at)).join(" ");
  await page.keyboard.type(text, { delay: 0 });
  await page.waitForTimeout(500);
  assert.equal((await page.locator(".cm-content").innerText()).replace(/\s+/g, " ").trim(), text);
  await clean();
  await close();
});

test("a save that comes second keeps its text and shows what others saved", { skip }, async () => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/, /412/] });
  await signIn(page, gateway);
  const path = "/api/policy?project=bank&kind=policies";
  await page.goto(`${gateway.url}/dash/policies?project=bank`);
  const file = await gateway.api(path);
  await page.getByRole("textbox", { name: "policies of bank" }).waitFor();
  await write(page, file.body.yaml.replace("le: 500", "le: 300"));
  await page.getByText("No findings").waitFor();
  const other = await gateway.api(path, {
    method: "PUT",
    headers: { "if-match": file.etag },
    body: { yaml: file.body.yaml.replace("Looking is free", "Looking costs nothing"), message: "words" },
  });
  assert.equal(other.http, 200);
  await page.getByRole("button", { name: /Review and save/ }).click();
  await page.getByLabel("Why this change").fill("Smaller payments");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByText("version.stale").waitFor();
  await page.getByRole("button", { name: "Back to the editor" }).click();
  await page.getByRole("button", { name: "What others changed" }).click();
  await page.getByRole("region", { name: "Saved by others" }).getByText("Looking costs nothing").waitFor();
  assert.match(await page.locator(".cm-content").innerText(), /le: 300/);
  await shoot(page, "stale");
  assert.deepEqual(await violations(page), []);
  await page.reload();
  await page.getByText("not saved").waitFor();
  assert.match(await page.locator(".cm-content").innerText(), /le: 300/, "the draft outlives a reload");
  await page.getByRole("button", { name: "Go on from the newest version" }).click();
  await page.getByRole("button", { name: /Review and save/ }).click();
  await page.getByLabel("Why this change").fill("Smaller payments");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByText(/Saved as version/).waitFor();
  assert.match((await gateway.api(path)).body.yaml, /le: 300/);
  await clean();
  await close();
});

test("a key made in the browser opens its project once its hash is saved", { skip }, async () => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/] });
  await signIn(page, gateway);
  await page.goto(`${gateway.url}/dash/projects?project=bank`);
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = await page.locator("#new-key").innerText();
  assert.match(key, /^sgk_[\w-]{43}$/);
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Put the hash into the key file" }).click();
  await page.getByRole("textbox", { name: "model_keys of bank" }).waitFor();
  assert.doesNotMatch(await page.locator(".cm-content").innerText(), new RegExp(key));
  await page.getByText("No findings").waitFor();
  await page.getByRole("button", { name: /Review and save/ }).click();
  await page.getByLabel("Why this change").fill("A key for the new agent");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByText(/Saved as version/).waitFor();
  const answer = await fetch(`${gateway.url}/mcp/toolcall`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-model-key": key, "x-project-id": "bank" },
    body: JSON.stringify({ session_id: "fresh", tool_name: "bank.list_payees", input: {} }),
  });
  assert.equal(answer.status, 200);
  await clean();
  await close();
});

test("approvals, plugins and alerts are answered from their pages", { skip }, async () => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/] });
  await signIn(page, gateway);
  await gateway.call("s9", "bank.list_payees", {});
  const payment = { recipient: "DE89370400440532013000", amount: 250 };
  assert.equal((await gateway.call("s9", "bank.send_money", payment)).status, "approval_required");
  await page.getByRole("link", { name: /Approvals/ }).click();
  const card = page.getByRole("article").filter({ hasText: "s9" });
  await card.getByLabel("Reason").fill("rent");
  await card.getByRole("button", { name: "Approve" }).click();
  await page.getByText("Approved: bank.send_money").waitFor();
  assert.equal((await gateway.call("s9", "bank.send_money", payment)).status, "allowed");

  await page.getByRole("link", { name: "Plugins" }).click();
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("button", { name: "Enable" }).waitFor();
  assert.equal((await gateway.api("/api/plugins")).body.items[0].state, "disabled");
  await page.getByRole("button", { name: "Enable" }).click();
  await page.getByText("● active").waitFor();

  for (let i = 0; i < 11; i++) await gateway.call("burst", "bank.close_account", { n: i });
  await page.getByRole("link", { name: /^Alerts/ }).click();
  await page.getByRole("region", { name: "Alerts" }).getByRole("button").first().click();
  await page.getByRole("dialog").getByText("bank.close_account").first().waitFor();
  assert.deepEqual(await violations(page), []);
  await shoot(page, "alert");
  await page.getByRole("dialog").getByLabel("Note").fill("looking into it");
  await page.getByRole("button", { name: "Acknowledge" }).click();
  await page.getByRole("dialog").getByText("looking into it").waitFor();
  await clean();
  await close();
});

test("filters stand in the address, in the text and in the export alike", { skip }, async () => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/] });
  await signIn(page, gateway);
  await gateway.call("filtered", "bank.list_payees", {});
  await gateway.call("filtered", "bank.nothing", {});
  await page.goto(`${gateway.url}/dash/log?live=0`);
  await page.getByLabel("Filter").fill("session:filtered since:1h");
  await page.keyboard.press("Enter");
  const rows = page.getByRole("region", { name: "Calls" }).locator("tbody tr");
  await page.getByText("2 calls shown").waitFor();
  await rows.getByRole("button", { name: "denied" }).click();
  await page.getByText("1 call shown").waitFor();
  assert.match(page.url(), /status=denied/);
  assert.equal(await page.getByLabel("Filter").inputValue(), "status:denied session:filtered since:1h");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Export JSONL" }).click()]);
  const lines = (await (await import("node:fs/promises")).readFile(await download.path(), "utf8")).trim().split("\n");
  assert.deepEqual(lines.map((line) => JSON.parse(line).tool), ["bank.nothing"]);
  await page.getByLabel("Filter").fill("state:denied");
  await page.keyboard.press("Enter");
  await page.getByText('There is no field "state".').waitFor();
  assert.match(page.url(), /status=denied/, "what cannot be understood changes nothing");
  await clean();
  await close();
});

test("keys go where the help sheet says, and can be turned off", { skip }, async () => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/] });
  await signIn(page, gateway);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).getByText("Go to Sessions").waitFor();
  assert.deepEqual(await violations(page), []);
  await shoot(page, "keys");
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByRole("heading", { name: "Sessions" }).waitFor();
  await page.getByRole("region", { name: "Sessions" }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Session trace" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Page or command" }).fill("plug");
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Plugins", exact: true }).waitFor();
  await page.keyboard.press("?");
  await page.getByLabel("Shortcuts of single letters are on").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.getByRole("heading", { name: "Plugins", exact: true }).waitFor();
  await clean();
  await close();
});

test("a viewer may look, and is offered nothing that the gateway would refuse", { skip }, async () => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/] });
  await signIn(page, gateway, gateway.keys.viewer);
  await page.goto(`${gateway.url}/dash/policies?project=bank`);
  await page.getByText("read only: your role is viewer").waitFor();
  assert.equal(await page.locator(".cm-content").getAttribute("aria-readonly"), "true");
  await page.goto(`${gateway.url}/dash/plugins`);
  await page.getByText("10_watch").first().waitFor();
  assert.equal(await page.getByRole("button", { name: /able$/ }).count(), 0);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Admin key").waitFor();
  await clean();
  await close();
});
