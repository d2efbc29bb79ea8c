package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Message by message on the wire with sessions: what no SDK shows or sends. */
class McpSessionWireTest {
  private static final String ODD =
      """
      {"zeta":{"b":1,"a":[12345678901234567890.123456789,1.0,0.1000,1e2,1.10E+2,-0.0,-0]},"content":[{"vendor":"\u00fc\ud83d\ude00","text":"t","type":"text","annotations":{"x":-0.5}}],"_meta":{"vendor/x":"y"},"alpha":null}""";

  @TempDir static Path folder;
  private static ScriptedMcpServer server;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    server =
        ScriptedMcpServer.start(
            """
            [{"name":"odd","inputSchema":{"type":"object"},"vendor":{"z":1,"a":2.50}},
             {"name":"echo","inputSchema":{"type":"object"}},
             {"name":"steps","inputSchema":{"type":"object"}},
             {"name":"never","inputSchema":{"type":"object"}}]""");
    server.answers(
        "tools/call",
        request ->
            request.path("params").path("name").asString("").equals("odd")
                ? ODD
                : "{\"content\":[],\"structuredContent\":"
                    + request.path("params").path("arguments")
                    + "}");
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy(
        "lab",
        "version: 1\nrules:\n"
            + "  - { id: all, tools: [\"*\"], effect: allow }\n"
            + "  - { id: never, tools: [\"never\"], effect: deny }\n"
            + "  - { id: no-nine, tools: [\"echo\"], effect: deny, when: { args.n: { exists: true, eq: 9 } } }\n");
    config.file(
        "model_keys/lab.yaml",
        "version: 1\nmodels:\n"
            + ConfigFolder.model("lab", "m1", List.of("*"))
            + ConfigFolder.model("lab", "m2", List.of("*")));
    config.gateway(
        "projects:\n  lab:\n    upstreams:\n      - { name: up, type: mcp-http, url: \""
            + server.url()
            + "\", protocol: session }\n"
            + "      - { name: plain, type: http, url: \"http://127.0.0.1:9/tools\", prefix: plain, tools: [one] }\n");
    gateway = RunningGateway.start(config, folder.resolve("data"));
    Eventually.holds(
        "the tools are known", () -> post("m1", open("m1"), list(1)).text().contains("echo"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    server.close();
  }

  private static String list(int id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/list\"}";
  }

  private static String call(String id, String tool, String arguments) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}"
        .formatted(id, tool, arguments);
  }

  private static Reply send(
      String method, String model, @Nullable String session, @Nullable String body, String... more)
      throws IOException {
    List<String> headers =
        new ArrayList<>(
            List.of(
                "Accept",
                "application/json, text/event-stream",
                "X-Model-Key",
                ConfigFolder.key("lab", model)));
    if (session != null) {
      headers.addAll(List.of("Mcp-Session-Id", session));
    }
    headers.addAll(List.of(more));
    return gateway.client().send(method, "/p/lab/mcp", body, headers.toArray(String[]::new));
  }

  private static Reply post(String model, @Nullable String session, String body, String... more)
      throws IOException {
    return send("POST", model, session, body, more);
  }

  private static String open(String model) throws IOException {
    Reply reply =
        post(
            model,
            null,
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}");
    assertEquals(200, reply.status(), reply::toString);
    assertEquals("2025-11-25", reply.json().path("result").path("protocolVersion").asString(""));
    return reply.header("Mcp-Session-Id").orElseThrow();
  }

  @Test
  void aResultComesOutAsItWentIn() throws IOException {
    Reply reply = post("m1", open("m1"), call("7", "odd", "{}"));
    String text = reply.text();
    assertEquals(200, reply.status(), reply::toString);
    assertEquals("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":" + ODD.strip() + "}", text);
  }

  @Test
  void parametersGoInAsTheyCame() throws IOException {
    String params =
        "{\"odd\":true,\"_meta\":{\"vendor/z\":[1,{\"b\":2.50,\"a\":12345678901234567890.5}],\"vendor/a\":\"\u00fc\"},"
            + "\"arguments\":{\"zeta\":[1e2,1.10E+2,-0.0,-0,1.000],\"n\":77001,\"\":{},\"\u00fc\ud83d\ude00\":null},"
            + "\"name\":\"echo\",\"last\":{\"x\":1E2}}";
    post(
        "m1",
        open("m1"),
        "{\"params\":" + params + ",\"method\":\"tools/call\",\"id\":\"x\",\"jsonrpc\":\"2.0\"}");
    String arrived =
        server.texts().stream().filter(text -> text.contains("77001")).findFirst().orElseThrow();
    assertTrue(arrived.endsWith(",\"params\":" + params + "}"), arrived);
  }

  @Test
  void parametersOfOtherMethodsGoInAsTheyCame() throws IOException {
    server.answers(
        "completion/complete", request -> "{\"completion\":{\"values\":[\"a\"],\"odd\":1e2}}");
    server.answers("prompts/list", request -> "{\"prompts\":[{\"name\":\"p\"}]}");
    String params =
        "{\"odd\":-0.0,\"_meta\":{\"vendor/z\":1e2},\"argument\":{\"value\":\"77002\",\"name\":\"x\"},\"ref\":{\"name\":\"p\",\"type\":\"ref/prompt\"}}";
    Reply reply =
        post(
            "m1",
            open("m1"),
            "{\"jsonrpc\":\"2.0\",\"id\":\"y\",\"method\":\"completion/complete\",\"params\":"
                + params
                + "}");
    assertTrue(reply.text().contains("\"odd\":1e2"), reply::toString);
    String arrived =
        server.texts().stream().filter(text -> text.contains("77002")).findFirst().orElseThrow();
    assertTrue(arrived.endsWith(",\"params\":" + params + "}"), arrived);
  }

  @Test
  void definitionsKeepTheirUnknownMembers() throws IOException {
    Reply reply = post("m1", open("m1"), list(1));
    assertTrue(reply.text().contains("\"vendor\":{\"z\":1,\"a\":2.50}"), reply::toString);
    assertFalse(reply.text().contains("never"), reply::toString);
    assertTrue(reply.text().contains("plain.one"), reply::toString);
  }

  @Test
  void aSessionBelongsToItsKey() throws IOException {
    String session = open("m1");
    Reply foreign = post("m2", session, list(1));
    assertEquals(404, foreign.status(), foreign::toString);
    assertEquals(-32001, foreign.json().path("error").path("code").intValue());
    assertEquals(404, send("DELETE", "m2", session, null).status());
    assertEquals(200, post("m1", session, list(1)).status());
    assertEquals(204, send("DELETE", "m1", session, null).status());
    assertEquals(404, post("m1", session, list(1)).status());
    assertEquals(404, post("m1", "mcp-guessed", list(1)).status());
    assertEquals(400, post("m1", null, list(1)).status());
    assertNotEquals(open("m1"), open("m1"));
  }

  @Test
  void refusesWhatIsNoSingleMessage() throws IOException {
    String session = open("m1");
    int before = server.seen("tools/call").size();
    for (String bad :
        List.of(
            "[" + call("1", "echo", "{}") + "]",
            "[]",
            "7",
            "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"tools/call\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"tools/call\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"tools/call\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"tools/call\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":[]}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"meth\\u006fd\":\"ping\"}",
            call("1", "echo", "{}") + "{}",
            "\ufeff" + call("1", "echo", "{}"),
            call("1", "echo", "{\"a\":\"\\ud800\"}"))) {
      Reply reply = post("m1", session, bad);
      assertEquals(400, reply.status(), () -> bad + " " + reply);
      assertTrue(reply.json().path("error").path("code").isIntegralNumber(), reply::toString);
    }
    assertEquals(before, server.seen("tools/call").size());
  }

  @Test
  void refusesUnknownMethodsAndBadParameters() throws IOException {
    String session = open("m1");
    for (String method :
        List.of(
            "tools/Call",
            "tools/call ",
            "rpc.discover",
            "tasks/list",
            "server/discover",
            "sampling/createMessage",
            "__proto__",
            "initialized")) {
      Reply reply =
          post("m1", session, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}");
      assertEquals(-32601, reply.json().path("error").path("code").intValue(), reply::toString);
    }
    for (String params :
        List.of(
            "{}",
            "{\"Name\":\"echo\"}",
            "{\"name\":7}",
            "{\"name\":\"echo\",\"arguments\":[]}",
            "{\"name\":\"echo\",\"arguments\":\"{}\"}",
            "{\"name\":\"echo\",\"arguments\":{\"n\":12345678901234567890.5}}",
            "{\"name\":\"../echo\"}",
            "{\"name\":\"echo.output\"}")) {
      Reply reply =
          post(
              "m1",
              session,
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":" + params + "}");
      assertEquals(-32602, reply.json().path("error").path("code").intValue(), reply::toString);
    }
    Reply accepts =
        gateway
            .client()
            .post(
                "/p/lab/mcp",
                list(1),
                "Accept",
                "application/json",
                "Mcp-Session-Id",
                session,
                "X-Model-Key",
                ConfigFolder.key("lab", "m1"));
    assertEquals(406, accepts.status(), accepts::toString);
    assertEquals(400, post("m1", session, list(1), "MCP-Protocol-Version", "1999-01-01").status());
  }

  @Test
  void aDeniedCallReachesNoServer() throws IOException {
    String session = open("m1");
    Reply denied = post("m1", session, call("1", "echo", "{\"n\":9}"));
    assertTrue(denied.json().path("result").path("isError").asBoolean(), denied::toString);
    Reply hidden = post("m1", session, call("2", "never", "{}"));
    assertEquals(-32602, hidden.json().path("error").path("code").intValue());
    assertTrue(
        server.seen("tools/call").stream()
            .noneMatch(
                m ->
                    m.path("params").path("name").asString("").equals("never")
                        || m.path("params").path("arguments").path("n").asInt(0) == 9));
  }

  @Test
  void fiftyCallersWithEqualIdsGetTheirOwnAnswers() throws Exception {
    List<Future<Integer>> wrong = new ArrayList<>();
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int caller = 0; caller < 50; caller++) {
        String mine = "c" + caller;
        Callable<Integer> calls =
            () -> {
              String session = open("m1");
              int crossed = 0;
              for (int id = 0; id < 10; id++) {
                Reply reply =
                    post("m1", session, call("" + id, "echo", "{\"who\":\"" + mine + id + "\"}"));
                JsonNode result = reply.json().path("result").path("structuredContent");
                crossed += result.path("who").asString("").equals(mine + id) ? 0 : 1;
              }
              return crossed;
            };
        wrong.add(workers.submit(calls));
      }
      for (Future<Integer> one : wrong) {
        assertEquals(0, one.get());
      }
    }
  }

  @Test
  void progressComesUnderTheClientsOwnTokenAndLogsByLevel() throws Exception {
    server.streams(
        "tools/call",
        (request, stream) -> {
          JsonNode token = request.path("params").path("_meta").path("progressToken");
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":"
                  + token
                  + ",\"progress\":1,\"total\":2,\"message\":\"half\"}}");
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":\"foreign\",\"progress\":9}}");
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"debug\",\"data\":\"quiet\"}}");
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"error\",\"data\":\"loud\"}}");
          stream.send(
              "{\"jsonrpc\":\"2.0\",\"id\":"
                  + request.path("id")
                  + ",\"result\":{\"content\":[]}}");
        });
    try {
      String session = open("m1");
      assertEquals(
          200,
          post(
                  "m1",
                  session,
                  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"logging/setLevel\",\"params\":{\"level\":\"warning\"}}")
              .status());
      Reply reply =
          post(
              "m1",
              session,
              "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"steps\",\"_meta\":{\"progressToken\":\"mine\"}}}");
      assertEquals("text/event-stream", reply.header("content-type").orElse(""));
      List<String> data = reply.text().lines().filter(line -> line.startsWith("data: {")).toList();
      assertEquals(3, data.size(), reply::toString);
      assertTrue(data.get(0).contains("\"progressToken\":\"mine\""), reply::toString);
      assertTrue(data.get(1).contains("loud"), reply::toString);
      assertTrue(data.get(2).contains("\"id\":2"), reply::toString);
    } finally {
      server.streamsNoMore("tools/call");
    }
  }

  @Test
  void cancellingEndsTheCallAndTellsTheServer() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    server.streams(
        "tools/call",
        (request, stream) -> {
          begun.countDown();
          stream.forever();
        });
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      String session = open("m1");
      Future<Reply> call = workers.submit(() -> post("m1", session, call("5", "steps", "{}")));
      begun.await();
      Reply twice = post("m1", session, call("5", "steps", "{}"));
      assertEquals(400, twice.status(), twice::toString);
      String other = open("m1");
      String cancel =
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":5}}";
      assertEquals(202, post("m1", other, cancel).status());
      assertFalse(call.isDone());
      assertEquals(202, post("m1", session, cancel).status());
      assertFalse(call.get().text().contains("\"id\":5"));
      Eventually.holds(
          "the server is told", () -> !server.seen("notifications/cancelled").isEmpty());
    } finally {
      server.streamsNoMore("tools/call");
    }
  }
}
