import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findChromium, launch, openConsole, shoot, signIn, violations } from "./browser.mjs";
import { eventually, startGateway } from "./gateway.mjs";

const skip = findChromium() === null ? "there is no Chromium: install the package chromium" : false;
let gateway;
let browser;
let replay;
let session;
let versions;

before(async () => {
  if (skip) return;
  gateway = await startGateway();
  browser = await launch();
  await past();
});
after(async () => {
  await browser?.close();
  await gateway?.close();
});

/** A past that gives every page something to show. */
async function past() {
  await gateway.call("rent", "bank.list_payees", {}, "Pay the rent to the landlord, then tell me my balance.");
  await gateway.call("rent", "bank.send_money", { recipient: "DE89370400440532013000", amount: 60.5, subject: "power" });
  await gateway.call("rent", "bank.send_money", { recipient: "US133000000121212121212", amount: 60.5, subject: "x" });
  await gateway.call("rent", "bank.send_money", { recipient: "DE89370400440532013000", amount: 250, subject: "rent" });
  await gateway.call("rent", "bank.send_money", { recipient: "DE89370400440532013000", amount: "much" });
  await gateway.call("notes", "note.write", { text: "milk", lines: [1, 2, { deep: true, none: null }] });
  await gateway.call("notes", "note.write", { secret: "4711" });
  for (let i = 0; i < 12; i++) await gateway.call("burst", "bank.close_account", { n: i });
  session = (await gateway.api("/api/sessions?project=bank")).body.items.find((one) => one.session_id === "rent");
  const at = "/api/policy?project=bank&kind=policies";
  const file = await gateway.api(at);
  const saved = await gateway.api(at, {
    method: "PUT",
    headers: { "if-match": file.etag },
    body: { yaml: file.body.yaml.replace("le: 500", "le: 400"), message: "Payments up to 400" },
  });
  assert.equal(saved.http, 200, JSON.stringify(saved.body));
  versions = (await gateway.api("/api/policy/history?project=bank&kind=policies")).body.map((one) => one.ts);
  const yaml = file.body.yaml.replace("le: 500", "le: 50");
  replay = (await gateway.api("/api/replay", { method: "POST", body: { project: "bank", candidate: { policies: yaml } } })).body.id;
  await eventually("the replay's end", async () => (await gateway.api(`/api/replay/${replay}`)).body.state === "done");
  await eventually("the alert", async () => (await gateway.api("/api/alerts")).body.items.length > 0);
}

const PAGES = () => [
  ["log", "/dash/log", "region:Calls"],
  ["log-empty", "/dash/log?tool=none.such&live=0", "text:No call fits the filter."],
  ["sessions", "/dash/sessions?project=bank", "region:Sessions"],
  ["trace", `/dash/session/${session.uid}?project=bank`, "region:Arguments"],
  ["policies", "/dash/policies?project=bank", "textbox:policies of bank"],
  ["history", `/dash/policies?project=bank&view=history&from=${versions[1]}&to=${versions[0]}`, "region:Versions"],
  ["replay", "/dash/replay?project=bank", "button:Start the replay"],
  ["replay-report", `/dash/replay?project=bank&id=${replay}`, "region:Changed calls"],
  ["approvals", "/dash/approvals", "button:Approve"],
  ["alerts", "/dash/alerts", "region:Alerts"],
  ["deliveries", "/dash/alerts?view=deliveries", "region:Deliveries"],
  ["plugins", "/dash/plugins", "text:10_watch"],
  ["tools", "/dash/tools?project=bank&tool=bank.send_money", "region:Input schema"],
  ["projects", "/dash/projects?project=bank", "region:Keys of bank"],
];

async function shown(page, what) {
  const [role, name] = [what.slice(0, what.indexOf(":")), what.slice(what.indexOf(":") + 1)];
  await (role === "text" ? page.getByText(name).first() : page.getByRole(role, { name }).first()).waitFor();
}

/** Pictures and barriers of what is shown now, light and dark. */
async function inBothThemes(page, name) {
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await shoot(page, `${name}-${theme}`);
    assert.deepEqual(await violations(page), [], `${name}, ${theme}`);
  }
}

test("every page shows what is there, light and dark, without errors or barriers", { skip }, async (t) => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/] });
  await page.goto(`${gateway.url}/dash`);
  await page.getByLabel("Admin key").waitFor();
  await inBothThemes(page, "signin");
  await signIn(page, gateway);
  for (const [name, path, what] of PAGES()) {
    await t.test(name, async () => {
      await page.goto(gateway.url + path);
      await shown(page, what);
      await inBothThemes(page, name);
      await clean();
    });
  }
  await close();
});

test("a narrow window scrolls no page sideways", { skip }, async () => {
  const { page, clean, close } = await openConsole(browser, gateway, { refusals: [/401/] });
  await signIn(page, gateway);
  await page.setViewportSize({ width: 320, height: 800 });
  for (const [name, path, what] of PAGES()) {
    await page.goto(gateway.url + path);
    await shown(page, what);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${name} is ${over} pixels wider than the window`);
  }
  await shoot(page, "narrow");
  await clean();
  await close();
});
