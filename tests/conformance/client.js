// The client that the suite starts: node client.js URL. Goes to URL itself, or puts a gateway in between.
// Does what most scenarios want: lists everything, calls every tool, reads and gets what is listed.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { startGateway } from './gateway.js';

const { CONFORMANCE_WAY, CONFORMANCE_REVISION, CONFORMANCE_SCENARIO } = process.env;
const modern = CONFORMANCE_REVISION === '2026-07-28';
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const PATIENCE_MS = 20_000;

async function connect(url) {
  const client = new Client(
    { name: 'conformance-client', version: '1.0.0' },
    {
      capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: {} },
      versionNegotiation: { mode: modern ? { pin: CONFORMANCE_REVISION } : 'legacy' },
    },
  );
  client.setRequestHandler('elicitation/create', async ({ params }) => ({
    action: 'accept',
    content: CONFORMANCE_SCENARIO.includes('defaults') ? {} : filled(params.requestedSchema),
  }));
  client.setRequestHandler('sampling/createMessage', async () => ({
    model: 'none',
    role: 'assistant',
    content: { type: 'text', text: 'an answer' },
  }));
  client.setRequestHandler('roots/list', async () => ({ roots: [] }));
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return client;
}

/** A value that fits a simple schema. */
function filled(schema) {
  switch (schema?.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? Object.keys(schema.properties ?? {})).map((name) => [
          name,
          filled(schema.properties?.[name]),
        ]),
      );
    case 'array':
      return [];
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return 5;
    default:
      return schema?.enum?.[0] ?? schema?.default ?? 'text';
  }
}

const quietly = async (what, attempt) => {
  try {
    return await attempt();
  } catch (problem) {
    console.error(`${what}: ${problem.message}`);
    return undefined;
  }
};

/** What a server lists is behind a gateway as soon as the gateway has listed it itself. */
// The scenario sends null where its tool's own schema says boolean, which the gateway refuses unless told otherwise.
const OWN_SCHEMAS = {
  'http-custom-headers': {
    test_custom_headers_null: {
      type: 'object',
      properties: {
        region: { type: 'string', 'x-mcp-header': 'Region' },
        priority: { type: 'integer', 'x-mcp-header': 'Priority' },
        verbose: { type: ['boolean', 'null'] },
        query: { type: 'string' },
      },
      required: ['region', 'priority', 'query'],
    },
  },
};

async function toolsOf(client) {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const { tools } = await client.listTools();
    if (tools.length > 0 || CONFORMANCE_WAY !== 'gateway' || Date.now() > until) {
      return tools;
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function visit(client) {
  const tools = CONFORMANCE_SCENARIO === 'initialize' && CONFORMANCE_WAY !== 'gateway'
    ? (await client.listTools()).tools
    : await toolsOf(client);
  const focal = tools.find((tool) => tool.name === 'json_schema_2020_12_tool');
  const calls = context.toolCalls ?? tools.map((tool) => ({
    name: tool.name,
    arguments: focal && tool.inputSchema.properties?.schema
      ? { schema: focal.inputSchema }
      : filled({ required: undefined, ...tool.inputSchema }),
  }));
  const call = (one) =>
    quietly(one.name, () => client.callTool(one, { timeout: PATIENCE_MS }));
  if (CONFORMANCE_SCENARIO === 'sep-2322-client-request-state') {
    await Promise.all(calls.map(call));
  } else {
    for (const one of calls) {
      await call(one);
    }
  }
  const resources = await quietly('resources', () => client.listResources());
  for (const { uri } of resources?.resources ?? []) {
    await quietly(uri, () => client.readResource({ uri }));
  }
  const prompts = await quietly('prompts', () => client.listPrompts());
  for (const prompt of prompts?.prompts ?? []) {
    const given = Object.fromEntries((prompt.arguments ?? []).map(({ name }) => [name, 'text']));
    await quietly(prompt.name, () => client.getPrompt({ name: prompt.name, arguments: given }));
  }
}

const url = process.argv.at(-1);
const gateway = CONFORMANCE_WAY === 'gateway'
  ? await startGateway(url, { protocol: modern ? 'stateless' : 'session', schemas: OWN_SCHEMAS[CONFORMANCE_SCENARIO] })
  : undefined;
try {
  const client = await connect(gateway?.url ?? url);
  await visit(client);
  await client.close();
} catch (problem) {
  console.error(problem.message, gateway?.said() ?? '');
  process.exitCode = 1;
} finally {
  await gateway?.close();
}
process.exit();
