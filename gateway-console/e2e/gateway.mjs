// The real gateway in a process of its own, with a tool server behind it and a receiver of alerts.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HOME = join(dirname(fileURLToPath(import.meta.url)), "../..");
const key = (prefix) => prefix + randomBytes(32).toString("base64url");
const hash = (text) => createHash("sha256").update(text).digest("hex");

/** Given by Maven; by hand, what was packaged last. */
function classPath() {
  if (process.env.SECUREGATEWAY_CLASSPATH) return process.env.SECUREGATEWAY_CLASSPATH;
  const own = ["gateway-server", "gateway-console", "gateway-core", "gateway-api"].map((name) => join(HOME, name, "target/classes"));
  const lib = join(HOME, "gateway-server/target/lib");
  return [...own, ...readdirSync(lib).filter((jar) => !jar.startsWith("gateway-")).map((jar) => join(lib, jar))].join(":");
}

function listen(handler) {
  const server = createServer(handler);
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done({ server, port: server.address().port })));
}

/** Answers every tool; `answer` may be replaced by a test. */
async function toolServer() {
  const tools = {
    answer: (tool, input) =>
      tool === "bank.list_payees"
        ? { payees: [{ name: "City Power", iban: "DE89370400440532013000" }] }
        : { done: true, tool, input },
  };
  const { server, port } = await listen((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const input = JSON.parse(Buffer.concat(parts).toString() || "{}");
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(tools.answer(decodeURIComponent(request.url.split("/").pop()), input)));
    });
  });
  return Object.assign(tools, { url: `http://127.0.0.1:${port}/tools`, close: () => server.close() });
}

async function receiver() {
  const { server, port } = await listen((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(503).end());
  });
  return { url: `http://127.0.0.1:${port}/in`, close: () => server.close() };
}

const POLICIES = `version: 1
rules:
  - { id: look, tools: ["bank.balance", "bank.list_payees"], effect: allow, reason: Looking is free }
  - id: pay
    tools: ["bank.send_money"]
    effect: allow
    when:
      args.amount: { gt: 0, le: 500 }
    closed: true
    also: [recipient, subject]
    reason: Small payments
  - id: large-payments-ask
    tools: ["bank.send_money"]
    effect: ask
    when:
      args.amount: { gt: 200 }
    reason: Payments above 200 need a person
  - { id: notes, tools: ["note.*"], effect: allow, reason: Notes are harmless }
`;
const CONTEXTUAL = `version: 1
rules:
  - id: payees-only
    tools: ["bank.send_money"]
    effect: deny
    session: { value_of: args.recipient, not_from: { tools: ["bank.list_payees"], at: "result.payees[*].iban" } }
    reason: Money goes to accounts that the list of payees named
`;
const PLUGIN = `def on_toolcall(ctx, tool_name, payload):
    print(f"[PLUGIN] {tool_name} called with {payload}")
    if payload.get("secret"):
        return {"action": "deny", "reason": "no secrets in notes: " + str(payload["secret"])}
`;
const SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: { recipient: { type: "string", maxLength: 34 }, amount: { type: "number", exclusiveMinimum: 0 }, subject: { type: "string" } },
  required: ["recipient", "amount"],
};

/** Starts everything; `close` ends it and removes its files. */
export async function startGateway() {
  const folder = mkdtempSync(join(tmpdir(), "securegateway-console-"));
  const config = join(folder, "config");
  const tools = await toolServer();
  const sink = await receiver();
  const keys = { admin: key("sga_"), viewer: key("sga_"), bank: key("sgk_") };
  const write = (name, text) => {
    mkdirSync(dirname(join(config, name)), { recursive: true });
    writeFileSync(join(config, name), text);
  };
  write("gateway.yaml", `server: { host: 127.0.0.1 }
projects:
  default:
    upstreams:
      - { name: tools, type: http, url: "${tools.url}", deadline: 10s, tools: ["bank.balance", "bank.list_payees", "bank.send_money", "note.write"] }
  bank: { explain: brief }
admins:
  - { name: vera, key_sha256: "${hash(keys.viewer)}", role: viewer }
sinks:
  - { name: siem, type: siem, url: "${sink.url}", allow_private: true }
`);
  write("policies/default.yaml", "version: 1\nrules: []\n");
  write("policies/bank.yaml", POLICIES);
  write("contextual_policies/bank.yaml", CONTEXTUAL);
  write("model_keys/bank.yaml", `version: 1\nmodels:\n  gpt-4o:\n    keys:\n      - { id: demo, sha256: "${hash(keys.bank)}" }\n    tools: ["*"]\n`);
  write("plugins/10_watch.py", PLUGIN);
  write("schemas/bank.send_money.json", JSON.stringify(SCHEMA));
  const { process: gateway, url } = await serve(config, join(folder, "data"), keys.admin).catch((error) => {
    tools.close();
    sink.close();
    throw error;
  });
  return {
    url,
    keys,
    tools,
    call: (session, tool, input, prompt) => agent(url, keys.bank, { session_id: session, tool_name: tool, input, ...(prompt ? { prompt } : {}) }),
    api: (path, how = {}) => admin(url, keys.admin, path, how),
    close: async () => {
      gateway.kill("SIGTERM");
      await new Promise((done) => (gateway.exitCode === null ? gateway.once("exit", done) : done()));
      tools.close();
      sink.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function serve(config, data, adminKey) {
  const java = process.env.SECUREGATEWAY_JAVA ?? join(process.env.JAVA_HOME ?? "/usr", "bin/java");
  if (!existsSync(java)) throw new Error(`there is no java at ${java}; set JAVA_HOME`);
  const { PORT, TOOL_SERVER_URL, SIEM_URL, ...environment } = process.env;
  const child = spawn(
    java,
    ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
      "-cp", classPath(), "io.securegateway.server.cli.Main", "serve", "--config", config, "--data", data, "--port", "0"],
    { env: { ...environment, ADMIN_KEY: adminKey }, stdio: ["ignore", "pipe", "pipe"] },
  );
  return new Promise((done, fail) => {
    let said = "";
    const listen = (part) => {
      said += part;
      const at = / listens on (\S+)/.exec(said);
      if (at) done({ process: child, url: at[1] });
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", (part) => (said += part));
    child.once("exit", (code) => fail(new Error(`the gateway ended with ${code}: ${said}`)));
  });
}

async function agent(url, modelKey, body) {
  const response = await fetch(`${url}/mcp/toolcall`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-model-key": modelKey, "x-project-id": "bank" },
    body: JSON.stringify(body),
  });
  return { http: response.status, ...(await response.json()) };
}

async function admin(url, adminKey, path, how) {
  const response = await fetch(url + path, {
    method: how.method ?? "GET",
    headers: { "x-admin-key": adminKey, ...(how.body === undefined ? {} : { "content-type": "application/json" }), ...how.headers },
    body: how.body === undefined ? undefined : JSON.stringify(how.body),
  });
  const text = await response.text();
  return { http: response.status, etag: response.headers.get("etag"), body: text === "" ? null : JSON.parse(text) };
}

/** Waits until the probe gives something true; fails with what it said last. */
export async function eventually(what, probe, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what} did not happen within ${seconds} s`);
    await new Promise((done) => setTimeout(done, 100));
  }
}
