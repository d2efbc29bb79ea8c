package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls as a receiver of OpenTelemetry's protocol and the tool's server see them. */
class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  @TempDir Path folder;
  private final List<RunningGateway> started = new ArrayList<>();
  private final List<Got> got = new CopyOnWriteArrayList<>();

  /** A message to the receiver; protobuf holds texts and ids as they are. */
  private record Got(String path, String type, String authorization, String body) {}

  private HttpServer receiver() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            var headers = exchange.getRequestHeaders();
            got.add(
                new Got(
                    exchange.getRequestURI().getPath(),
                    String.valueOf(headers.getFirst("content-type")),
                    String.valueOf(headers.getFirst("authorization")),
                    new String(body, StandardCharsets.ISO_8859_1)));
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    return server;
  }

  private void start(String tracing) throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.gateway(tracing);
    config.policy(
        "default",
        """
        version: 1
        rules:
          - { id: everything, tools: ["**"], effect: allow }
          - { id: not-this, tools: ["forbidden"], effect: deny }
        """);
    config.keys("default", "m1", List.of("*"));
    started.add(RunningGateway.start(config, folder.resolve("data")));
    running().tools().remember();
  }

  @AfterEach
  void stop() {
    started.forEach(RunningGateway::close);
  }

  private RunningGateway running() {
    return started.getFirst();
  }

  private Reply call(String tool, String... headers) throws IOException {
    List<String> all = new ArrayList<>(List.of("X-Model-Key", ConfigFolder.key("default", "m1")));
    all.addAll(List.of(headers));
    return running()
        .client()
        .post("/mcp/toolcall", Client.toolCall("s", tool, "{}"), all.toArray(String[]::new));
  }

  private String received() {
    return String.join("\n", got.stream().map(Got::body).toList());
  }

  private List<String> sent(String header) {
    return running().tools().seen().stream()
        .flatMap(
            seen ->
                seen.headers().entrySet().stream()
                    .filter(entry -> entry.getKey().equalsIgnoreCase(header))
                    .flatMap(entry -> entry.getValue().stream()))
        .toList();
  }

  @Test
  void spansOfACallBelongToTheTraceOfItsCaller() throws Exception {
    HttpServer server = receiver();
    try {
      start(
          "tracing: { endpoint: \"http://127.0.0.1:%d/v1/traces\", authorization: \"Bearer t\" }\n"
              .formatted(server.getAddress().getPort()));
      assertEquals(200, call("weather", "traceparent", PARENT, "tracestate", "a=1,b=2").status());
      Reply denied = call("forbidden", "traceparent", PARENT);
      assertEquals(403, denied.status(), denied::toString);
      Eventually.holds(
          "both calls arrive",
          () ->
              received().contains("execute_tool weather")
                  && received().contains("execute_tool forbidden"));
      assertEquals("/v1/traces", got.getFirst().path());
      assertEquals("application/x-protobuf", got.getFirst().type());
      assertEquals("Bearer t", got.getFirst().authorization());
      String all = received();
      for (String text :
          new String[] {
            "tools/call weather",
            "decide",
            "gen_ai.tool.name",
            "mcp.method.name",
            "everything",
            "rule.denied",
            "securegateway.outcome",
            denied.text("trace_id")
          }) {
        assertTrue(all.contains(text), text);
      }
      assertFalse(all.contains("tools/call forbidden"), "a denied call goes nowhere");
      String id = new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1);
      assertTrue(all.contains(id), "the spans are in the caller's trace");
      String onward = sent("traceparent").getFirst();
      assertTrue(onward.startsWith("00-" + TRACE + "-") && onward.endsWith("-01"), onward);
      assertFalse(onward.equals(PARENT), "the tool's parent is the gateway's span");
      String span =
          new String(
              HexFormat.of().parseHex(onward.substring(36, 52)), StandardCharsets.ISO_8859_1);
      assertTrue(all.contains(span), "the tool's parent is among what was sent");
      assertEquals(List.of("a=1,b=2"), sent("tracestate"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aTraceGoesOnUnchangedWhenNobodyFollows() throws Exception {
    start("");
    assertEquals(200, call("weather", "traceparent", PARENT, "tracestate", "a=1").status());
    assertEquals(200, call("weather", "traceparent", "nonsense").status());
    assertEquals(200, call("weather").status());
    assertEquals(List.of(PARENT), sent("traceparent"));
    assertEquals(List.of("a=1"), sent("tracestate"));
  }

  @Test
  void mcpServersAreToldInMeta() throws Exception {
    try (var server = NodeServers.fixture()) {
      start(
          """
          projects:
            default:
              upstreams:
                - { name: fixture, type: mcp-http, url: "%s", prefix: fx }
          """
              .formatted(server.url()));
      Eventually.holds(
          "its tools are listed", () -> call("fx.trace").text().contains("undefined undefined"));
      Reply told = call("fx.trace", "traceparent", PARENT, "tracestate", "a=1");
      assertTrue(told.text().contains(PARENT + " a=1"), told::toString);
      String message =
          """
          {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"fx.trace","arguments":{},
           "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
                    "io.modelcontextprotocol/clientCapabilities":{},
                    "traceparent":"%s","tracestate":"b=2"}}}
          """
              .formatted(PARENT);
      Reply stateless = stateless(message);
      assertTrue(stateless.text().contains(PARENT + " b=2"), stateless::toString);
      String bare = message.replaceFirst(",\\s*\"traceparent\":.*?\"b=2\"", "");
      assertFalse(bare.contains("b=2"), bare);
      Reply byHeader = stateless(bare, "traceparent", PARENT, "tracestate", "c=3");
      assertTrue(byHeader.text().contains(PARENT + " c=3"), byHeader::toString);
    }
  }

  private Reply stateless(String message, String... headers) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "X-Model-Key",
                ConfigFolder.key("default", "m1"),
                "Accept",
                "application/json, text/event-stream",
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                "tools/call",
                "Mcp-Name",
                "fx.trace"));
    all.addAll(List.of(headers));
    return running().client().post("/mcp", message, all.toArray(String[]::new));
  }

  @Test
  void callsGoOnWhenTheReceiverIsAway() throws Exception {
    int port;
    try (ServerSocket probe = new ServerSocket(0)) {
      port = probe.getLocalPort();
    }
    start("tracing: { endpoint: \"http://127.0.0.1:" + port + "/v1/traces\" }\n");
    for (int i = 0; i < 50; i++) {
      assertEquals(200, call("weather").status());
    }
    assertEquals(50, sent("traceparent").size());
  }
}
