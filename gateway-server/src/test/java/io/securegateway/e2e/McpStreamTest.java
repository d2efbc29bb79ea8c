package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What a session is told unasked: changed lists, updated resources, and what a break costs. */
@Timeout(120)
class McpStreamTest {
  private static final String OPEN =
      "version: 1\nrules: [{ id: all, tools: [\"*\"], effect: allow }]\n";
  private static final String SHUT =
      OPEN.replace("allow }]", "allow }, { id: shut, tools: [\"echo\"], effect: deny }]");

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private ConfigFolder config;

  @BeforeEach
  void configure() throws IOException {
    config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", OPEN).keys("default", "m1", List.of("*"));
    config.schema("echo", "{\"type\":\"object\"}").schema("other", "{\"type\":\"object\"}");
  }

  private RunningGateway start() throws IOException {
    RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"));
    open.add(gateway);
    return gateway;
  }

  /** In front of that server, spoken to on that wire, once its tools are known. */
  private RunningGateway startBefore(NodeServers.Http server, String wire) throws Exception {
    config.gateway(
        "projects:\n  default:\n    upstreams:\n      - { name: it, type: mcp-http, url: \"%s\", prefix: it, protocol: %s }\n"
            .formatted(server.url(), wire));
    RunningGateway gateway = start();
    Eventually.holds(
        "the server's tools are known",
        () -> gateway.client().admin("GET", "/api/tools", null).text().contains("it.touch"));
    return gateway;
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    http.shutdownNow();
  }

  private HttpRequest.Builder request(RunningGateway gateway) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + "/mcp"))
        .header("X-Model-Key", ConfigFolder.key("default", "m1"))
        .header("Accept", "application/json, text/event-stream");
  }

  private String session(RunningGateway gateway) throws Exception {
    HttpResponse<String> greeted =
        http.send(
            request(gateway)
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertTrue(greeted.body().contains("\"listChanged\":true"), greeted::body);
    return greeted.headers().firstValue("mcp-session-id").orElseThrow();
  }

  private SseStream stream(RunningGateway gateway, String session, String lastEvent)
      throws Exception {
    HttpRequest.Builder request = request(gateway).header("Mcp-Session-Id", session).GET();
    if (!lastEvent.isEmpty()) {
      request.header("Last-Event-ID", lastEvent);
    }
    return SseStream.of(http, request.build());
  }

  @Test
  void aSessionHearsThatItsToolsChangedAndAgainBehindABreak() throws Exception {
    RunningGateway gateway = start();
    String session = session(gateway);
    String first;
    try (SseStream stream = stream(gateway, session, "").primed()) {
      assertEquals(200, stream.status());
      try (SseStream second = stream(gateway, session, "")) {
        assertEquals(409, second.status());
      }
      first = stream.lastId();
      Thread.sleep(200);
      config.policy("default", SHUT);
      gateway.client().reload();
      assertEquals("notifications/tools/list_changed", stream.next().path("method").asString(""));
    }
    try (SseStream again = stream(gateway, session, first)) {
      assertEquals(200, again.status());
      assertEquals("notifications/tools/list_changed", again.next().path("method").asString(""));
      config.policy("default", OPEN);
      gateway.client().reload();
      assertEquals("notifications/tools/list_changed", again.next().path("method").asString(""));
    }
  }

  /** The server says so on the wire that it is spoken to; a key that may read none is not told. */
  @ParameterizedTest
  @ValueSource(strings = {"session", "stateless"})
  void otherPromptsAreToldToThoseWhoMayReadThem(String wire) throws Exception {
    NodeServers.Http server =
        wire.equals("session") ? NodeServers.fixture("--sessions") : NodeServers.fixture();
    open.add(server);
    config.policy("blind", OPEN.replace("[\"*\"]", "[\"it.*\"]")).keys("blind", "m1", List.of("*"));
    RunningGateway gateway = startBefore(server, wire);
    String session = session(gateway);
    try (SseStream stream = stream(gateway, session, "").primed();
        SseStream listening = listen(gateway, ConfigFolder.key("default", "m1"));
        SseStream blind = listen(gateway, ConfigFolder.key("blind", "m1"))) {
      assertTrue(granted(listening).path("promptsListChanged").asBoolean(false));
      assertFalse(granted(blind).has("promptsListChanged"));
      Thread.sleep(300);
      Reply told = gateway.client().call("default", "s", "it.test_trigger_prompt_change", "{}");
      assertEquals(200, told.status(), told::toString);
      String changed = "notifications/prompts/list_changed";
      assertEquals(changed, stream.next().path("method").asString(""));
      assertEquals(changed, listening.next().path("method").asString(""));
      config.policy("default", SHUT).policy("blind", SHUT);
      gateway.client().reload();
      assertEquals("notifications/tools/list_changed", blind.next().path("method").asString(""));
    }
  }

  /** Whatever wires client and server speak; what is denied reaches no server. */
  @ParameterizedTest
  @ValueSource(strings = {"session", "stateless"})
  void updatesOfResourcesReachThoseWhoMayHearOfThem(String wire) throws Exception {
    NodeServers.Http server =
        wire.equals("session")
            ? NodeServers.fixture("--sessions")
            : NodeServers.fixture("--stateless-only");
    open.add(server);
    config.policy(
        "default",
        OPEN.replace(
            "allow }]",
            "allow }, { id: secret, tools: [resources/subscribe], effect: deny, when: { args.uri: { contains: binary } } }]"));
    RunningGateway gateway = startBefore(server, wire);
    McpClientProcess client =
        McpClientProcess.connect("v2", gateway.url() + "/mcp", "default", Map.of("PLAIN", "1"));
    open.add(client);
    JsonNode subscribed = client.run("subscribeResource", "{\"uri\":\"test://static-text\"}");
    assertTrue(subscribed.has("ok"), subscribed::toString);
    JsonNode refused = client.run("subscribeResource", "{\"uri\":\"test://static-binary\"}");
    assertTrue(refused.has("error"), refused::toString);
    try (SseStream listening =
        listen(
            gateway,
            ConfigFolder.key("default", "m1"),
            "{\"resourceSubscriptions\":[\"test://static-text\",\"test://static-binary\",\"test://static-text\",\"test://absent\"]}")) {
      JsonNode granted = granted(listening).path("resourceSubscriptions");
      assertEquals("test://static-text", granted.path(0).asString(""), granted::toString);
      assertFalse(granted.toString().contains("binary"), granted::toString);
      touch(gateway, "test://static-binary");
      touch(gateway, "test://static-text");
      JsonNode updated = listening.next();
      assertEquals("notifications/resources/updated", updated.path("method").asString(""));
      assertEquals("test://static-text", updated.path("params").path("uri").asString(""));
      assertEquals(
          7,
          updated
              .path("params")
              .path("_meta")
              .path("io.modelcontextprotocol/subscriptionId")
              .asInt(0));
      Eventually.holds("the session hears of it", () -> updates(client) == 1);
    }
    assertTrue(client.run("unsubscribeResource", "{\"uri\":\"test://static-text\"}").has("ok"));
    touch(gateway, "test://static-text");
    Thread.sleep(500);
    assertEquals(1, updates(client), () -> client.told().toString());
    assertFalse(client.told().toString().contains("subscriptionId"));
  }

  @Test
  void newsThatComeWithTheServersAnswerFollowTheAcknowledgement() throws Exception {
    ScriptedMcpServer server = ScriptedMcpServer.start("[]");
    open.add(server);
    server
        .answers(
            "resources/list",
            request ->
                "{\"resources\":[{\"uri\":\"doc://yes\",\"name\":\"y\"},{\"uri\":\"doc://no\",\"name\":\"n\"}]}")
        .streams(
            "resources/subscribe",
            (request, stream) ->
                stream.send(
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"doc://no\"}}\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"doc://yes\"}}\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{}}"
                        .formatted(request.path("id"))));
    config
        .policy(
            "default",
            OPEN.replace(
                "allow }]",
                "allow }, { id: no, tools: [resources/subscribe], effect: deny, when: { args.uri: { suffix: \"no\" } } }]"))
        .gateway(
            "projects:\n  default:\n    upstreams:\n      - { name: up, type: mcp-http, url: \"%s\", protocol: session, prefix: up }\n"
                .formatted(server.url()));
    RunningGateway gateway = start();
    Eventually.holds("it is greeted", () -> !server.seen("tools/list").isEmpty());
    try (SseStream listening =
        listen(
            gateway,
            ConfigFolder.key("default", "m1"),
            "{\"resourceSubscriptions\":[\"doc://no\",\"doc://yes\"]}")) {
      assertEquals("{\"resourceSubscriptions\":[\"doc://yes\"]}", granted(listening).toString());
      JsonNode updated = listening.next();
      assertEquals("notifications/resources/updated", updated.path("method").asString(""));
      assertEquals("doc://yes", updated.path("params").path("uri").asString(""));
    }
  }

  /** A stolen key that listens must not go on listening. */
  @Test
  void whatAKeyHoldsOpenEndsWithIt() throws Exception {
    NodeServers.Http server = NodeServers.fixture("--sessions");
    open.add(server);
    config.file(
        "model_keys/default.yaml",
        "version: 1\nmodels:\n"
            + ConfigFolder.model("default", "m1", List.of("*"))
            + ConfigFolder.model("default", "m2", List.of("*")));
    RunningGateway gateway = startBefore(server, "auto");
    McpClientProcess client =
        McpClientProcess.connect("v2", gateway.url() + "/mcp", "default", Map.of("PLAIN", "1"));
    open.add(client);
    String uri = "test://static-text";
    assertTrue(client.run("subscribeResource", "{\"uri\":\"" + uri + "\"}").has("ok"));
    try (SseStream kept =
            listen(gateway, ConfigFolder.key("default", "m2"), "{\"toolsListChanged\":true}");
        SseStream lost =
            listen(
                gateway,
                ConfigFolder.key("default", "m1"),
                "{\"resourceSubscriptions\":[\"" + uri + "\"]}")) {
      assertTrue(granted(kept).has("toolsListChanged"));
      assertTrue(granted(lost).has("resourceSubscriptions"));
      touch(gateway, uri);
      assertEquals("notifications/resources/updated", lost.next().path("method").asString(""));
      Eventually.holds("the session hears of it", () -> updates(client) == 1);
      config.file(
          "model_keys/default.yaml",
          "version: 1\nmodels:\n" + ConfigFolder.model("default", "m2", List.of("*")));
      gateway.client().reload();
      assertTrue(lost.rest().contains("opens nothing any more"));
      config.policy("default", SHUT);
      gateway.client().reload();
      assertEquals("notifications/tools/list_changed", kept.next().path("method").asString(""));
    }
    config.policy("default", OPEN);
    gateway.client().reload();
    Reply touched =
        gateway.client().call("default", "m2", "s", "it.touch", "{\"uri\":\"" + uri + "\"}");
    assertEquals(200, touched.status(), touched::toString);
    Thread.sleep(500);
    assertEquals(1, updates(client), () -> client.told().toString());
  }

  @Test
  void whatAKeyHoldsOpenEndsWhenItExpiresOrIsReplacedUnderItsId() throws Exception {
    Instant expiry = Instant.now().plusSeconds(8).truncatedTo(ChronoUnit.SECONDS);
    String keys =
        "version: 1\nmodels:\n"
            + ConfigFolder.model("default", "m1", List.of("*"))
                .replace("\" }", "\", expires: " + expiry + " }")
            + ConfigFolder.model("default", "m2", List.of("*"));
    config.file("model_keys/default.yaml", keys);
    RunningGateway gateway = start();
    String session = session(gateway);
    try (SseStream own = stream(gateway, session, "").primed();
        SseStream expires = listen(gateway, ConfigFolder.key("default", "m1"));
        SseStream replaced = listen(gateway, ConfigFolder.key("default", "m2"))) {
      granted(expires);
      granted(replaced);
      config.file(
          "model_keys/default.yaml",
          keys.replace(
              Keys.hash(ConfigFolder.key("default", "m2")),
              Keys.hash(ConfigFolder.key("default", "m3"))));
      gateway.client().reload();
      assertTrue(replaced.rest().contains("opens nothing any more"));
      assertTrue(Instant.now().isBefore(expiry), "the other one holds until it expires");
      assertTrue(expires.rest().contains("opens nothing any more"));
      own.rest();
      assertFalse(Instant.now().isBefore(expiry), "the other one held until it expired");
    }
  }

  @Test
  void aGrantEndsWithThePolicyThatGaveIt() throws Exception {
    NodeServers.Http server = NodeServers.fixture("--sessions");
    open.add(server);
    RunningGateway gateway = startBefore(server, "auto");
    McpClientProcess client =
        McpClientProcess.connect("v2", gateway.url() + "/mcp", "default", Map.of("PLAIN", "1"));
    open.add(client);
    String text = "test://static-text";
    String watched = "test://watched-resource";
    for (String uri : List.of(text, watched)) {
      assertTrue(client.run("subscribeResource", "{\"uri\":\"" + uri + "\"}").has("ok"));
    }
    try (SseStream listening =
        listen(
            gateway,
            ConfigFolder.key("default", "m1"),
            "{\"resourceSubscriptions\":[\"%s\",\"%s\"]}".formatted(text, watched))) {
      assertEquals(2, granted(listening).path("resourceSubscriptions").size());
      config.policy(
          "default",
          OPEN.replace(
              "allow }]",
              "allow }, { id: no, tools: [resources/subscribe], effect: deny, when: { args.uri: { contains: static } } }]"));
      gateway.client().reload();
      Thread.sleep(500);
      touch(gateway, text);
      touch(gateway, watched);
      JsonNode updated = listening.next();
      assertEquals(watched, updated.path("params").path("uri").asString(""), updated::toString);
      Eventually.holds("the session hears of one", () -> updates(client) == 1);
    }
    Thread.sleep(300);
    assertFalse(client.told().toString().contains(text), client.told()::toString);
  }

  private static void touch(RunningGateway gateway, String uri) throws IOException {
    Reply touched = gateway.client().call("default", "s", "it.touch", "{\"uri\":\"" + uri + "\"}");
    assertEquals(200, touched.status(), touched::toString);
  }

  private static long updates(McpClientProcess client) {
    return client.told().stream()
        .filter(told -> told.path("method").asString("").equals("notifications/resources/updated"))
        .count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "{\"resourceSubscriptions\":\"a\"}", "{\"resourceSubscriptions\":[1]}"})
  void whatCannotBeListenedToIsSaid(String notifications) throws Exception {
    RunningGateway gateway = start();
    try (SseStream refused = listen(gateway, ConfigFolder.key("default", "m1"), notifications)) {
      assertTrue(refused.rest().contains("-32602"));
    }
  }

  private static JsonNode granted(SseStream listening) throws IOException {
    return listening.next().path("params").path("notifications");
  }

  private SseStream listen(RunningGateway gateway, String key) throws Exception {
    return listen(gateway, key, "{\"toolsListChanged\":true,\"promptsListChanged\":true}");
  }

  private SseStream listen(RunningGateway gateway, String key, String notifications)
      throws Exception {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":"
            + notifications
            + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
    return SseStream.of(
        http,
        HttpRequest.newBuilder(URI.create(gateway.url() + "/mcp"))
            .header("X-Model-Key", key)
            .header(
                "X-Project-ID", key.equals(ConfigFolder.key("blind", "m1")) ? "blind" : "default")
            .header("Accept", "application/json, text/event-stream")
            .header("Content-Type", "application/json")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "subscriptions/listen")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  @Test
  void aClientWithoutSessionsListensUnderItsRequest() throws Exception {
    RunningGateway gateway = start();
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":\"l 1\",\"method\":\"subscriptions/listen\",\"params\":{\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
    try (SseStream stream =
        SseStream.of(
            http,
            request(gateway)
                .header("Content-Type", "application/json")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "subscriptions/listen")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build())) {
      assertEquals(200, stream.status());
      JsonNode granted = stream.next();
      assertEquals("notifications/subscriptions/acknowledged", granted.path("method").asString(""));
      assertEquals(
          "{\"toolsListChanged\":true,\"promptsListChanged\":true}",
          granted.path("params").path("notifications").toString(),
          granted::toString);
      Thread.sleep(200);
      config.policy("default", SHUT);
      gateway.client().reload();
      JsonNode changed = stream.next();
      assertEquals("notifications/tools/list_changed", changed.path("method").asString(""));
      assertEquals(
          "l 1",
          changed
              .path("params")
              .path("_meta")
              .path("io.modelcontextprotocol/subscriptionId")
              .asString(""));
      gateway.stop();
      assertEquals("complete", stream.next().path("result").path("resultType").asString(""));
    }
  }

  @Test
  void aStreamNeedsItsOwnSessionAndEndsWithIt() throws Exception {
    config.file(
        "model_keys/default.yaml",
        "version: 1\nmodels:\n"
            + ConfigFolder.model("default", "m1", List.of("*"))
            + ConfigFolder.model("default", "m2", List.of("*")));
    RunningGateway gateway = start();
    String session = session(gateway);
    HttpResponse<String> stranger =
        http.send(
            HttpRequest.newBuilder(URI.create(gateway.url() + "/mcp"))
                .header("X-Model-Key", ConfigFolder.key("default", "m2"))
                .header("Accept", "text/event-stream")
                .header("Mcp-Session-Id", session)
                .GET()
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(404, stranger.statusCode(), stranger::body);
    try (SseStream stream = stream(gateway, session, "").primed()) {
      HttpResponse<String> ended =
          http.send(
              request(gateway).header("Mcp-Session-Id", session).DELETE().build(),
              HttpResponse.BodyHandlers.ofString());
      assertEquals(204, ended.statusCode());
      assertEquals("", stream.rest().replaceAll("(?m)^(data: |retry: .*|:.*)?\n", ""));
    }
  }

  @Test
  void aSubscriberHearsOfItsResource() throws Exception {
    config.gateway(
        "projects:\n  default:\n    upstreams:\n      - { name: it, type: mcp-stdio, command: [\"node\", \"%s\"], prefix: it }\n"
            .formatted(NodeServers.script("server-everything")));
    RunningGateway gateway = start();
    Eventually.holds(
        "the server's tools are known",
        () ->
            gateway.client().admin("GET", "/api/tools", null).text().contains("toggle-subscriber"));
    McpClientProcess client =
        McpClientProcess.connect("v2", gateway.url() + "/mcp", "default", Map.of("PLAIN", "1"));
    open.add(client);
    String uri = "demo://resource/dynamic/text/1";
    JsonNode subscribed = client.run("subscribeResource", "{\"uri\":\"" + uri + "\"}");
    assertTrue(subscribed.has("ok"), subscribed::toString);
    JsonNode toggled = client.call("it.toggle-subscriber-updates", "{}");
    assertFalse(toggled.path("ok").path("isError").asBoolean(false), toggled::toString);
    Eventually.holds(
        "the update arrives",
        () ->
            client.told().stream()
                .anyMatch(
                    told ->
                        told.path("method").asString("").equals("notifications/resources/updated")
                            && told.path("params").path("uri").asString("").equals(uri)));
  }

  /** Streams cost little: the gateway answers many callers while five hundred only listen. */
  @Test
  void fiveHundredListenersHinderNoCaller() throws Exception {
    RunningGateway gateway = start();
    int listeners = FullRun.rounds(100, 500);
    List<SseStream> streams = new ArrayList<>();
    for (int i = 0; i < listeners; i++) {
      SseStream stream = stream(gateway, session(gateway), "").primed();
      assertEquals(200, stream.status());
      streams.add(stream);
    }
    int callers = 50;
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        String mark = "caller-" + i;
        String session = session(gateway);
        all.add(
            threads.submit(
                () -> {
                  for (int id = 1; id <= 4; id++) {
                    String body =
                        "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"mark\":\"%s-%d\"}}}"
                            .formatted(id, mark, id);
                    HttpResponse<String> answer =
                        http.send(
                            request(gateway)
                                .header("Content-Type", "application/json")
                                .header("Mcp-Session-Id", session)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                            HttpResponse.BodyHandlers.ofString());
                    assertTrue(answer.body().contains(mark + "-" + id), answer::body);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    config.policy("default", SHUT);
    gateway.client().reload();
    for (SseStream stream : streams) {
      assertEquals("notifications/tools/list_changed", stream.next().path("method").asString(""));
      stream.close();
    }
  }
}
