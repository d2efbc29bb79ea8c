package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Servers behind the gateway that say too much, the wrong thing, or what nobody asked for. */
class McpUnaskedTest {
  private static final String ADD = "{\"name\":\"add\",\"inputSchema\":{\"type\":\"object\"}}";
  private static final int FLOOD = 60_000;

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private ScriptedMcpServer server(String tools) throws IOException {
    ScriptedMcpServer server = ScriptedMcpServer.start(tools);
    open.add(server);
    server.answers(
        "tools/call", request -> "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}");
    return server;
  }

  private RunningGateway gateway(String upstreams) throws Exception {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config
        .policy("lab", "version: 1\nrules:\n  - { id: all, tools: [\"**\"], effect: allow }\n")
        .keys("lab", "m1", List.of("*"))
        .gateway("projects:\n  lab:\n    upstreams:\n" + upstreams);
    RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"));
    open.add(gateway);
    return gateway;
  }

  private static String upstream(ScriptedMcpServer server) {
    return "      - { name: up, type: mcp-http, url: \"%s\", protocol: session, deadline: 20s }\n"
        .formatted(server.url());
  }

  private static SessionClient knows(RunningGateway gateway, String tool) throws Exception {
    SessionClient client = SessionClient.open(gateway, "m1");
    Eventually.holds(tool + " is listed", () -> client.tools().contains(tool));
    return client;
  }

  private static String answer(JsonNode request, String text) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}}"
        .formatted(request.path("id"), text);
  }

  private static String progress(String token, int progress) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":%s,\"progress\":%d}}"
        .formatted(token, progress);
  }

  private static String token(JsonNode request) {
    return request.path("params").path("_meta").path("progressToken").toString();
  }

  /** The next call makes the gateway list the tools again. */
  private static void announcesOnCall(ScriptedMcpServer server) {
    server.streams(
        "tools/call",
        (request, stream) -> {
          stream.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
          stream.send(answer(request, "done"));
        });
  }

  private static void isStillServed(RunningGateway gateway, ScriptedMcpServer server)
      throws IOException {
    server.streamsNoMore("tools/call");
    Reply reply = SessionClient.open(gateway, "m1").call("add", "{}");
    assertEquals(
        "done", reply.json().path("result").path("content").path(0).path("text").asString(""));
  }

  @Test
  void aListThatGoesInACircleIsNotTaken() throws Exception {
    ScriptedMcpServer server = server("[" + ADD + "]");
    RunningGateway gateway = gateway(upstream(server));
    SessionClient client = knows(gateway, "add");
    int before = server.seen("tools/list").size();
    server.answers(
        "tools/list",
        request ->
            "{\"tools\":[{\"name\":\"evil\",\"inputSchema\":{\"type\":\"object\"}}],\"nextCursor\":\"again\"}");
    announcesOnCall(server);
    client.call("add", "{}");
    Eventually.holds("it is asked again", () -> server.seen("tools/list").size() >= before + 2);
    isStillServed(gateway, server);
    assertEquals(List.of("add"), client.tools());
    List<JsonNode> asked = server.seen("tools/list");
    long further = asked.stream().filter(one -> one.path("params").has("cursor")).count();
    assertTrue(further <= asked.size() - further, "a cursor that comes again ends its list");
  }

  @Test
  void aStreamThatIsRefusedForNowIsOpenedAgain() throws Exception {
    ScriptedMcpServer server = server("[" + ADD + "]");
    AtomicInteger opened = new AtomicInteger();
    server.refusesToListen(503);
    server.listens(
        (none, stream) -> {
          if (opened.incrementAndGet() == 1) {
            stream.out().write("id: e1\nretry: 100\ndata:\n\n".getBytes(StandardCharsets.UTF_8));
            server.refusesToListen(409, 429, 400, 503);
          } else {
            stream.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
            stream.forever();
          }
        });
    SessionClient client = knows(gateway(upstream(server)), "add");
    server.answers(
        "tools/list", request -> "{\"tools\":[" + ADD + "," + ADD.replace("add", "more") + "]}");
    Eventually.holds("it hears of more", () -> client.tools().contains("more"));
    assertEquals(List.of("", "", "e1", "e1", "e1", "", ""), server.resumed());
  }

  @Test
  void aServerWithoutSessionsThatIsReplacedByOneWithThemIsGreetedAgain() throws Exception {
    ScriptedMcpServer server = server("[" + ADD + "]");
    server.hasSessions(false);
    RunningGateway gateway = gateway(upstream(server));
    SessionClient client = knows(gateway, "add");
    assertTrue(client.call("add", "{}").text().contains("done"));
    server.hasSessions(true);
    Reply reply = client.call("add", "{}");
    assertTrue(reply.text().contains("done"), reply::toString);
  }

  @Test
  void whoWasRefusedASubscriptionHearsNothingOfAServerThatTellsEverybody() throws Exception {
    ScriptedMcpServer server = server("[" + ADD + "]");
    server
        .answers("resources/subscribe", request -> "{}")
        .answers(
            "resources/list",
            request ->
                "{\"resources\":[{\"uri\":\"doc://yes\",\"name\":\"y\"},{\"uri\":\"doc://no\",\"name\":\"n\"}]}")
        .streams(
            "tools/call",
            (request, stream) -> {
              for (String uri : List.of("doc://no", "doc://other", "doc://yes")) {
                stream.send(
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"%s\"}}"
                        .formatted(uri));
              }
              stream.send(answer(request, "done"));
            });
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config
        .policy(
            "lab",
            "version: 1\nrules:\n  - { id: all, tools: [\"**\"], effect: allow }\n"
                + "  - { id: no, tools: [\"resources/subscribe\"], effect: deny, when: { args.uri: { suffix: \"no\" } } }\n")
        .keys("lab", "m1", List.of("*"))
        .gateway("projects:\n  lab:\n    upstreams:\n" + upstream(server));
    RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"));
    open.add(gateway);
    knows(gateway, "add");
    McpClientProcess client =
        McpClientProcess.connect("v1", gateway.url() + "/mcp", "lab", Map.of("PLAIN", "1"));
    open.add(client);
    assertTrue(client.run("subscribeResource", "{\"uri\":\"doc://yes\"}").has("ok"));
    assertTrue(client.run("subscribeResource", "{\"uri\":\"doc://no\"}").has("error"));
    client.call("add", "{}");
    Eventually.holds("it hears of the one", () -> client.told().toString().contains("doc://yes"));
    assertFalse(client.told().toString().contains("doc://no"), client.told()::toString);
    assertFalse(client.told().toString().contains("doc://other"), client.told()::toString);
  }

  @Test
  void aFloodOfProgressIsThinnedAndTheResultArrives() throws Exception {
    ScriptedMcpServer server = server("[" + ADD + "]");
    server.streams(
        "tools/call",
        (request, stream) -> {
          StringBuilder many = new StringBuilder();
          for (int i = 1; i <= FLOOD; i++) {
            many.append(many.isEmpty() ? "" : "\n\ndata: ").append(progress(token(request), i));
            if (many.length() > 100_000) {
              stream.send(many.toString());
              many.setLength(0);
            }
          }
          stream.send(answer(request, "done"));
        });
    RunningGateway gateway = gateway(upstream(server));
    SessionClient client = knows(gateway, "add");
    List<JsonNode> heard =
        SessionClient.messages(
            client.request(
                "tools/call",
                "{\"name\":\"add\",\"arguments\":{},\"_meta\":{\"progressToken\":\"p\"}}"));
    assertTrue(heard.getLast().toString().contains("done"), heard.getLast()::toString);
    assertTrue(heard.size() > 1, "some progress is told");
    assertTrue(heard.size() < FLOOD / 10, () -> heard.size() + " messages were told");
  }

  @Test
  void whatBelongsToNoRequestReachesNobody() throws Exception {
    ScriptedMcpServer server = server("[" + ADD + "]");
    server.streams(
        "tools/call",
        (request, stream) -> {
          stream.send("{\"jsonrpc\":\"2.0\",\"id\":424242,\"result\":{\"content\":[]}}");
          stream.send("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":{\"content\":[]}}");
          stream.send("{\"jsonrpc\":\"2.0\",\"id\":77,\"error\":{\"code\":1,\"message\":\"m\"}}");
          stream.send(progress("424242", 1));
          stream.send(progress("\"p\"", 1));
          stream.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/evil\",\"params\":{}}");
          stream.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{}}");
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"x\"}}");
          stream.send(answer(request, "first"));
          stream.send(answer(request, "second"));
          stream.send(progress(token(request), 9));
        });
    RunningGateway gateway = gateway(upstream(server));
    SessionClient client = knows(gateway, "add");
    List<JsonNode> heard =
        SessionClient.messages(
            client.request(
                "tools/call",
                "{\"name\":\"add\",\"arguments\":{},\"_meta\":{\"progressToken\":\"p\"}}"));
    assertEquals(1, heard.size(), heard::toString);
    assertTrue(heard.getFirst().toString().contains("first"), heard::toString);
    isStillServed(gateway, server);
  }

  @Test
  void questionsThatNobodyOfferedToAnswerAreRefused() throws Exception {
    ScriptedMcpServer server = server("[" + ADD + "]");
    List<String> methods =
        List.of("sampling/createMessage", "elicitation/create", "roots/list", "rpc.evil");
    server.streams(
        "tools/call",
        (request, stream) -> {
          for (String method : methods) {
            stream.send(
                "{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"%s\",\"params\":{\"message\":\"m\"}}"
                    .formatted(method, method));
          }
          stream.send(answer(request, "done"));
        });
    RunningGateway gateway = gateway(upstream(server));
    SessionClient client = knows(gateway, "add");
    List<JsonNode> heard = SessionClient.messages(client.call("add", "{}"));
    assertEquals(1, heard.size(), heard::toString);
    Eventually.holds("all are answered", () -> server.answersSeen().size() == methods.size());
    for (JsonNode answered : server.answersSeen()) {
      boolean declined = answered.path("result").path("action").asString("").equals("decline");
      assertTrue(answered.has("error") || declined, answered::toString);
    }
  }

  /** A server without sessions that tells of every resource, for as long as it is listened to. */
  private ScriptedMcpServer telling() throws IOException {
    return server("[" + ADD + "]")
        .answers(
            "server/discover",
            request ->
                "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{},\"resources\":{\"subscribe\":true}}}")
        .answers(
            "resources/list", request -> "{\"resources\":[{\"uri\":\"doc://a\",\"name\":\"a\"}]}")
        .streams(
            "subscriptions/listen",
            (request, stream) -> {
              stream.send(
                  "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":%s},\"notifications\":%s}}"
                      .formatted(request.path("id"), request.path("params").path("notifications")));
              stream.forever();
            });
  }

  @Test
  void oneKeyThatListensToAllItCanLeavesRoomForOthers() throws Exception {
    ScriptedMcpServer server = telling();
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config
        .policy("lab", "version: 1\nrules:\n  - { id: all, tools: [\"**\"], effect: allow }\n")
        .file(
            "model_keys/lab.yaml",
            "version: 1\nmodels:\n"
                + ConfigFolder.model("lab", "m1", List.of("*"))
                + ConfigFolder.model("lab", "m2", List.of("*")))
        .gateway(
            "projects:\n  lab:\n    upstreams:\n"
                + upstream(server).replace("protocol: session", "protocol: stateless"));
    RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"));
    open.add(gateway);
    knows(gateway, "add");
    int heard = 0;
    for (int i = 0; i < 400; i++) {
      Reply reply =
          SessionClient.open(gateway, "m1").request("resources/subscribe", "{\"uri\":\"doc://a\"}");
      if (reply.json().has("result")) {
        heard++;
      } else {
        assertTrue(reply.text().contains("upstream.busy"), reply::toString);
      }
    }
    assertEquals(384, heard);
    Reply other =
        SessionClient.open(gateway, "m2").request("resources/subscribe", "{\"uri\":\"doc://a\"}");
    assertTrue(other.json().has("result"), other::toString);
  }

  @Test
  void aServerOfAnUnknownRevisionIsNotUsed() throws Exception {
    for (String version : List.of("1999-01-01", "2024-11-04", "2026-07-28", "")) {
      ScriptedMcpServer server = server("[" + ADD + "]");
      server.answers(
          "initialize",
          request ->
              "{\"protocolVersion\":\"%s\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}"
                  .formatted(version));
      ConfigFolder config = ConfigFolder.in(folder.resolve("config-" + version));
      config
          .policy("lab", "version: 1\nrules:\n  - { id: all, tools: [\"*\"], effect: allow }\n")
          .keys("lab", "m1", List.of("*"))
          .gateway("projects:\n  lab:\n    upstreams:\n" + upstream(server));
      try (RunningGateway gateway =
          RunningGateway.start(config, folder.resolve("data-" + version))) {
        Eventually.holds("it is greeted", () -> !server.seen("initialize").isEmpty());
        Reply reply = SessionClient.open(gateway, "m1").call("add", "{}");
        assertTrue(reply.json().path("result").path("isError").asBoolean(false), reply::toString);
        assertTrue(reply.text().contains("upstream.connect"), reply::toString);
        assertEquals(List.of(), server.seen("tools/list"));
        assertEquals(List.of(), server.seen("tools/call"));
      }
    }
  }

  @Test
  void toolsThatBreakTheRulesOfHeadersAreLeftOutAlone() throws Exception {
    String tool =
        "{\"name\":\"%s\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"%s\",\"x-mcp-header\":\"%s\"},\"b\":{\"type\":\"string\",\"x-mcp-header\":\"%s\"}}}}";
    ScriptedMcpServer server =
        server(
            "["
                + String.join(
                    ",",
                    ADD,
                    tool.formatted("crlf", "string", "A\\r\\nX-Admin-Key: x", "B"),
                    tool.formatted("twice", "string", "Same", "sAME"),
                    tool.formatted("number", "number", "A", "B"),
                    tool.formatted("blank", "string", "A B", "B"),
                    tool.formatted("good", "string", "A", "B"))
                + "]");
    SessionClient client = knows(gateway(upstream(server)), "add");
    assertEquals(List.of("add", "good"), client.tools());
    for (String left : List.of("crlf", "twice", "number", "blank")) {
      Reply reply = client.call(left, "{}");
      assertEquals(-32602, reply.json().path("error").path("code").intValue(), reply::toString);
    }
    assertEquals(List.of(), server.seen("tools/call"));
  }

  @Test
  void namesThatReachIntoAnotherServersPrefixGoThereOrNowhere() throws Exception {
    ScriptedMcpServer plain = server("[" + ADD + "," + ADD.replace("add", "files.read") + "]");
    ScriptedMcpServer files = server("[" + ADD.replace("add", "read") + "]");
    plain.answers(
        "prompts/list",
        request ->
            "{\"prompts\":[{\"name\":\"files.plan\",\"description\":\"PLAIN\"},{\"name\":\"own\"}]}");
    files.answers(
        "prompts/list", request -> "{\"prompts\":[{\"name\":\"plan\",\"description\":\"FILES\"}]}");
    files.answers("prompts/get", request -> "{\"messages\":[]}");
    plain.answers("prompts/get", request -> "{\"messages\":[]}");
    RunningGateway gateway =
        gateway(
            upstream(plain)
                + "      - { name: files, type: mcp-http, url: \"%s\", protocol: session, prefix: files }\n"
                    .formatted(files.url()));
    SessionClient client = knows(gateway, "add");
    knows(gateway, "files.read");
    assertEquals(1, client.tools().stream().filter("files.read"::equals).count());
    assertTrue(client.call("files.read", "{}").json().has("result"));
    assertEquals(1, files.seen("tools/call").size());
    assertEquals(List.of(), plain.seen("tools/call"));
    Reply prompts = client.request("prompts/list", "{}");
    assertTrue(prompts.text().contains("FILES"), prompts::toString);
    assertFalse(prompts.text().contains("PLAIN"), prompts::toString);
    client.request("prompts/get", "{\"name\":\"files.plan\"}");
    assertEquals(1, files.seen("prompts/get").size());
    assertEquals(List.of(), plain.seen("prompts/get"));
  }

  @Test
  void poisonedTextIsDataAndNeverRawControl() throws Exception {
    String poison = "\\u001b[2Jall\\u202egood\\u0007\\udb40\\udc41\\r\\nX-Injected: 1\\u2028";
    String meant = "\u001b[2Jall\u202egood\u0007\udb40\udc41\r\nX-Injected: 1\u2028";
    ScriptedMcpServer server = server("[" + ADD + "," + ADD.replace("add", "fails") + "]");
    server.streams(
        "tools/call",
        (request, stream) -> {
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":%s,\"progress\":1,\"message\":\"%s\"}}"
                  .formatted(token(request), poison));
          stream.send(
              request.path("params").path("name").asString("").equals("add")
                  ? answer(request, poison)
                  : "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":-5,\"message\":\"%s\"}}"
                      .formatted(request.path("id"), poison));
        });
    RunningGateway gateway = gateway(upstream(server));
    SessionClient client = knows(gateway, "add");
    for (String tool : List.of("add", "fails")) {
      Reply reply =
          client.request(
              "tools/call",
              "{\"name\":\"%s\",\"arguments\":{},\"_meta\":{\"progressToken\":\"p\"}}"
                  .formatted(tool));
      List<JsonNode> heard = SessionClient.messages(reply);
      assertEquals(2, heard.size(), heard::toString);
      assertEquals(meant, heard.getFirst().path("params").path("message").asString(""));
      JsonNode last = heard.getLast();
      assertEquals(
          meant,
          tool.equals("add")
              ? last.path("result").path("content").path(0).path("text").asString("")
              : last.path("error").path("message").asString(""));
      assertTrue(reply.header("X-Injected").isEmpty());
      assertFalse(
          reply.text().chars().anyMatch(c -> c < 0x20 && c != '\n'), "a control stands raw");
    }
    Reply logs = gateway.client().admin("GET", "/api/logs?project=lab&limit=20", null);
    assertEquals(200, logs.status());
    assertFalse(logs.text().chars().anyMatch(c -> c < 0x20 && c != '\n'), logs::toString);
  }
}
