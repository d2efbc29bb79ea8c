package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A client of the session wire whose connection breaks in a call loses nothing of its answer. */
class McpResumeTest {
  private static final String TOOLS = "[{\"name\":\"walk\",\"inputSchema\":{\"type\":\"object\"}}]";
  private static final String CALL =
      "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"walk\",\"arguments\":{},\"_meta\":{\"progressToken\":\"mine\"}}}";

  @TempDir Path folder;
  private final Semaphore steps = new Semaphore(0);
  private final HttpClient http = HttpClient.newHttpClient();
  private ScriptedMcpServer server;
  private RunningGateway gateway;

  /** Its walk goes two steps, each when it may, and then arrives. */
  @BeforeEach
  void start() throws Exception {
    server = ScriptedMcpServer.start(TOOLS);
    server.streams(
        "tools/call",
        (request, stream) -> {
          JsonNode token = request.path("params").path("_meta").path("progressToken");
          for (int step = 1; step <= 2; step++) {
            steps.acquire();
            stream.send(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":%s,\"progress\":%d}}"
                    .formatted(token, step));
          }
          steps.acquire();
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"arrived\"}]}}"
                  .formatted(request.path("id")));
        });
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config
        .policy("lab", "version: 1\nrules:\n  - { id: all, tools: [\"*\"], effect: allow }\n")
        .file(
            "model_keys/lab.yaml",
            "version: 1\nmodels:\n"
                + ConfigFolder.model("lab", "m1", List.of("*"))
                + ConfigFolder.model("lab", "m2", List.of("*")));
    config.gateway(
        "projects:\n  lab:\n    upstreams:\n      - { name: up, type: mcp-http, url: \"%s\", protocol: session, deadline: 20s }\n"
            .formatted(server.url()));
    gateway = RunningGateway.start(config, folder.resolve("data"));
    Eventually.holds(
        "the server's tools are known",
        () ->
            gateway.client().admin("GET", "/api/tools?project=lab", null).text().contains("walk"));
  }

  @AfterEach
  void stop() throws Exception {
    steps.release(100);
    gateway.close();
    server.close();
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String model) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + "/p/lab/mcp"))
        .header("X-Model-Key", ConfigFolder.key("lab", model))
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, text/event-stream");
  }

  private String session(String revision) throws Exception {
    HttpResponse<String> greeted =
        http.send(
            request("m1")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"%s\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}"
                            .formatted(revision)))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return greeted.headers().firstValue("mcp-session-id").orElseThrow();
  }

  private SseStream walk(String session) throws Exception {
    steps.release();
    SseStream stream =
        SseStream.of(
            http,
            request("m1")
                .header("Mcp-Session-Id", session)
                .POST(HttpRequest.BodyPublishers.ofString(CALL))
                .build());
    assertEquals(1, progress(stream));
    return stream;
  }

  private SseStream resume(String model, String session, String lastEvent) throws Exception {
    return SseStream.of(
        http,
        request(model)
            .header("Mcp-Session-Id", session)
            .header("Last-Event-ID", lastEvent)
            .GET()
            .build());
  }

  private static int progress(SseStream stream) throws IOException {
    JsonNode told = stream.next();
    assertEquals("mine", told.path("params").path("progressToken").asString(""), told::toString);
    return told.path("params").path("progress").asInt(0);
  }

  private static void assertArrived(SseStream stream) throws IOException {
    JsonNode answer = stream.next();
    assertEquals(5, answer.path("id").asInt(0), answer::toString);
    assertEquals(
        "arrived", answer.path("result").path("content").path(0).path("text").asString(""));
    assertFalse(stream.rest().contains("data: {"), "the stream ends with the answer");
  }

  @Test
  void whatComesWhileNobodyReadsComesWithTheNextConnection() throws Exception {
    String session = session("2025-11-25");
    String seen;
    try (SseStream broken = walk(session)) {
      seen = broken.lastId();
    }
    steps.release();
    try (SseStream again = resume("m1", session, seen)) {
      assertEquals(200, again.status());
      assertEquals(2, progress(again));
      seen = again.lastId();
      steps.release();
      assertArrived(again);
    }
    try (SseStream late = resume("m1", session, seen)) {
      assertArrived(late);
      seen = late.lastId();
    }
    try (SseStream done = resume("m1", session, seen)) {
      assertEquals(200, done.status());
      assertFalse(done.rest().contains("data: {"), "nothing is told twice");
    }
    assertEquals(
        1, server.seen("tools/call").size(), "a stream that is taken up is no second call");
  }

  /** A connection that the client gave up, of which the gateway does not know yet. */
  @Test
  void takingItUpEndsTheConnectionBefore() throws Exception {
    String session = session("2025-11-25");
    try (SseStream before = walk(session);
        SseStream again = resume("m1", session, before.lastId())) {
      assertFalse(before.rest().contains("data: {"));
      steps.release(2);
      assertEquals(2, progress(again));
      assertArrived(again);
    }
  }

  @Test
  void anotherSessionAndAnotherKeyHaveNoPartInIt() throws Exception {
    String session = session("2025-11-25");
    try (SseStream own = walk(session)) {
      String seen = own.lastId();
      try (SseStream other = resume("m1", session("2025-11-25"), seen)) {
        assertEquals(400, other.status());
        assertTrue(other.rest().contains("not kept"));
      }
      try (SseStream stranger = resume("m2", session, seen)) {
        assertEquals(404, stranger.status());
      }
      for (String guessed :
          List.of("request-99-0", "request-1-", "request-1-+1", "request-1-9", "request-1-99")) {
        try (SseStream none = resume("m1", session, guessed)) {
          assertEquals(400, none.status(), guessed);
        }
      }
      steps.release(2);
      assertEquals(2, progress(own));
      assertArrived(own);
    }
  }

  /** Only clients of the newest revision with sessions know events without a message. */
  @Test
  void olderClientsGetNoEmptyEvents() throws Exception {
    String session = session("2025-06-18");
    try (SseStream own = walk(session)) {
      assertFalse(own.lastId().endsWith("-0"));
      steps.release(2);
      assertFalse(own.rest().lines().anyMatch(line -> line.equals("data: ")));
    }
    try (SseStream newer = walk(session("2025-11-25")).primed()) {
      steps.release(2);
      assertEquals(2, progress(newer));
    }
  }

  /** The official client takes streams up by itself. */
  @Test
  void anOfficialClientHearsTheEndOfACallWhoseConnectionBroke() throws Exception {
    try (CutProxy proxy = CutProxy.before(gateway.url());
        McpClientProcess client =
            McpClientProcess.connect("v1", proxy.url() + "/mcp", "lab", Map.of())) {
      int call = client.begin("callTool", "{\"name\":\"walk\",\"arguments\":{}}", -1);
      steps.release();
      Eventually.holds("progress is heard", () -> !client.progress().isEmpty());
      proxy.cut();
      steps.release(2);
      assertEquals(
          "arrived",
          client.await(call).path("ok").path("content").path(0).path("text").asString(""));
    }
  }
}
