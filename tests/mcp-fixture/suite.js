// What the public conformance suite calls on a server: its names, texts and schemas are the suite's.
import { randomBytes } from 'node:crypto';
import {
  ResourceTemplate,
  acceptedContent,
  completable,
  createRequestStateCodec,
  fromJsonSchema,
  inputRequired,
} from '@modelcontextprotocol/server';
import * as z from 'zod';

export const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
export const SILENCE = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';
export const text = (value) => ({ content: [{ type: 'text', text: value }] });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Seals the state of calls that need more than one round. */
export const states = createRequestStateCodec({ key: randomBytes(32), ttlSeconds: 600 });

const NAME = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
const elicit = (message, requestedSchema) => inputRequired.elicit({ message, requestedSchema });
const sample = (words, maxTokens) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: words } }],
    maxTokens,
  });
const answer = (ctx, key) => {
  const given = ctx.mcpReq.inputResponses?.[key];
  return given !== null && typeof given === 'object' ? given : undefined;
};

/** Tools that answer at once, log, or report progress. */
function plain(tool) {
  tool('test_simple_text', 'A text', async () =>
    text('This is a simple text response for testing.'));
  tool('test_image_content', 'An image', async () => ({
    content: [{ type: 'image', data: PIXEL, mimeType: 'image/png' }],
  }));
  tool('test_audio_content', 'A sound', async () => ({
    content: [{ type: 'audio', data: SILENCE, mimeType: 'audio/wav' }],
  }));
  tool('test_embedded_resource', 'A resource', async () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }));
  tool('test_multiple_content_types', 'A mixture', async () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: PIXEL, mimeType: 'image/png' },
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }));
  tool('test_error_handling', 'Fails', async () => ({
    content: [{ type: 'text', text: 'This tool intentionally returns an error for testing' }],
    isError: true,
  }));
  tool('test_tool_with_logging', 'Logs three times', async (ctx) => {
    await ctx.mcpReq.log('info', 'Tool execution started');
    await pause(50);
    await ctx.mcpReq.log('info', 'Tool processing data');
    await pause(50);
    await ctx.mcpReq.log('info', 'Tool execution completed');
    return text('Tool with logging executed successfully');
  });
  tool('test_logging_tool', 'Logs once', async (ctx) => {
    await ctx.mcpReq.log('info', 'The tool was called');
    return text('logged');
  });
  tool('test_tool_with_progress', 'Reports progress', async (ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) {
        await ctx.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100, message: `Completed step ${progress} of 100` },
        });
      }
      await pause(50);
    }
    return text(String(progressToken ?? 'none'));
  });
  tool('test_reconnection', 'Closes its stream before it answers', async (ctx) => {
    await pause(50);
    ctx.http?.closeSSE?.();
    await pause(100);
    return text('Reconnection test completed successfully');
  });
  tool('test_x_mcp_header', 'Wants an argument in a header', async ({ region }) => text(region), {
    inputSchema: fromJsonSchema({
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
      required: ['region'],
    }),
  });
  tool('json_schema_2020_12_tool', 'Tool with JSON Schema 2020-12 features', async () => text('ok'), {
    inputSchema: fromJsonSchema({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: {
        name: { type: 'string' },
        address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] },
        phone: { type: 'string' },
        email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      then: { required: ['phone'] },
      else: { required: ['email'] },
      additionalProperties: false,
    }),
  });
}

/** Tools that ask the client in the middle of a call: the session generation. */
function pushing(tool) {
  const ask = async (ctx, message, requestedSchema) => {
    const said = await ctx.mcpReq.elicitInput({ mode: 'form', message, requestedSchema });
    return text(`Elicitation completed: action=${said.action}, content=${JSON.stringify(said.content ?? {})}`);
  };
  tool('test_sampling', 'Asks the client for a completion', async ({ prompt }, ctx) => {
    const said = await ctx.mcpReq.requestSampling({
      messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
      maxTokens: 100,
    });
    return text(`LLM response: ${said.content.text ?? ''}`);
  }, { inputSchema: z.object({ prompt: z.string() }) });
  tool('test_elicitation', 'Asks the user', async ({ message }, ctx) => {
    const said = await ctx.mcpReq.elicitInput({
      mode: 'form',
      message,
      requestedSchema: {
        type: 'object',
        properties: {
          username: { type: 'string', description: "User's response" },
          email: { type: 'string', description: "User's email address" },
        },
        required: ['username', 'email'],
      },
    });
    return text(`User response: action=${said.action}, content=${JSON.stringify(said.content ?? {})}`);
  }, { inputSchema: z.object({ message: z.string() }) });
  tool('test_elicitation_sep1034_defaults', 'Asks with defaults', async (ctx) =>
    ask(ctx, 'Please review and update the form fields with defaults', {
      type: 'object',
      properties: {
        name: { type: 'string', default: 'John Doe' },
        age: { type: 'integer', default: 30 },
        score: { type: 'number', default: 95.5 },
        status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
        verified: { type: 'boolean', default: true },
      },
      required: [],
    }));
  const titled = (words) =>
    words.map((title, at) => ({ const: `value${at + 1}`, title }));
  tool('test_elicitation_sep1330_enums', 'Asks with choices', async (ctx) =>
    ask(ctx, 'Please select options from the enum fields', {
      type: 'object',
      properties: {
        untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
        titledSingle: { type: 'string', oneOf: titled(['First Option', 'Second Option', 'Third Option']) },
        legacyEnum: {
          type: 'string',
          enum: ['opt1', 'opt2', 'opt3'],
          enumNames: ['Option One', 'Option Two', 'Option Three'],
        },
        untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
        titledMulti: {
          type: 'array',
          items: { anyOf: titled(['First Choice', 'Second Choice', 'Third Choice']) },
        },
      },
      required: [],
    }));
}

/** Tools that ask by their result: the stateless generation. */
function asking(tool) {
  tool('test_input_required_result_elicitation', 'Asks for a name', async (ctx) => {
    const given = acceptedContent(ctx.mcpReq.inputResponses, 'user_name');
    return typeof given?.name === 'string'
      ? text(`Hello, ${given.name}!`)
      : inputRequired({ inputRequests: { user_name: elicit('What is your name?', NAME) } });
  });
  tool('test_input_required_result_sampling', 'Asks for a completion', async (ctx) => {
    const given = answer(ctx, 'capital_question');
    return given
      ? text(`The model says: ${given.content?.text ?? ''}`)
      : inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?', 100) } });
  });
  tool('test_input_required_result_list_roots', 'Asks for roots', async (ctx) => {
    const given = answer(ctx, 'client_roots');
    return given
      ? text(`Roots: ${(given.roots ?? []).map((root) => root.uri).join(', ')}`)
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  const confirm = () =>
    elicit('Please confirm', {
      type: 'object',
      properties: { ok: { type: 'boolean' } },
      required: ['ok'],
    });
  for (const name of ['request_state', 'tampered_state']) {
    tool(`test_input_required_result_${name}`, 'Asks and remembers', async (ctx) => {
      const state = ctx.mcpReq.requestState();
      return state?.step === name && answer(ctx, 'confirm')
        ? text('state-ok')
        : inputRequired({
            inputRequests: { confirm: confirm() },
            requestState: await states.mint({ step: name }),
          });
    });
  }
  tool('test_input_required_result_multiple_inputs', 'Asks for three things', async (ctx) => {
    const wanted = {
      user_name: elicit('What is your name?', NAME),
      greeting: sample('Generate a greeting', 50),
      client_roots: inputRequired.listRoots(),
    };
    return Object.keys(wanted).every((key) => answer(ctx, key))
      ? text('all inputs received')
      : inputRequired({ inputRequests: wanted, requestState: await states.mint({ step: 'multiple' }) });
  });
  tool('test_input_required_result_multi_round', 'Asks twice', async (ctx) => {
    const state = ctx.mcpReq.requestState();
    const color = {
      type: 'object',
      properties: { color: { type: 'string' } },
      required: ['color'],
    };
    if (state?.step === 2 && answer(ctx, 'step2')) {
      return text(`${state.name} likes ${answer(ctx, 'step2').content?.color}`);
    }
    if (state?.step === 1 && answer(ctx, 'step1')) {
      return inputRequired({
        inputRequests: { step2: elicit('Step 2: What is your favorite color?', color) },
        requestState: await states.mint({ step: 2, name: answer(ctx, 'step1').content?.name }),
      });
    }
    return inputRequired({
      inputRequests: { step1: elicit('Step 1: What is your name?', NAME) },
      requestState: await states.mint({ step: 1 }),
    });
  });
  tool('test_input_required_result_capabilities', 'Asks only for what the client can do', async (ctx) => {
    const can = ctx.mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities'] ?? {};
    const wanted = {};
    if (can.elicitation) {
      wanted.user_name = elicit('What is your name?', NAME);
    }
    if (can.sampling) {
      wanted.capital_question = sample('What is the capital of France?', 100);
    }
    if (can.roots) {
      wanted.client_roots = inputRequired.listRoots();
    }
    return Object.keys(wanted).length === 0 || Object.keys(wanted).some((key) => answer(ctx, key))
      ? text('done')
      : inputRequired({ inputRequests: wanted });
  });
  tool('test_missing_capability', 'Needs sampling', async (ctx) =>
    answer(ctx, 'answer')
      ? text('sampled')
      : inputRequired({ inputRequests: { answer: sample('Anything', 10) } }));
  tool('test_streaming_elicitation', 'Reports progress, then asks', async (ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    if (progressToken !== undefined) {
      await ctx.mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress: 1, total: 2 },
      });
    }
    return answer(ctx, 'user_name')
      ? text('answered')
      : inputRequired({ inputRequests: { user_name: elicit('What is your name?', NAME) } });
  });
}

function prompts(server) {
  const said = (value) => ({ role: 'user', content: { type: 'text', text: value } });
  server.registerPrompt('test_simple_prompt', { description: 'A text' }, async () => ({
    messages: [said('This is a simple prompt for testing.')],
  }));
  server.registerPrompt('test_prompt_with_arguments', {
    description: 'Says its arguments',
    argsSchema: z.object({
      arg1: completable(z.string(), (value) =>
        ['paris', 'park', 'party'].filter((word) => word.startsWith(value))),
      arg2: z.string(),
    }),
  }, async ({ arg1, arg2 }) => ({
    messages: [said(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
  }));
  server.registerPrompt('test_prompt_with_embedded_resource', {
    description: 'Embeds a resource',
    argsSchema: z.object({ resourceUri: z.string() }),
  }, async ({ resourceUri }) => ({
    messages: [
      {
        role: 'user',
        content: {
          type: 'resource',
          resource: {
            uri: resourceUri,
            mimeType: 'text/plain',
            text: 'Embedded resource content for testing.',
          },
        },
      },
      said('Please process the embedded resource above.'),
    ],
  }));
  server.registerPrompt('test_prompt_with_image', { description: 'An image' }, async () => ({
    messages: [
      { role: 'user', content: { type: 'image', data: PIXEL, mimeType: 'image/png' } },
      said('Please analyze the image above.'),
    ],
  }));
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks first' }, async (ctx) => {
    const given = answer(ctx, 'user_context');
    return given
      ? { messages: [said(`Context: ${given.content?.context ?? ''}`)] }
      : inputRequired({
          inputRequests: {
            user_context: elicit('What context should the prompt use?', {
              type: 'object',
              properties: { context: { type: 'string' } },
              required: ['context'],
            }),
          },
        });
  });
}

function resources(server) {
  const fixed = (name, uri, mimeType, content) =>
    server.registerResource(name, uri, { description: `The resource ${name}`, mimeType }, async (at) => ({
      contents: [{ uri: at.href, mimeType, ...content }],
    }));
  fixed('static-text', 'test://static-text', 'text/plain', {
    text: 'This is the content of the static text resource.',
  });
  fixed('static-binary', 'test://static-binary', 'image/png', { blob: PIXEL });
  fixed('watched-resource', 'test://watched-resource', 'text/plain', { text: 'Watched resource content' });
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { description: 'A resource by its id', mimeType: 'application/json' },
    async (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
        },
      ],
    }),
  );
}

/**
 * Registers everything.
 *
 * @param modern whether this instance serves the stateless generation
 * @param notify tells listeners of changes: an object with toolsChanged and promptsChanged
 * @param subscribers takes those of the session generation that are to be told of resources
 */
export function offerSuite(server, tool, { modern, notify, subscribers }) {
  plain(tool);
  pushing(tool);
  asking(tool);
  prompts(server);
  resources(server);
  tool('test_trigger_tool_change', 'Says that the tools changed', async () => {
    notify.toolsChanged();
    return text('told');
  });
  tool('test_trigger_prompt_change', 'Says that the prompts changed', async () => {
    notify.promptsChanged();
    return text('told');
  });
  if (!modern) {
    const own = { server, uris: new Set() };
    server.server.setRequestHandler('resources/subscribe', async ({ params }) => {
      own.uris.add(params.uri);
      subscribers.add(own);
      return {};
    });
    server.server.setRequestHandler('resources/unsubscribe', async ({ params }) => {
      own.uris.delete(params.uri);
      return {};
    });
  }
}
