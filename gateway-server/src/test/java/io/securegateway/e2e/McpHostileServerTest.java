package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Servers that lie, flood and ask unasked: each harms its own calls, and a good one goes on. */
class McpHostileServerTest {
  private static final String TOOL = "[{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"}}]";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final ScriptedMcpServer bad;

  McpHostileServerTest() throws IOException {
    bad = ScriptedMcpServer.start(TOOL);
    open.add(bad);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  /** Behind it: the bad one as {@code bad.t}, a good one as {@code good.t}. */
  private RunningGateway start() throws Exception {
    ScriptedMcpServer good =
        ScriptedMcpServer.start(TOOL).answers("tools/call", request -> "{\"content\":[]}");
    open.add(good);
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config
        .policy("lab", "version: 1\nrules: [{ id: all, tools: [\"*\"], effect: allow }]\n")
        .keys("lab", "m1", List.of("*"))
        .gateway(
            """
            projects:
              lab:
                upstreams:
                  - { name: bad, prefix: bad, type: mcp-http, url: "%s", protocol: session, deadline: 5s, max_answer: 1048576 }
                  - { name: good, prefix: good, type: mcp-http, url: "%s", protocol: session }
            """
                .formatted(bad.url(), good.url()));
    RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"));
    open.add(gateway);
    Eventually.holds("the good one is known", () -> call(gateway, "good.t").status() == 200);
    return gateway;
  }

  private static Reply call(RunningGateway gateway, String tool) throws IOException {
    return gateway.client().call("lab", "s", tool, "{}");
  }

  private static void known(RunningGateway gateway) throws Exception {
    Eventually.holds(
        "the bad one is known",
        () ->
            gateway
                .client()
                .admin("GET", "/api/tools?project=lab", null)
                .text()
                .contains("\"bad.t\""));
  }

  private McpClientProcess client(RunningGateway gateway) throws IOException {
    McpClientProcess client =
        McpClientProcess.connect("v1", gateway.url() + "/mcp", "lab", Map.of("PLAIN", "1"));
    open.add(client);
    return client;
  }

  private static String result(JsonNode id, String text) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}}"
        .formatted(id, text);
  }

  private static String text(JsonNode answer) {
    return answer.path("ok").path("content").path(0).path("text").asString("");
  }

  @Test
  void aListWithoutEndIsNotTaken() throws Exception {
    AtomicInteger page = new AtomicInteger();
    bad.answers(
        "tools/list",
        request -> "{\"tools\":" + TOOL + ",\"nextCursor\":\"" + page.incrementAndGet() + "\"}");
    RunningGateway gateway = start();
    Eventually.holds("it is asked anew", () -> bad.seen("tools/list").size() > 201);
    assertEquals(200, call(gateway, "good.t").status());
    assertFalse(
        gateway.client().admin("GET", "/api/tools?project=lab", null).text().contains("bad.t"));
  }

  @Test
  void aHugeListIsNotTaken() throws Exception {
    StringBuilder tools = new StringBuilder("[");
    for (int i = 0; i < 5_000; i++) {
      tools.append(i == 0 ? "" : ",");
      tools.append("{\"name\":\"t").append(i).append("\",\"inputSchema\":{\"type\":\"object\"}}");
    }
    bad.answers("tools/list", request -> "{\"tools\":" + tools + "]}");
    RunningGateway gateway = start();
    Eventually.holds("it is asked again", () -> bad.seen("tools/list").size() > 1);
    assertEquals(200, call(gateway, "good.t").status());
    assertFalse(
        gateway.client().admin("GET", "/api/tools?project=lab", null).text().contains("bad.t1"));
  }

  @Test
  void foreignAndSecondAnswersAreNobodys() throws Exception {
    bad.streams(
        "tools/call",
        (request, stream) -> {
          stream.send(result(Reply.JSON.readTree("999999"), "foreign"));
          stream.send(result(Reply.JSON.readTree("\"x\""), "foreign"));
          stream.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/odd\",\"params\":{}}");
          stream.send(result(request.path("id"), "right"));
          stream.send(result(request.path("id"), "second"));
        });
    RunningGateway gateway = start();
    known(gateway);
    McpClientProcess client = client(gateway);
    for (int i = 0; i < 5; i++) {
      assertEquals("right", text(client.call("bad.t", "{}")));
    }
    assertEquals(List.of(), client.told());
  }

  @Test
  void whoAsksUnaskedIsToldNo() throws Exception {
    bad.streams(
        "tools/call",
        (request, stream) -> {
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sampling/createMessage\",\"params\":{\"messages\":[],\"maxTokens\":5}}");
          stream.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{}}");
          stream.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"rpc.discover\"}");
          for (int wait = 0; wait < 300 && bad.answersSeen().size() < 3; wait++) {
            Thread.sleep(10);
          }
          stream.send(result(request.path("id"), "done"));
        });
    RunningGateway gateway = start();
    known(gateway);
    McpClientProcess client = client(gateway);
    assertEquals("done", text(client.call("bad.t", "{}")));
    assertEquals(List.of(), client.asked());
    assertEquals(3, bad.answersSeen().size());
    for (JsonNode answer : bad.answersSeen()) {
      assertEquals(-32601, answer.path("error").path("code").intValue(), answer::toString);
    }
  }

  @Test
  void aFloodOfProgressEndsWithItsResult() throws Exception {
    bad.streams(
        "tools/call",
        (request, stream) -> {
          JsonNode token = request.path("params").path("_meta").path("progressToken");
          for (int i = 0; i < 20_000; i++) {
            stream.send(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":%s,\"progress\":%d}}"
                    .formatted(token, i));
          }
          stream.send(result(request.path("id"), "done"));
        });
    RunningGateway gateway = start();
    known(gateway);
    McpClientProcess client = client(gateway);
    assertEquals("done", text(client.call("bad.t", "{}")));
    assertEquals(200, call(gateway, "good.t").status());
    assertTrue(JournalReplay.of(gateway.journal()).events().size() < 100);
  }

  @Test
  void tooLargeAnAnswerIsNoAnswer() throws Exception {
    bad.streams(
        "tools/call",
        (request, stream) -> stream.send(result(request.path("id"), "x".repeat(2 * 1024 * 1024))));
    RunningGateway gateway = start();
    known(gateway);
    Reply reply = call(gateway, "bad.t");
    assertEquals("upstream.too_large", reply.text("reason_code"), reply::toString);
    assertEquals(200, call(gateway, "good.t").status());
  }

  @Test
  void anUnknownRevisionIsNotSpoken() throws Exception {
    bad.answers(
        "initialize",
        request ->
            "{\"protocolVersion\":\"1999-01-01\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"old\",\"version\":\"1\"}}");
    RunningGateway gateway = start();
    assertEquals(List.of(), bad.seen("tools/list"));
    assertEquals("upstream.connect", call(gateway, "bad.t").text("reason_code"));
  }
}
