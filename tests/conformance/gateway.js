// A gateway of its own for a test: a folder with an open policy, one key and one MCP upstream without a prefix.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../securegateway', import.meta.url));
const PATIENCE_MS = 300_000;

/** Starts it; {@code url} of what it gives back takes no key: a relay in front sends it. */
export async function startGateway(upstream, { protocol = 'auto', schemas = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'securegateway-conformance-'));
  const key = `sgk_${randomBytes(24).toString('base64url')}`;
  const config = join(folder, 'config');
  const write = (name, lines) => {
    mkdirSync(join(config, name, '..'), { recursive: true });
    writeFileSync(join(config, name), `${lines.join('\n')}\n`);
  };
  write('gateway.yaml', [
    'projects:',
    '  default:',
    '    upstreams:',
    `      - { name: fixture, type: mcp-http, url: "${upstream}", protocol: ${protocol} }`,
  ]);
  write('policies/default.yaml', [
    'version: 1',
    'rules:',
    '  - { id: open, tools: ["**"], effect: allow }',
  ]);
  write('model_keys/default.yaml', [
    'version: 1',
    'models:',
    '  suite:',
    '    keys:',
    `      - { id: suite, sha256: "${createHash('sha256').update(key).digest('hex')}" }`,
    '    tools: ["*"]',
  ]);
  for (const [tool, schema] of Object.entries(schemas)) {
    write(`schemas/${tool}.json`, [JSON.stringify(schema)]);
  }
  const port = await freePort();
  const { PORT: _, ...environment } = process.env;
  const child = spawn(
    LAUNCHER,
    ['serve', '--config', config, '--data', join(folder, 'data'), '--port', String(port)],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environment },
  );
  let said = '';
  child.stdout.on('data', (chunk) => { said += chunk; });
  child.stderr.on('data', (chunk) => { said += chunk; });
  const ended = new Promise((done) => child.once('exit', done));
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isReady(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await close();
      throw new Error(`the gateway did not start:\n${said}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  const relay = await startRelay(port, key);
  return {
    url: `http://127.0.0.1:${relay.address().port}/mcp`,
    said: () => said,
    async close() {
      relay.closeAllConnections();
      relay.close();
      await close();
    },
  };
}

async function isReady(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    await answer.text();
    return answer.ok;
  } catch {
    return false;
  }
}

export function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Passes everything through as it came, Host and Origin too, and adds the model key. */
function startRelay(port, key) {
  const relay = createServer((incoming, outgoing) => {
    const onward = send({
      host: '127.0.0.1',
      port,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, 'x-model-key': key },
      setHost: false,
    });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  relay.requestTimeout = 0;
  return new Promise((done) => relay.listen(0, '127.0.0.1', () => done(relay)));
}

export { LAUNCHER };
