package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A child process behind the gateway that says too much, the wrong thing, or dies of it. */
class McpHostileProcessTest {
  private static final int FLOOD = 40_000;
  private static final String SERVER =
      """
      const { createInterface } = require('node:readline');
      const out = (line) => process.stdout.write(line + '\\n');
      const say = (message) => out(JSON.stringify({ jsonrpc: '2.0', ...message }));
      const text = (id, text) => say({ id, result: { content: [{ type: 'text', text }] } });
      const acts = {
        flood(id, params) {
          const progressToken = params._meta.progressToken;
          for (let progress = 1; progress <= FLOOD; progress++) {
            say({ method: 'notifications/progress', params: { progressToken, progress } });
          }
          text(id, 'done');
        },
        strange(id, params) {
          for (let i = 0; i < 10; i++) out('not JSON \\u001b[31m at all');
          out('[{"jsonrpc":"2.0","id":' + id + ',"result":{"content":[]}}]');
          out('{"jsonrpc":"2.0","id":' + id + ',"id":' + id + ',"result":{"content":[]}}');
          say({ id: 424242, result: { content: [] } });
          say({ id: 'x', error: { code: 1, message: 'm' } });
          say({ method: 'notifications/evil' });
          say({ method: 'notifications/progress', params: { progressToken: 424242, progress: 1 } });
          for (const method of ['sampling/createMessage', 'elicitation/create', 'roots/list', 'rpc.x']) {
            say({ id: method, method, params: { message: 'm' } });
          }
          text(id, 'first');
          text(id, 'second');
        },
        endless(id) { out('x'.repeat(200000)); },
        good(id) { text(id, 'good'); },
      };
      const tools = Object.keys(acts).map((name) => ({ name, inputSchema: { type: 'object' } }));
      createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, method, params } = JSON.parse(line);
        if (method === 'initialize') {
          say({ id, result: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } } });
        } else if (method === 'tools/list') say({ id, result: { tools } });
        else if (method === 'tools/call') acts[params.name](id, params);
        else if (id !== undefined && method) say({ id, error: { code: -32601, message: 'no' } });
      }).on('close', () => process.exit());
      """;

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private SessionClient start() throws Exception {
    NodeServers.folder();
    Path script = folder.resolve("server.cjs");
    Files.writeString(script, SERVER.replace("FLOOD", String.valueOf(FLOOD)));
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config
        .policy("lab", "version: 1\nrules:\n  - { id: all, tools: [\"**\"], effect: allow }\n")
        .keys("lab", "m1", List.of("*"))
        .gateway(
            "projects:\n  lab:\n    upstreams:\n      - { name: up, type: mcp-stdio, command: [node, \"%s\"], deadline: 20s, max_answer: 100000 }\n"
                .formatted(script));
    RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"));
    open.add(gateway);
    SessionClient client = SessionClient.open(gateway, "m1");
    Eventually.holds("the tools are listed", () -> client.tools().contains("good"));
    return client;
  }

  private static String text(Reply reply) throws IOException {
    return SessionClient.messages(reply)
        .getLast()
        .path("result")
        .path("content")
        .path(0)
        .path("text")
        .asString("");
  }

  private static Reply followed(SessionClient client, String tool) throws IOException {
    return client.request(
        "tools/call",
        "{\"name\":\"%s\",\"arguments\":{},\"_meta\":{\"progressToken\":\"p\"}}".formatted(tool));
  }

  @Test
  void aFloodOfProgressIsThinnedAndTheResultArrives() throws Exception {
    SessionClient client = start();
    Reply reply = followed(client, "flood");
    int heard = SessionClient.messages(reply).size();
    assertEquals("done", text(reply));
    assertTrue(heard > 1 && heard < FLOOD / 10, () -> heard + " messages were told");
    assertEquals("good", text(client.call("good", "{}")));
  }

  @Test
  void whatIsNoAnswerIsDroppedAndNobodyIsAsked() throws Exception {
    SessionClient client = start();
    Reply reply = followed(client, "strange");
    List<JsonNode> heard = SessionClient.messages(reply);
    assertEquals(1, heard.size(), heard::toString);
    assertEquals("first", text(reply));
    assertEquals("good", text(client.call("good", "{}")));
  }

  @Test
  void aLineWithoutEndEndsTheProcessAndTheNextOneServes() throws Exception {
    SessionClient client = start();
    Reply reply = client.call("endless", "{}");
    assertTrue(reply.text().contains("upstream.broken"), reply::toString);
    Eventually.holds("it serves again", () -> text(client.call("good", "{}")).equals("good"));
  }
}
