package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server keeps for one caller is seen by no other, whatever upstream they share. */
class McpIsolationTest {
  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  /** Two projects without upstreams of their own, which share the default one. */
  private RunningGateway start(String upstream) throws Exception {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    for (String project : List.of("one", "two", "lab")) {
      config.policy(project, "version: 1\nrules: [{ id: all, tools: [\"*\"], effect: allow }]\n");
      config.keys(project, "m1", List.of("*"));
    }
    config.policy("default", "version: 1\nrules: []\n");
    config.gateway("projects:\n  default:\n    upstreams:\n      - " + upstream + "\n");
    RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"));
    open.add(gateway);
    return gateway;
  }

  /** Which session, or process, of the server answers. */
  private static String seen(Client client, String project, String session) throws IOException {
    Reply reply = client.call(project, session, "it.whoami", "{}");
    return reply.status() == 200
        ? reply.json().path("result").toString()
        : "status " + reply.status();
  }

  private void isolates(RunningGateway gateway, boolean perSession) throws Exception {
    Client client = gateway.client();
    Eventually.holds("it is known", () -> !seen(client, "one", "s").startsWith("status"));
    String one = seen(client, "one", "s");
    assertEquals(one, seen(client, "one", "s"));
    String two = seen(client, "two", "s");
    assertNotEquals(one, two);
    assertEquals(two, seen(client, "two", "t"));
    assertEquals(one, seen(client, "one", "s"));
    McpClientProcess first = mcp(gateway, "one");
    McpClientProcess second = mcp(gateway, "one");
    String a = first.call("it.whoami", "{}").path("ok").toString();
    String b = second.call("it.whoami", "{}").path("ok").toString();
    assertTrue(a.contains("\"text\""), a);
    assertEquals(a, first.call("it.whoami", "{}").path("ok").toString());
    assertEquals(perSession, !a.equals(b), a + " " + b);
  }

  private McpClientProcess mcp(RunningGateway gateway, String project) throws IOException {
    McpClientProcess client =
        McpClientProcess.connect("v1", gateway.url() + "/mcp", project, Map.of("PLAIN", "1"));
    open.add(client);
    return client;
  }

  @Test
  void sessionsOfAnHttpServerBelongToOneCaller() throws Exception {
    NodeServers.Http server = NodeServers.fixture("--sessions");
    open.add(server);
    isolates(
        start(
            "{ name: it, prefix: it, type: mcp-http, url: \""
                + server.url()
                + "\", protocol: session }"),
        true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"session", "stateless", "auto"})
  void processesBelongToOneKey(String wire) throws Exception {
    String script = NodeServers.folder().resolve("server.js").toString();
    isolates(
        start(
            "{ name: it, prefix: it, type: mcp-stdio, command: [node, \""
                + script
                + "\"], protocol: "
                + wire
                + " }"),
        false);
  }

  /** What one client breaks off says nothing of the server: others go on calling it. */
  @Test
  void whoEndsItsSessionInItsCallsHindersNobody() throws Exception {
    ScriptedMcpServer server =
        ScriptedMcpServer.start(
            "[{\"name\":\"slow\",\"inputSchema\":{\"type\":\"object\"}},{\"name\":\"whoami\",\"inputSchema\":{\"type\":\"object\"}}]");
    open.add(server);
    CountDownLatch end = new CountDownLatch(1);
    server.streams(
        "tools/call",
        (request, stream) -> {
          if (request.path("params").path("name").asString("").equals("slow")) {
            end.await();
          }
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"id\":"
                  + request.path("id")
                  + ",\"result\":{\"content\":[]}}");
        });
    RunningGateway gateway =
        start(
            "{ name: it, prefix: it, type: mcp-http, url: \""
                + server.url()
                + "\", protocol: session }");
    Eventually.holds("it is known", () -> !seen(gateway.client(), "two", "s").startsWith("status"));
    int before = server.seen("tools/call").size();
    SessionClient leaves = SessionClient.open(gateway, "m1");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        threads.submit(() -> leaves.call("it.slow", "{}"));
      }
      Eventually.holds("all are under way", () -> server.seen("tools/call").size() == before + 20);
      assertEquals(204, leaves.send("DELETE", null).status());
    }
    end.countDown();
    assertFalse(seen(gateway.client(), "two", "s").startsWith("status"));
  }

  /** A key whose own process crashes again and again closes nothing for the others. */
  @ParameterizedTest
  @ValueSource(strings = {"session", "stateless", "auto"})
  void crashesOfOneKeysProcessHinderNobody(String wire) throws Exception {
    String script = NodeServers.folder().resolve("server.js").toString();
    RunningGateway gateway =
        start(
            "{ name: it, prefix: it, type: mcp-stdio, command: [node, \""
                + script
                + "\"], protocol: "
                + wire
                + " }");
    Client client = gateway.client();
    Eventually.holds("it is known", () -> !seen(client, "one", "s").startsWith("status"));
    String two = seen(client, "two", "s");
    for (int i = 0; i < 12; i++) {
      assertEquals(502, client.call("one", "s", "it.die", "{}").status());
      assertEquals(502, client.call("lab", "s", "it.die", "{}").status());
      assertEquals(two, seen(client, "two", "s"));
    }
  }

  /** Many clients of one key do not end what another key's server remembers. */
  @Test
  void oneKeyHasAShareOfTheProcesses() throws Exception {
    String script = NodeServers.folder().resolve("server.js").toString();
    RunningGateway gateway =
        start(
            "{ name: it, prefix: it, type: mcp-stdio, command: [node, \""
                + script
                + "\"], protocol: session }");
    Client client = gateway.client();
    Eventually.holds("it is known", () -> !seen(client, "one", "s").startsWith("status"));
    String two = seen(client, "two", "s");
    String first = "";
    for (int i = 0; i < 18; i++) {
      String asked = askable(gateway);
      first = first.isEmpty() ? asked : first;
      assertTrue(asked.contains("\"text\""), asked);
    }
    long processes =
        ProcessHandle.current()
            .descendants()
            .filter(process -> process.info().commandLine().orElse("").contains(script))
            .count();
    assertTrue(processes <= 1 + 1 + 16, processes + " processes");
    assertEquals(two, seen(client, "two", "s"));
  }

  /** Which process serves a new client of project lab that can be asked. */
  private static String askable(RunningGateway gateway) throws IOException {
    SessionClient client = SessionClient.openAskable(gateway, "m1");
    return SessionClient.messages(client.call("it.whoami", "{}")).getLast().toString();
  }
}
