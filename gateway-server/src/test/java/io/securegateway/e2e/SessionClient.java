package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client on the wire with sessions that sends what a test wants. Thread-safe. */
final class SessionClient {
  private final RunningGateway gateway;
  private final String model;
  private final @Nullable String session;
  private final AtomicInteger ids = new AtomicInteger();

  private SessionClient(RunningGateway gateway, String model, @Nullable String session) {
    this.gateway = gateway;
    this.model = model;
    this.session = session;
  }

  /** In a session of its own, with that model's key of project lab. */
  static SessionClient open(RunningGateway gateway, String model) throws IOException {
    Reply reply = greet(gateway, model);
    return new SessionClient(gateway, model, reply.header("Mcp-Session-Id").orElseThrow());
  }

  /** One that servers may ask, although it never answers. */
  static SessionClient openAskable(RunningGateway gateway, String model) throws IOException {
    Reply reply = greetWith(gateway, model, "{\"elicitation\":{}}");
    return new SessionClient(gateway, model, reply.header("Mcp-Session-Id").orElseThrow());
  }

  /** The answer to initialize, sent with these headers. */
  static Reply greet(RunningGateway gateway, String model, String... headers) throws IOException {
    return greetWith(gateway, model, "{}", headers);
  }

  private static Reply greetWith(
      RunningGateway gateway, String model, String capabilities, String... headers)
      throws IOException {
    Reply reply =
        new SessionClient(gateway, model, null)
            .post(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":%s,\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}"
                    .formatted(capabilities),
                headers);
    assertEquals(200, reply.status(), reply::toString);
    return reply;
  }

  /** One that uses the session of another, whoever may own it. */
  SessionClient as(String other) {
    return new SessionClient(gateway, other, session);
  }

  /** One that names that session. */
  SessionClient in(String other) {
    return new SessionClient(gateway, model, other);
  }

  String session() {
    return session == null ? "" : session;
  }

  Reply request(String method, String params) throws IOException {
    return post(
        "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}"
            .formatted(ids.incrementAndGet(), method, params));
  }

  Reply call(String tool, String arguments) throws IOException {
    return request("tools/call", "{\"name\":\"%s\",\"arguments\":%s}".formatted(tool, arguments));
  }

  Reply tell(String method, String params) throws IOException {
    return post("{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s}".formatted(method, params));
  }

  List<String> tools() throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode tool : request("tools/list", "{}").json().path("result").path("tools").values()) {
      names.add(tool.path("name").asString(""));
    }
    return names;
  }

  Reply post(String body, String... headers) throws IOException {
    return send("POST", body, headers);
  }

  Reply send(String method, @Nullable String body, String... headers) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "Accept",
                "application/json, text/event-stream",
                "X-Model-Key",
                ConfigFolder.key("lab", model)));
    if (session != null) {
      all.addAll(List.of("Mcp-Session-Id", session));
    }
    all.addAll(List.of(headers));
    return gateway.client().send(method, "/p/lab/mcp", body, all.toArray(String[]::new));
  }

  /** The messages of an answer, be it a stream or a single one. */
  static List<JsonNode> messages(Reply reply) {
    String text = reply.text();
    if (text.startsWith("{")) {
      return List.of(reply.json());
    }
    return text.lines()
        .filter(line -> line.startsWith("data:") && line.length() > 6)
        .map(line -> (JsonNode) Reply.JSON.readTree(line.substring(5)))
        .toList();
  }
}
