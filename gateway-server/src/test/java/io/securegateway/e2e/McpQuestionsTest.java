package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What servers ask clients: elicitation, sampling, roots. */
class McpQuestionsTest {
  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  private RunningGateway start(String rules, String upstream) throws Exception {
    Path own = folder.resolve("gateway-" + open.size());
    ConfigFolder config = ConfigFolder.in(own.resolve("config"));
    config.policy("lab", "version: 1\nrules:\n" + rules).keys("lab", "m1", List.of("*"));
    config.gateway("projects:\n  lab:\n    upstreams:\n" + upstream);
    RunningGateway gateway = RunningGateway.start(config, own.resolve("data"));
    open.add(gateway);
    return gateway;
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private McpClientProcess client(RunningGateway gateway, String generation, String... environment)
      throws IOException {
    McpClientProcess client =
        McpClientProcess.connect(
            generation,
            gateway.url() + "/mcp",
            "lab",
            environment.length == 0 ? Map.of() : Map.of(environment[0], environment[1]));
    open.add(client);
    return client;
  }

  private static void offers(McpClientProcess client, String tool) throws Exception {
    Eventually.holds(
        "there is " + tool,
        () -> client.run("listTools", "{}").toString().contains("\"" + tool + "\""));
  }

  /** A server that asks all three things in turn and says what it was told. */
  private ScriptedMcpServer curious() throws IOException {
    ScriptedMcpServer server =
        ScriptedMcpServer.start("[{\"name\":\"ask\",\"inputSchema\":{\"type\":\"object\"}}]");
    open.add(server);
    return server.streams(
        "tools/call",
        (request, stream) -> {
          String[] asked = {
            "\"method\":\"elicitation/create\",\"params\":{\"mode\":\"form\",\"message\":\"Who?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}}}}",
            "\"method\":\"sampling/createMessage\",\"params\":{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}}],\"maxTokens\":5}",
            "\"method\":\"roots/list\""
          };
          for (int i = 0; i < asked.length; i++) {
            int before = server.answersSeen().size();
            stream.send("{\"jsonrpc\":\"2.0\",\"id\":" + i + "," + asked[i] + "}");
            for (int wait = 0; wait < 3_000 && server.answersSeen().size() == before; wait++) {
              Thread.sleep(10);
            }
          }
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"id\":"
                  + request.path("id")
                  + ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}}");
        });
  }

  private static String http(ScriptedMcpServer server) {
    return "      - { name: up, type: mcp-http, url: \"%s\", protocol: session, deadline: 20s }\n"
        .formatted(server.url());
  }

  private void asksAll(String generation) throws Exception {
    ScriptedMcpServer server = curious();
    RunningGateway gateway =
        start("  - { id: all, tools: [\"*\"], effect: allow }\n", http(server));
    McpClientProcess client = client(gateway, generation, "ELICITED", "{\"name\":\"ana\"}");
    offers(client, "ask");
    JsonNode done = client.call("ask", "{}");
    assertEquals("done", done.path("ok").path("content").path(0).path("text").asString(""));
    List<JsonNode> answers = server.answersSeen();
    assertEquals(3, answers.size(), answers::toString);
    assertEquals("ana", answers.get(0).path("result").path("content").path("name").asString(""));
    assertEquals("test-model", answers.get(1).path("result").path("model").asString(""));
    assertTrue(answers.get(2).path("result").path("roots").has(0), answers::toString);
    assertEquals(0, answers.get(0).path("id").intValue());
    assertEquals(3, client.asked().size(), client.asked()::toString);
    String log = gateway.client().admin("GET", "/api/logs?project=lab&limit=20", null).text();
    assertTrue(log.contains("sampling/createMessage"), log);
  }

  @Test
  void theFirstSdkIsAskedOnItsCallsStream() throws Exception {
    asksAll("v1");
  }

  @Test
  void theSecondSdkIsAskedOnItsCallsStream() throws Exception {
    asksAll("v2");
  }

  @Test
  void theSecondSdkComesBackWithAnswersWithoutSessions() throws Exception {
    asksAll("v2-stateless");
  }

  private static Reply stateless(RunningGateway gateway, String arguments, String more)
      throws IOException {
    return stateless(gateway, arguments, more, "{\"elicitation\":{\"form\":{}}}");
  }

  private static Reply stateless(
      RunningGateway gateway, String arguments, String more, String capabilities)
      throws IOException {
    return stateless(gateway, arguments, more, capabilities, ",\"progressToken\":\"first\"");
  }

  private static Reply stateless(
      RunningGateway gateway, String arguments, String more, String capabilities, String meta)
      throws IOException {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"ask\",\"arguments\":"
            + arguments
            + more
            + ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":"
            + capabilities
            + meta
            + "}}}";
    return gateway
        .client()
        .post(
            "/p/lab/mcp",
            body,
            "Accept",
            "application/json, text/event-stream",
            "X-Model-Key",
            ConfigFolder.key("lab", "m1"),
            "MCP-Protocol-Version",
            "2026-07-28",
            "Mcp-Method",
            "tools/call",
            "Mcp-Name",
            "ask");
  }

  /** A server that asks three things at once, and says what it was told once it knows all. */
  private ScriptedMcpServer curiousAtOnce() throws IOException {
    ScriptedMcpServer server =
        ScriptedMcpServer.start("[{\"name\":\"ask\",\"inputSchema\":{\"type\":\"object\"}}]");
    open.add(server);
    return server.streams(
        "tools/call",
        (request, stream) -> {
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"elicitation/create\",\"params\":{\"_meta\":{\"progressToken\":0},\"mode\":\"form\",\"message\":\"Who?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}}}}}"
                  + "\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\",\"params\":{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"hi\"}}],\"maxTokens\":5}}"
                  + "\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"roots/list\"}");
          for (int wait = 0; wait < 1_500 && server.answersSeen().size() < 3; wait++) {
            Thread.sleep(10);
          }
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":%s,\"progress\":1}}"
                  .formatted(request.path("params").path("_meta").path("progressToken")));
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}}"
                  .formatted(request.path("id")));
        });
  }

  @Test
  void whatIsAskedAtOnceIsAnsweredEachForItself() throws Exception {
    for (String generation : List.of("v1", "v2", "v2-stateless")) {
      ScriptedMcpServer server = curiousAtOnce();
      RunningGateway gateway =
          start("  - { id: all, tools: [\"*\"], effect: allow }\n", http(server));
      McpClientProcess client = client(gateway, generation, "ELICITED", "{\"name\":\"ana\"}");
      offers(client, "ask");
      JsonNode done = client.call("ask", "{}");
      assertEquals("done", done.path("ok").path("content").path(0).path("text").asString(""));
      assertEquals(3, client.asked().size(), client.asked()::toString);
      assertEquals(3, server.answersSeen().size());
      for (JsonNode answer : server.answersSeen()) {
        String member =
            switch (answer.path("id").asInt(-1)) {
              case 0 -> "action";
              case 1 -> "model";
              case 2 -> "roots";
              default -> "?";
            };
        assertTrue(answer.path("result").has(member), answer::toString);
      }
    }
  }

  @Test
  void aRoundIsToldOfUnderItsOwnToken() throws Exception {
    ScriptedMcpServer server = curiousAtOnce();
    RunningGateway gateway =
        start("  - { id: all, tools: [\"*\"], effect: allow }\n", http(server));
    String all = "{\"elicitation\":{\"form\":{}},\"sampling\":{},\"roots\":{}}";
    Eventually.holds(
        "there is ask", () -> stateless(gateway, "{}", "", all).text().contains("input_required"));
    JsonNode asked = stateless(gateway, "{\"n\":1}", "", all).json().path("result");
    assertEquals(3, asked.path("inputRequests").size(), asked::toString);
    assertFalse(asked.toString().contains("progressToken"), asked::toString);
    StringBuilder answers = new StringBuilder();
    for (String name : asked.path("inputRequests").propertyNames()) {
      answers
          .append(answers.isEmpty() ? "" : ",")
          .append("\"%s\":{\"action\":\"decline\"}".formatted(name));
    }
    Reply done =
        stateless(
            gateway,
            "{\"n\":1}",
            ",\"inputResponses\":{%s},\"requestState\":\"%s\""
                .formatted(answers, asked.path("requestState").asString("")),
            all,
            ",\"progressToken\":\"second\"");
    List<JsonNode> heard = SessionClient.messages(done);
    assertEquals(2, heard.size(), done::toString);
    assertEquals(
        "second", heard.getFirst().path("params").path("progressToken").asString(""), done::text);
  }

  @Test
  void theStateOfARoundOpensNothingElse() throws Exception {
    ScriptedMcpServer server = curious();
    RunningGateway gateway =
        start("  - { id: all, tools: [\"*\"], effect: allow }\n", http(server));
    Eventually.holds(
        "there is ask", () -> stateless(gateway, "{}", "").text().contains("input_required"));
    JsonNode asked = stateless(gateway, "{\"n\":1}", "").json().path("result");
    assertEquals("input_required", asked.path("resultType").asString(""), asked::toString);
    String name = asked.path("inputRequests").propertyNames().iterator().next();
    String state = asked.path("requestState").asString("");
    String answers =
        ",\"inputResponses\":{\"%s\":{\"action\":\"decline\"},\"extra\":{}},\"requestState\":\"%s\""
            .formatted(name, state);
    int told = server.answersSeen().size();
    for (Reply refused :
        List.of(
            stateless(gateway, "{\"n\":2}", answers),
            stateless(gateway, "{\"n\":1}", answers.replace(state, state + "A")))) {
      assertEquals(-32602, refused.json().path("error").path("code").intValue(), refused::toString);
    }
    assertEquals(told, server.answersSeen().size());
    JsonNode again =
        stateless(gateway, "{\"n\":1}", ",\"inputResponses\":{},\"requestState\":\"" + state + "\"")
            .json()
            .path("result");
    assertTrue(again.path("inputRequests").has(name), again::toString);
    String fresh = again.path("requestState").asString("");
    JsonNode done =
        stateless(gateway, "{\"n\":1}", answers.replace(state, fresh)).json().path("result");
    assertEquals("done", done.path("content").path(0).path("text").asString(""), done::toString);
    Reply twice = stateless(gateway, "{\"n\":1}", answers.replace(state, fresh));
    assertEquals(-32602, twice.json().path("error").path("code").intValue(), twice::toString);
  }

  @Test
  void whatPolicyForbidsIsNeverAsked() throws Exception {
    ScriptedMcpServer server = curious();
    RunningGateway gateway =
        start(
            "  - { id: all, tools: [\"ask\", \"elicitation/create\"], effect: allow }\n"
                + "  - { id: no, tools: [\"elicitation/create\"], effect: deny, when: { args.message: { contains: \"Who\" } } }\n",
            http(server));
    McpClientProcess client = client(gateway, "v1");
    offers(client, "ask");
    JsonNode done = client.call("ask", "{}");
    assertEquals("done", done.path("ok").path("content").path(0).path("text").asString(""));
    assertEquals(List.of(), client.asked());
    List<JsonNode> answers = server.answersSeen();
    assertEquals("decline", answers.get(0).path("result").path("action").asString(""));
    assertTrue(answers.get(1).has("error"), answers::toString);
    assertTrue(answers.get(2).has("error"), answers::toString);
    JsonNode declared = server.seen("initialize").getLast().path("params").path("capabilities");
    assertEquals(List.of("elicitation"), List.copyOf(declared.propertyNames()));
  }

  /** Its tool wants the user at an address first, and later says that this is done. */
  private ScriptedMcpServer sending(String url) throws IOException {
    ScriptedMcpServer server =
        ScriptedMcpServer.start(
            "[{\"name\":\"pay\",\"inputSchema\":{\"type\":\"object\"}},{\"name\":\"paid\",\"inputSchema\":{\"type\":\"object\"}}]");
    open.add(server);
    return server.streams(
        "tools/call",
        (request, stream) -> {
          if (request.path("params").path("name").asString("").equals("pay")) {
            stream.send(
                "{\"jsonrpc\":\"2.0\",\"id\":"
                    + request.path("id")
                    + ",\"error\":{\"code\":-32042,\"message\":\"Sign in\",\"data\":{\"vendor\":1e2,\"elicitations\":[{\"mode\":\"url\",\"elicitationId\":\"e 1\",\"url\":\""
                    + url
                    + "\",\"message\":\"Sign in\"}]}}}");
          } else {
            for (String id : List.of("foreign", "e 1")) {
              stream.send(
                  "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/elicitation/complete\",\"params\":{\"elicitationId\":\""
                      + id
                      + "\"}}");
            }
            stream.send(
                "{\"jsonrpc\":\"2.0\",\"id\":"
                    + request.path("id")
                    + ",\"result\":{\"content\":[]}}");
          }
        });
  }

  @Test
  void anAddressInAnErrorIsAQuestionAndItsEndIsTold() throws Exception {
    ScriptedMcpServer server = sending("https://good.example/");
    RunningGateway gateway =
        start("  - { id: all, tools: [\"*\"], effect: allow }\n", http(server));
    McpClientProcess client = client(gateway, "v1");
    offers(client, "pay");
    JsonNode error = client.call("pay", "{}").path("error");
    assertEquals(-32042, error.path("code").asInt(0), error::toString);
    assertEquals(
        "https://good.example/",
        error.path("data").path("elicitations").path(0).path("url").asString(""),
        error::toString);
    String log = gateway.client().admin("GET", "/api/logs?project=lab&limit=20", null).text();
    assertTrue(log.contains("elicitation/create"), log);
    client.call("paid", "{}");
    Eventually.holds("it hears the end", () -> client.told().toString().contains("e 1"));
    assertFalse(client.told().toString().contains("foreign"), client.told()::toString);
  }

  @Test
  void withoutSessionsAnAddressInAnErrorIsAskedAndTheCallMadeAgain() throws Exception {
    ScriptedMcpServer server = sending("https://good.example/");
    RunningGateway gateway =
        start("  - { id: all, tools: [\"*\"], effect: allow }\n", http(server));
    McpClientProcess client = client(gateway, "v2-stateless");
    offers(client, "pay");
    server.streams(
        "tools/call",
        (request, stream) ->
            stream.send(
                "{\"jsonrpc\":\"2.0\",\"id\":"
                    + request.path("id")
                    + (server.seen("tools/call").size() == 1
                        ? ",\"error\":{\"code\":-32042,\"message\":\"Sign in\",\"data\":{\"elicitations\":[{\"mode\":\"url\",\"elicitationId\":\"e 1\",\"url\":\"https://good.example/\",\"message\":\"Sign in\"}]}}}"
                        : ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"paid\"}]}}")));
    JsonNode paid = client.call("pay", "{}").path("ok");
    assertEquals("paid", paid.path("content").path(0).path("text").asString(""), paid::toString);
    assertEquals(2, server.seen("tools/call").size());
    JsonNode asked = client.asked().getFirst().path("params");
    assertEquals("https://good.example/", asked.path("url").asString(""), asked::toString);
    assertFalse(asked.has("elicitationId"), asked::toString);
    JsonNode calls = gateway.client().admin("GET", "/api/logs?project=lab&limit=20", null).json();
    assertEquals(
        List.of("elicitation/create", "pay", "pay"),
        calls.findValuesAsString("tool").stream().sorted().toList(),
        calls::toString);
  }

  @Test
  void withSessionsAnAddressOfAServerWithoutThemGetsAnId() throws Exception {
    ScriptedMcpServer server =
        ScriptedMcpServer.start("[{\"name\":\"pay\",\"inputSchema\":{\"type\":\"object\"}}]")
            .answers(
                "server/discover",
                request ->
                    "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}}}")
            .answers(
                "tools/call",
                request ->
                    request.path("params").has("inputResponses")
                        ? "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"paid\"}]}"
                        : "{\"resultType\":\"input_required\",\"inputRequests\":{\"go\":{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"url\",\"url\":\"https://good.example/\",\"message\":\"Sign in\"}}}}");
    open.add(server);
    RunningGateway gateway =
        start(
            "  - { id: all, tools: [\"*\"], effect: allow }\n",
            http(server).replace("protocol: session", "protocol: stateless"));
    for (String generation : List.of("v1", "v2")) {
      McpClientProcess client = client(gateway, generation);
      offers(client, "pay");
      JsonNode paid = client.call("pay", "{}").path("ok");
      assertEquals("paid", paid.path("content").path(0).path("text").asString(""), paid::toString);
      JsonNode asked = client.asked().getFirst().path("params");
      assertTrue(asked.path("elicitationId").isString(), asked::toString);
    }
  }

  @Test
  void anAddressThatMayNotBeToldIsWithheld() throws Exception {
    ScriptedMcpServer server = sending("https://evil.example/");
    RunningGateway gateway =
        start(
            "  - { id: all, tools: [\"*\"], effect: allow }\n"
                + "  - { id: no, tools: [\"elicitation/create\"], effect: deny, when: { args.url: { contains: \"evil\" } } }\n",
            http(server));
    for (String generation : List.of("v1", "v2-stateless")) {
      McpClientProcess client = client(gateway, generation);
      offers(client, "pay");
      JsonNode answer = client.call("pay", "{}");
      assertEquals(-32603, answer.path("error").path("code").asInt(0), answer::toString);
      assertFalse(answer.toString().contains("evil"), answer::toString);
      assertEquals(List.of(), client.asked());
    }
    assertEquals(2, server.seen("tools/call").size());
  }

  @Test
  void otherRootsAreToldToTheServerThatMayAskForThem() throws Exception {
    ScriptedMcpServer server = curious();
    RunningGateway gateway =
        start("  - { id: all, tools: [\"*\"], effect: allow }\n", http(server));
    McpClientProcess client = client(gateway, "v1", "ELICITED", "{\"name\":\"ana\"}");
    offers(client, "ask");
    client.call("ask", "{}");
    client.run("sendRootsListChanged", "{}");
    Eventually.holds(
        "the server hears it", () -> server.seen("notifications/roots/list_changed").size() == 1);
  }

  @Test
  void aQuestionThatItsCallsAnswerOvertakesIsAskedOnTheSessionsStream() throws Exception {
    ScriptedMcpServer server =
        ScriptedMcpServer.start("[{\"name\":\"ask\",\"inputSchema\":{\"type\":\"object\"}}]");
    open.add(server);
    server.streams(
        "tools/call",
        (request, stream) ->
            stream.send(
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"roots/list\"}\n\ndata: "
                    + "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[]}}"
                        .formatted(request.path("id"))));
    RunningGateway gateway =
        start("  - { id: all, tools: [\"*\"], effect: allow }\n", http(server));
    McpClientProcess client = client(gateway, "v1", "ROOT", "file:///own");
    offers(client, "ask");
    for (int i = 1; i <= 5; i++) {
      client.call("ask", "{}");
      int questions = i;
      Eventually.holds(
          "each is answered",
          () ->
              server.answersSeen().stream()
                      .filter(answer -> answer.toString().contains("file:///own"))
                      .count()
                  == questions);
    }
  }
}
