package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Clients that look for a way around the one point where calls are decided. */
class McpHostileClientTest {
  private static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";
  private static final String MIRRORED =
      "{\"name\":\"hidden\",\"inputSchema\":{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\",\"x-mcp-header\":\"N\"}}}}";
  private static final String PLAIN = "{\"name\":\"%s\",\"inputSchema\":{\"type\":\"object\"}}";
  private static final String POLICY =
      """
      version: 1
      rules:
        - { id: all, tools: ["open", "gone", "foreign", "mine"], effect: allow }
        - { id: never, tools: ["hidden"], effect: deny }
      """;

  @TempDir Path folder;
  private ScriptedMcpServer server;
  private RunningGateway gateway;

  @BeforeEach
  void start() throws Exception {
    server = ScriptedMcpServer.start(tools("open", "gone", "foreign"));
    server.answers("tools/call", request -> "{\"content\":[]}");
    for (String method : List.of("resources/read", "prompts/get", "completion/complete")) {
      server.answers(method, request -> "{\"contents\":[],\"messages\":[],\"completion\":{}}");
    }
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("lab", POLICY);
    config.file(
        "model_keys/lab.yaml",
        "version: 1\nmodels:\n"
            + ConfigFolder.model("lab", "m1", List.of("open", "gone", "hidden"))
            + ConfigFolder.model("lab", "m2", List.of("*")));
    config.gateway(
        "projects:\n  lab:\n    upstreams:\n      - { name: up, type: mcp-http, url: \"%s\", protocol: session, exact_numbers: [hidden] }\n"
            .formatted(server.url()));
    gateway = RunningGateway.start(config, folder.resolve("data"));
    SessionClient client = SessionClient.open(gateway, "m1");
    Eventually.holds("the tools are known", () -> client.tools().contains("open"));
  }

  @AfterEach
  void stop() {
    gateway.close();
    server.close();
  }

  private static String tools(String... names) {
    StringBuilder tools = new StringBuilder("[" + MIRRORED);
    for (String name : names) {
      tools.append(',').append(PLAIN.formatted(name));
    }
    return tools.append(']').toString();
  }

  private Reply stateless(String method, String params, String... headers) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "Accept",
                "application/json, text/event-stream",
                "X-Model-Key",
                ConfigFolder.key("lab", "m1"),
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                method));
    all.addAll(List.of(headers));
    return gateway
        .client()
        .post(
            "/p/lab/mcp",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{%s%s}}"
                .formatted(method, META, params.isEmpty() ? "" : "," + params),
            all.toArray(String[]::new));
  }

  private static String error(Reply reply, String name) {
    return reply.status() + " " + reply.json().path("error").toString().replace(name, "NAME");
  }

  @Test
  void aHiddenToolAnAbsentOneAndOneThatIsGoneAreAnsweredAlike() throws Exception {
    SessionClient client = SessionClient.open(gateway, "m1");
    assertEquals(List.of("gone", "open"), client.tools());
    server.answers("tools/list", request -> "{\"tools\":" + tools("open", "foreign") + "}");
    server.streams(
        "tools/call",
        (request, stream) -> {
          stream.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"id\":"
                  + request.path("id")
                  + ",\"result\":{\"content\":[]}}");
        });
    client.call("open", "{}");
    Eventually.holds("it is gone", () -> !client.tools().contains("gone"));
    Eventually.holds(
        "it is gone for all",
        () ->
            !gateway
                .client()
                .admin("GET", "/api/tools?project=lab", null)
                .text()
                .contains("\"gone\""));
    int calls = server.seen("tools/call").size();
    for (String arguments :
        List.of("{}", "{\"n\":1}", "{\"n\":\"x\"}", "{\"n\":12345678901234567890123}")) {
      String unknown = error(client.call("absent", arguments), "absent");
      String elsewhere =
          error(
              stateless(
                  "tools/call",
                  "\"name\":\"absent\",\"arguments\":" + arguments,
                  "Mcp-Name",
                  "absent"),
              "absent");
      for (String name : List.of("hidden", "foreign", "gone")) {
        assertEquals(unknown, error(client.call(name, arguments), name), name + arguments);
        assertEquals(
            elsewhere,
            error(
                stateless(
                    "tools/call",
                    "\"name\":\"" + name + "\",\"arguments\":" + arguments,
                    "Mcp-Name",
                    name),
                name),
            name + arguments);
      }
    }
    assertEquals(calls, server.seen("tools/call").size());
  }

  @Test
  void whatNobodyAllowedIsUnknownAndReachesNoServer() throws Exception {
    SessionClient client = SessionClient.open(gateway, "m2");
    for (String method :
        List.of(
            "resources/read",
            "resources/list",
            "resources/templates/list",
            "resources/subscribe",
            "resources/unsubscribe",
            "prompts/get",
            "prompts/list",
            "completion/complete",
            "tasks/get",
            "tasks/list",
            "tasks/result",
            "tasks/cancel",
            "tasks/update",
            "subscriptions/listen",
            "server/discover",
            "sampling/createMessage",
            "elicitation/create",
            "roots/list",
            "notifications/initialized",
            "rpc.discover",
            "Tools/Call",
            " tools/call",
            "tools/call\\u0000",
            "")) {
      int before = server.seen(method).size();
      Reply reply =
          client.request(
              method,
              "{\"uri\":\"doc://x\",\"name\":\"x\",\"ref\":{\"type\":\"ref/prompt\",\"name\":\"x\"},\"argument\":{\"name\":\"a\",\"value\":\"\"}}");
      int code = reply.json().path("error").path("code").intValue();
      assertTrue(code == -32601 || code == -32600, () -> method + " " + reply);
      assertEquals(before, server.seen(method).size(), method);
    }
    for (String method :
        List.of("resources/read", "prompts/get", "completion/complete", "tasks/get", "rpc.x")) {
      Reply reply =
          stateless(
              method,
              "\"uri\":\"x\",\"name\":\"x\",\"ref\":{\"type\":\"ref/prompt\",\"name\":\"x\"},\"argument\":{\"name\":\"a\",\"value\":\"\"}",
              "Mcp-Name",
              "x");
      assertEquals(404, reply.status(), () -> method + " " + reply);
      assertEquals(-32601, reply.json().path("error").path("code").intValue(), reply::toString);
      assertEquals(List.of(), server.seen(method));
    }
  }

  @Test
  void notificationsThatWouldActReachNobody() throws Exception {
    SessionClient client = SessionClient.open(gateway, "m2");
    for (String method :
        List.of(
            "tools/call",
            "resources/read",
            "resources/subscribe",
            "logging/setLevel",
            "notifications/tools/list_changed",
            "notifications/roots/list_changed",
            "notifications/message",
            "notifications/progress",
            "rpc.x")) {
      String params =
          "{\"name\":\"open\",\"arguments\":{},\"uri\":\"x\",\"level\":\"debug\",\"progressToken\":1,\"progress\":1}";
      assertEquals(202, client.tell(method, params).status());
      assertEquals(List.of(), server.seen(method), method);
    }
    client.request("logging/setLevel", "{\"level\":\"debug\"}");
    assertEquals(List.of(), server.seen("logging/setLevel"));
    assertTrue(client.call("open", "{}").json().has("result"));
    assertEquals(1, server.seen("tools/call").size());
  }

  @Test
  void sessionsAreNamedByTheGatewayAndEndForGood() throws Exception {
    String wanted = "wanted-by-the-client-0123456789";
    Reply greeted = SessionClient.greet(gateway, "m1", "Mcp-Session-Id", wanted);
    assertNotEquals(wanted, greeted.header("Mcp-Session-Id").orElseThrow());
    SessionClient client = SessionClient.open(gateway, "m1");
    for (SessionClient other :
        List.of(client.in(wanted), client.in(client.session() + "0"), client.as("m2"))) {
      assertEquals(404, other.call("open", "{}").status());
      assertEquals(404, other.send("GET", null).status());
      assertEquals(404, other.send("DELETE", null).status());
    }
    assertEquals(List.of(), server.seen("tools/call"));
    assertTrue(client.call("open", "{}").json().has("result"), "nobody else could end it");
    assertEquals(204, client.send("DELETE", null).status());
    assertEquals(404, client.call("open", "{}").status());
    assertEquals(404, client.send("GET", null, "Last-Event-ID", "1").status());
    assertEquals(404, client.send("DELETE", null).status());
    assertEquals(1, server.seen("tools/call").size());
  }

  @Test
  void manyGreetingsAtOnceGiveAsManySessions() throws Exception {
    Set<String> sessions = ConcurrentHashMap.newKeySet();
    Callable<Boolean> greeting =
        () ->
            sessions.add(SessionClient.greet(gateway, "m1").header("Mcp-Session-Id").orElseThrow());
    try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var greeted : many.invokeAll(java.util.Collections.nCopies(50, greeting))) {
        assertTrue(greeted.get());
      }
    }
    assertEquals(50, sessions.size());
    assertTrue(sessions.stream().allMatch(session -> session.length() >= 22), sessions::toString);
    assertFalse(sessions.stream().anyMatch(session -> session.startsWith("up-")), "of the server");
  }

  @Test
  void oldRevisionsAreAnsweredWithOneThatIsServed() throws Exception {
    for (String old : List.of("1999-01-01", "2024-11-05", "2026-07-28", "")) {
      Reply reply =
          gateway
              .client()
              .post(
                  "/p/lab/mcp",
                  "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"%s\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}"
                      .formatted(old),
                  "Accept",
                  "application/json, text/event-stream",
                  "X-Model-Key",
                  ConfigFolder.key("lab", "m1"));
      JsonNode version = reply.json().path("result").path("protocolVersion");
      assertEquals("2025-11-25", version.asString(""), reply::toString);
    }
    SessionClient client = SessionClient.open(gateway, "m1");
    Reply refused =
        client.post(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"open\",\"arguments\":{}}}",
            "MCP-Protocol-Version",
            "2024-11-05");
    assertEquals(400, refused.status(), refused::toString);
    assertEquals(List.of(), server.seen("tools/call"));
  }
}
