// A client on the public SDK that the gateway's tests put in front of it.
//   node client.js v1|v2|v2-stateless URL KEY [PROJECT]
// Reads commands from standard input, one JSON object a line: {id, do, with?, cancelAfter?}, where
// do is a method of the SDK's client; prints {id, ok} or {id, error: {code, message, data}}. What
// the server tells or asks is printed as {told} and {asked}.
import { createInterface } from 'node:readline';

const [generation, url, key, project] = process.argv.slice(2);
const print = (line) => process.stdout.write(JSON.stringify(line) + '\n');
const v1 = generation === 'v1';
const sdk = v1
  ? {
      ...(await import('@modelcontextprotocol/sdk/client/index.js')),
      ...(await import('@modelcontextprotocol/sdk/client/streamableHttp.js')),
      ...(await import('@modelcontextprotocol/sdk/types.js')),
    }
  : await import('@modelcontextprotocol/client');

const capabilities = process.env.PLAIN
  ? {}
  : { elicitation: { form: {}, url: {} }, sampling: {}, roots: { listChanged: true } };
const client = new sdk.Client(
  { name: 'test-' + generation, version: '1.0.0' },
  {
    capabilities,
    ...(generation === 'v2-stateless' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {}),
  },
);
client.onerror = (error) => print({ onerror: String(error.message ?? error) });
client.fallbackNotificationHandler = async (told) => print({ told });
const answers = {
  'elicitation/create': (params) =>
    params.mode === 'url'
      ? { action: 'accept' }
      : { action: 'accept', content: JSON.parse(process.env.ELICITED ?? '{}') },
  'sampling/createMessage': () => ({
    role: 'assistant',
    content: { type: 'text', text: 'sampled' },
    model: 'test-model',
  }),
  'roots/list': () => ({ roots: [{ uri: process.env.ROOT ?? 'file:///workspace', name: 'workspace' }] }),
};
if (!process.env.PLAIN) {
  const schemas = {
    'elicitation/create': sdk.ElicitRequestSchema,
    'sampling/createMessage': sdk.CreateMessageRequestSchema,
    'roots/list': sdk.ListRootsRequestSchema,
  };
  for (const [method, answer] of Object.entries(answers)) {
    client.setRequestHandler(v1 ? schemas[method] : method, async (request) => {
      print({ asked: { method, params: request.params } });
      return answer(request.params ?? {});
    });
  }
}
if (v1) {
  client.setNotificationHandler(sdk.LoggingMessageNotificationSchema, async (told) => print({ told }));
}

// STDIO, a JSON array, is a command to talk to through its standard streams instead of the URL.
const command = process.env.STDIO ? JSON.parse(process.env.STDIO) : undefined;
const { StdioClientTransport } = command
  ? await import(v1 ? '@modelcontextprotocol/sdk/client/stdio.js' : '@modelcontextprotocol/client/stdio')
  : {};
const headers = { 'X-Model-Key': key, ...(project ? { 'X-Project-ID': project } : {}) };
const transport = command
  ? new StdioClientTransport({
      command: command[0],
      args: command.slice(1),
      env: { ...process.env, SECUREGATEWAY_KEY: key },
      stderr: 'inherit',
    })
  : new sdk.StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
try {
  await client.connect(transport);
  print({ connected: { capabilities: client.getServerCapabilities(), server: client.getServerVersion() } });
} catch (error) {
  print({ failed: String(error.message ?? error) });
  process.exit(1);
}

async function run({ id, do: method, with: params, cancelAfter, timeout }) {
  const stop = new AbortController();
  const options = {
    timeout: timeout ?? 30_000,
    resetTimeoutOnProgress: true,
    onprogress: (progress) => print({ progress, of: id }),
    signal: stop.signal,
  };
  if (cancelAfter !== undefined) {
    setTimeout(() => stop.abort('enough'), cancelAfter);
  }
  try {
    let ok;
    if (method === 'callTool') {
      ok = v1 ? await client.callTool(params, undefined, options) : await client.callTool(params, options);
    } else if (method === 'close') {
      await transport.terminateSession?.();
      await client.close();
      ok = {};
    } else if (method === 'moveRoot') {
      process.env.ROOT = params.uri;
      ok = (await client.sendRootsListChanged()) ?? {};
    } else if (method === 'ping' || method === 'sendRootsListChanged') {
      ok = (await client[method]()) ?? {};
    } else {
      ok = (await client[method](params, { ...options, onprogress: undefined })) ?? {};
    }
    print({ id, ok });
  } catch (error) {
    print({ id, error: { code: error.code, message: String(error.message ?? error), data: error.data } });
  }
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => run(JSON.parse(line)));
lines.on('close', () => process.exit(0));
