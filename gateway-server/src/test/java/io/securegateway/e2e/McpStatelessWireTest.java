package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The validation ladder of the wire without sessions, rung by rung. */
class McpStatelessWireTest {
  private static final String VERSION = "2026-07-28";
  private static final String META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

  @TempDir static Path folder;
  private static ScriptedMcpServer server;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    server =
        ScriptedMcpServer.start(
            """
            [{"name":"echo","inputSchema":{"type":"object"}},
             {"name":"count","inputSchema":{"type":"object","properties":{
               "region":{"type":"string","x-mcp-header":"Region"},
               "n":{"type":"integer","x-mcp-header":"N"}}}},
             {"name":"once","inputSchema":{"type":"object"}}]""");
    server.answers(
        "tools/call",
        request ->
            "{\"content\":[],\"_meta\":{\"securegateway/decision\":1,\"v\":2},\"structuredContent\":"
                + request.path("params").path("arguments")
                + "}");
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy(
        "lab",
        "version: 1\nrules:\n"
            + "  - { id: all, tools: [\"*\"], effect: allow }\n"
            + "limits:\n  - { tools: [\"count\"], calls: 3, within: 1h, per: key }\n");
    config.contextual(
        "lab",
        "- { id: once, tools: [\"once\"], effect: deny, session: { calls: { tools: [\"once\"], ge: 1 } } }\n");
    config.file(
        "model_keys/lab.yaml",
        "version: 1\nmodels:\n"
            + ConfigFolder.model("lab", "m1", List.of("*"))
            + ConfigFolder.model("lab", "m2", List.of("*")));
    config.gateway(
        "projects:\n  lab:\n    upstreams:\n      - { name: up, type: mcp-http, url: \""
            + server.url()
            + "\", protocol: session }\n");
    gateway = RunningGateway.start(config, folder.resolve("data"));
    Eventually.holds(
        "the tools are known",
        () -> send("m1", request("tools/list", ""), Map.of()).text().contains("echo"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    server.close();
  }

  private static String request(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"%s\",\"params\":{%s%s}}"
        .formatted(method, META, params.isEmpty() ? "" : "," + params);
  }

  private static String call(String tool, String arguments) {
    return request("tools/call", "\"name\":\"" + tool + "\",\"arguments\":" + arguments);
  }

  /** With the headers that the body asks for, except these; an empty value leaves one out. */
  private static Reply send(String model, String body, Map<String, String> others)
      throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    JsonNode message = Reply.JSON.readTree(body);
    headers.put("Accept", "application/json, text/event-stream");
    headers.put("X-Model-Key", ConfigFolder.key("lab", model));
    headers.put("MCP-Protocol-Version", VERSION);
    headers.put("Mcp-Method", message.path("method").asString(""));
    if (message.path("params").has("name")) {
      headers.put("Mcp-Name", message.path("params").path("name").asString(""));
    }
    headers.putAll(others);
    List<String> flat = new ArrayList<>();
    headers.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            flat.addAll(List.of(name, value));
          }
        });
    return gateway.client().post("/p/lab/mcp", body, flat.toArray(String[]::new));
  }

  private static void refused(int status, int code, String body, Map<String, String> headers)
      throws IOException {
    int calls = server.seen("tools/call").size();
    Reply reply = send("m1", body, headers);
    assertEquals(status, reply.status(), reply::toString);
    assertEquals(code, reply.json().path("error").path("code").intValue(), reply::toString);
    assertEquals("q", reply.json().path("id").asString(""), reply::toString);
    assertEquals(calls, server.seen("tools/call").size());
  }

  @Test
  void discoversAndListsPrivately() throws IOException {
    JsonNode found = send("m1", request("server/discover", ""), Map.of()).json().path("result");
    assertEquals(VERSION, found.path("supportedVersions").path(0).asString(""), found::toString);
    assertTrue(found.path("capabilities").has("tools"), found::toString);
    JsonNode listed = send("m1", request("tools/list", ""), Map.of()).json().path("result");
    for (JsonNode result : List.of(found, listed)) {
      assertEquals("complete", result.path("resultType").asString(""), result::toString);
      assertEquals("private", result.path("cacheScope").asString(""), result::toString);
      assertEquals(0, result.path("ttlMs").asInt(-1), result::toString);
      assertTrue(result.path("_meta").has("io.modelcontextprotocol/serverInfo"), result::toString);
    }
  }

  @Test
  void callsAndTakesNothingOfTheOtherWire() throws IOException {
    Reply reply =
        send(
            "m1",
            call("echo", "{\"a\":1.50}"),
            Map.of("Mcp-Session-Id", "stale", "Last-Event-ID", "x"));
    assertEquals(200, reply.status(), reply::toString);
    assertTrue(reply.header("Mcp-Session-Id").isEmpty());
    JsonNode result = reply.json().path("result");
    assertEquals("complete", result.path("resultType").asString(""), reply::toString);
    assertTrue(reply.text().contains("\"structuredContent\":{\"a\":1.50}"), reply::toString);
    assertFalse(result.path("_meta").has("securegateway/decision"), reply::toString);
    assertFalse(result.has("ttlMs"), reply::toString);
  }

  @Test
  void refusesABrokenEnvelope() throws IOException {
    refused(400, -32602, "{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"tools/list\"}", Map.of());
    refused(
        400,
        -32602,
        request("tools/list", "").replace("clientCapabilities\":{}", "clientCapabilities\":[]"),
        Map.of());
    refused(400, -32602, request("tools/list", "").replace("\"2026-07-28\"", "20260728"), Map.of());
    refused(
        400,
        -32020,
        "{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"initialize\",\"params\":{}}",
        Map.of());
    refused(404, -32601, request("initialize", ""), Map.of());
  }

  @Test
  void refusesHeadersThatDisagreeOrAreMissing() throws IOException {
    String echo = call("echo", "{}");
    refused(400, -32020, echo, Map.of("MCP-Protocol-Version", "2025-11-25"));
    refused(400, -32020, echo, Map.of("MCP-Protocol-Version", ""));
    refused(400, -32020, echo, Map.of("Mcp-Method", "tools/list"));
    refused(400, -32020, echo, Map.of("Mcp-Method", "Tools/Call"));
    refused(400, -32020, echo, Map.of("Mcp-Method", ""));
    refused(400, -32020, echo, Map.of("Mcp-Name", ""));
    refused(400, -32020, echo, Map.of("Mcp-Name", "count"));
    refused(400, -32020, echo, Map.of("Mcp-Name", "=?base64?ZWNobw?="));
    refused(400, -32020, echo, Map.of("Mcp-Name", "=?BASE64?ZWNobw==?="));
    assertEquals(200, send("m1", echo, Map.of("Mcp-Name", "=?base64?ZWNobw==?=")).status());
    assertEquals(200, send("m1", echo, Map.of("mcp-NAME", " echo ")).status());
  }

  @Test
  void refusesMirrorsThatDisagree() throws IOException {
    String both = call("count", "{\"region\":\"Z\u00fcrich\",\"n\":42}");
    String name = "=?base64?WsO8cmljaA==?=";
    refused(400, -32020, both, Map.of("Mcp-Param-Region", name));
    refused(400, -32020, both, Map.of("Mcp-Param-Region", name, "Mcp-Param-N", "43"));
    refused(400, -32020, both, Map.of("Mcp-Param-Region", "Zurich", "Mcp-Param-N", "42"));
    refused(400, -32020, call("count", "{\"n\":null}"), Map.of("Mcp-Param-N", "42"));
    Reply taken = send("m1", both, Map.of("Mcp-Param-Region", name, "Mcp-Param-N", "42.0"));
    assertEquals(200, taken.status(), taken::toString);
  }

  @Test
  void refusesOtherVersionsAndUnknownMethods() throws IOException {
    String later = request("tools/list", "").replace(VERSION, "2027-01-01");
    Reply reply = send("m1", later, Map.of("MCP-Protocol-Version", "2027-01-01"));
    assertEquals(400, reply.status(), reply::toString);
    JsonNode error = reply.json().path("error");
    assertEquals(-32022, error.path("code").intValue(), reply::toString);
    assertEquals(VERSION, error.path("data").path("supported").path(0).asString(""));
    for (String method :
        List.of("ping", "logging/setLevel", "resources/subscribe", "tasks/list", "rpc.x")) {
      refused(404, -32601, request(method, ""), Map.of());
    }
    refused(400, -32602, request("tools/list", ""), Map.of("X-Session-ID", "~implicit"));
  }

  @Test
  void nobodyAnswersWhereNobodyAsked() throws IOException {
    Reply answer =
        send("m1", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", Map.of("Mcp-Method", ""));
    assertEquals(400, answer.status(), answer::toString);
    Reply told =
        send(
            "m1",
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}",
            Map.of("Mcp-Method", ""));
    assertEquals(202, told.status());
  }

  @Test
  void aNewSessionNameShedsNothingThatIsKeptPerKey() throws IOException {
    Map<String, String> mirrors = Map.of("Mcp-Param-N", "1");
    String count = call("count", "{\"n\":1}");
    for (int i = 0; i < 3; i++) {
      Reply reply = send("m2", count, with(mirrors, "X-Session-ID", "fresh-" + i));
      assertTrue(reply.json().path("result").path("structuredContent").has("n"), reply::toString);
    }
    Reply fourth = send("m2", count, with(mirrors, "X-Session-ID", "fresh-4"));
    assertTrue(fourth.text().contains("limit.reached"), fourth::toString);
  }

  @Test
  void callsOfAKeyShareTheirImplicitSession() throws IOException {
    Reply first = send("m2", call("once", "{}"), Map.of());
    assertFalse(first.json().path("result").path("isError").asBoolean(false), first::toString);
    Reply second = send("m2", call("once", "{}"), Map.of());
    assertTrue(second.json().path("result").path("isError").asBoolean(false), second::toString);
    Reply other = send("m2", call("once", "{}"), Map.of("X-Session-ID", "s2"));
    assertFalse(other.json().path("result").path("isError").asBoolean(false), other::toString);
  }

  private static Map<String, String> with(Map<String, String> map, String name, String value) {
    Map<String, String> more = new TreeMap<>(map);
    more.put(name, value);
    return more;
  }
}
