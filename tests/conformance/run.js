// See README.md. Exit: 0 as good through the gateway as direct, 1 if not, 2 if it could not run.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGateway } from './gateway.js';
import { CLIENT_SCENARIOS } from './scenarios.js';

const at = (name) => fileURLToPath(new URL(name, import.meta.url));
const SUITE = at('node_modules/.bin/conformance');
const REVISIONS = ['2025-11-25', '2026-07-28'];
/** The same wire on both sides of the gateway: what it is asked for is what it asks. */
const WIRES = { '2025-11-25': 'session', '2026-07-28': 'stateless' };
const OTHER = { session: 'stateless', stateless: 'session' };
const MODES = ['server', 'cross', 'direct', 'client'];

function usage(problem) {
  console.error(`${problem}
usage: tests/conformance/run [${MODES.join(' | ')}] [${REVISIONS.join(' | ')}] [SCENARIO]
  server   the fixture direct and through the gateway (default)
  cross    as server, but the gateway speaks the other wire to the fixture: what bridging loses
  direct   the fixture direct only
  client   the gateway as the client of the suite's servers, scenario by scenario`);
  process.exit(2);
}

function run(command, args, environment = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    let said = '';
    child.stdout.on('data', (chunk) => { said += chunk; });
    child.stderr.on('data', (chunk) => { said += chunk; });
    child.on('error', failed);
    child.on('exit', (code) => done({ code, said }));
  });
}

/** The checks of a run by scenario: {passed, failed, wrong: [what]}. */
function results(folder) {
  const scenarios = new Map();
  for (const name of readdirSync(folder).sort()) {
    const scenario = name
      .replace(/^(server|client)-/, '')
      .replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
    const checks = JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8'));
    const failed = checks.filter((check) => check.status === 'FAILURE');
    scenarios.set(scenario, {
      passed: checks.filter((check) => check.status === 'SUCCESS').length,
      failed: failed.length,
      wrong: failed.map((check) => `${check.id}: ${check.errorMessage ?? check.description}`),
    });
  }
  return scenarios;
}

function fixture() {
  return new Promise((done, failed) => {
    const child = spawn('node', [at('../mcp-fixture/server.js'), 'http', '--sessions'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PORT: '0' },
    });
    child.on('error', failed);
    child.on('exit', (code) => failed(new Error(`the fixture ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      const port = /port (\d+)/.exec(String(chunk));
      if (port) {
        done({ url: `http://127.0.0.1:${port[1]}/mcp`, close: () => child.kill() });
      }
    });
  });
}

async function serverRun(url, revision, scenario) {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const what = scenario
      ? ['--scenario', scenario, '--spec-version', revision]
      : ['--requirements', revision];
    const { said } = await run(SUITE, ['server', '--url', url, ...what, '-o', folder]);
    const found = results(folder);
    if (found.size === 0) {
      throw new Error(`the suite ran nothing:\n${said}`);
    }
    const free = new Set(
      [...(said.split('Not scored for')[1] ?? '').matchAll(/^\s+[✓✗] (\S+) \(/gm)].map((m) => m[1]),
    );
    return { found, free };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const cell = (result) =>
  result === undefined
    ? '-'
    : `${result.failed === 0 ? 'pass' : 'FAIL'} ${result.passed}/${result.passed + result.failed}`;

function line(...cells) {
  const [name, ...rest] = cells;
  console.log([name.padEnd(50), ...rest.map((text) => text.padEnd(14))].join(' ').trimEnd());
}

const sum = (found, what) => [...found.values()].reduce((all, one) => all + one[what], 0);

async function serverLeg(revision, scenario, through, crossed = false) {
  const server = await fixture();
  let worse = 0;
  try {
    const direct = await serverRun(server.url, revision, scenario);
    let behind;
    if (through) {
      const wire = crossed ? OTHER[WIRES[revision]] : WIRES[revision];
      const gateway = await startGateway(server.url, { protocol: wire });
      try {
        behind = await serverRun(gateway.url, revision, scenario);
      } finally {
        await gateway.close();
      }
    }
    console.log();
    line(`${revision}, server${crossed ? `, spoken to ${OTHER[WIRES[revision]] === 'session' ? 'with sessions' : 'statelessly'}` : ''}`, 'direct', through ? 'gateway' : '', '');
    const wrong = [];
    for (const [name, result] of direct.found) {
      const other = behind?.found.get(name);
      const required = !direct.free.has(name);
      const fewer = through && (other?.passed ?? 0) < result.passed;
      const worsened = through && result.failed === 0 && ((other?.failed ?? 1) > 0 || (fewer && other.passed === 0));
      const failsDirect = required && result.failed > 0;
      worse += (worsened && required && !crossed) || failsDirect ? 1 : 0;
      line(name, cell(result), through ? cell(other) : '', worsened ? (required ? '<- worse' : 'worse, not scored') : fewer ? 'fewer checks' : required ? '' : 'not scored');
      if (worsened || failsDirect) {
        wrong.push(...(other ?? result).wrong.map((what) => `${name}: ${what}`));
      }
    }
    const total = (run) => `${sum(run.found, 'passed')}/${sum(run.found, 'failed')}`;
    line('checks passed/failed', total(direct), behind ? total(behind) : '');
    wrong.forEach((what) => console.log(`  ${what.slice(0, 400)}`));
  } finally {
    server.close();
  }
  return worse;
}

async function clientLeg(revision, only, ways = ['direct', 'gateway']) {
  console.log();
  line(`${revision}, client`, 'direct', 'gateway');
  let worse = 0;
  for (const scenario of CLIENT_SCENARIOS[revision]) {
    if (only && only !== scenario) {
      continue;
    }
    const said = {};
    for (const way of ways) {
      const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
      try {
        const { said: output } = await run(
          SUITE,
          ['client', '--command', `node ${at('client.js')}`, '--scenario', scenario,
            '--spec-version', revision, '--timeout', '120000', '-o', folder],
          { CONFORMANCE_WAY: way, CONFORMANCE_REVISION: revision, CONFORMANCE_SCENARIO: scenario },
        );
        said[way] = results(folder).get(scenario) ?? { passed: 0, failed: 1, wrong: [output.slice(-400)] };
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    const worsened = said.direct.failed === 0 && said.gateway.failed > 0;
    worse += worsened ? 1 : 0;
    line(scenario, cell(said.direct), cell(said.gateway), worsened ? '<- worse' : '');
    said.gateway.wrong.forEach((what) => console.log(`  ${what.slice(0, 400)}`));
  }
  return worse;
}

const words = process.argv.slice(2);
const mode = MODES.includes(words[0]) ? words.shift() : 'server';
const revisions = REVISIONS.includes(words[0]) ? [words.shift()] : REVISIONS;
const scenario = words.shift();
if (words.length > 0 || scenario?.startsWith('-')) {
  usage(`not understood: ${scenario} ${words.join(' ')}`.trim());
}
try {
  let worse = 0;
  for (const revision of revisions) {
    worse += mode === 'client'
      ? await clientLeg(revision, scenario)
      : await serverLeg(revision, scenario, mode !== 'direct', mode === 'cross');
  }
  console.log(worse === 0 ? '\nas good as it must be' : `\n${worse} scenarios are worse than they must be`);
  process.exitCode = worse === 0 ? 0 : 1;
} catch (problem) {
  console.error(problem.message);
  process.exitCode = 2;
}
