package io.securegateway.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * An MCP server on the session wire whose every byte a test chooses. It keeps all that arrives.
 * Thread-safe.
 */
final class ScriptedMcpServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Function<JsonNode, String>> results = new ConcurrentHashMap<>();
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final List<JsonNode> seen = new CopyOnWriteArrayList<>();
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<String> resumed = new CopyOnWriteArrayList<>();
  private final Queue<Integer> refusals = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Script listening;
  private volatile boolean gives = true;
  private volatile boolean demands;

  /** Writes events of its own, and the answer. */
  interface Script {
    void run(JsonNode request, Stream stream) throws IOException, InterruptedException;
  }

  /** The stream of one request. */
  record Stream(OutputStream out, CountDownLatch closed) {
    void send(String message) throws IOException {
      out.write(("data: " + message + "\n\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    void forever() throws InterruptedException {
      closed.await();
    }
  }

  private ScriptedMcpServer(HttpServer server) {
    this.server = server;
  }

  /** With these tools, as JSON of a list. */
  static ScriptedMcpServer start(String tools) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
    ScriptedMcpServer scripted = new ScriptedMcpServer(server);
    server.setExecutor(scripted.workers);
    server.createContext("/mcp", scripted::answer);
    server.start();
    return scripted
        .answers(
            "initialize",
            request ->
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{},\"resources\":{\"subscribe\":true},\"prompts\":{},\"completions\":{}},\"serverInfo\":{\"name\":\"scripted\",\"version\":\"1\"}}")
        .answers("tools/list", request -> "{\"tools\":" + tools + "}");
  }

  /** From here on it has no sessions; or it has, and what comes outside of one is bad. */
  void hasSessions(boolean has) {
    gives = has;
    demands = has;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
  }

  /** From here on the method is answered with this result. */
  ScriptedMcpServer answers(String method, Function<JsonNode, String> result) {
    results.put(method, result);
    return this;
  }

  /** From here on the method is answered by this script, on a stream. */
  ScriptedMcpServer streams(String method, Script script) {
    scripts.put(method, script);
    return this;
  }

  /** From here on a GET is answered by this script, on a stream. */
  void listens(Script script) {
    listening = script;
  }

  /** The next GETs get these statuses, one after the other. */
  void refusesToListen(Integer... statuses) {
    refusals.addAll(List.of(statuses));
  }

  /** The event behind which each GET took the stream up; empty for none. */
  List<String> resumed() {
    return List.copyOf(resumed);
  }

  private void listen(HttpExchange exchange) throws IOException, InterruptedException {
    Script script = listening;
    Integer refusal = script == null ? Integer.valueOf(405) : refusals.poll();
    String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    resumed.add(last == null ? "" : last);
    if (script == null || refusal != null) {
      exchange.sendResponseHeaders(refusal == null ? 405 : refusal, -1);
      return;
    }
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    script.run(JsonNodeFactory.instance.nullNode(), new Stream(exchange.getResponseBody(), closed));
  }

  /** As before {@link #streams}. */
  void streamsNoMore(String method) {
    scripts.remove(method);
  }

  /** What arrived under that method. */
  List<JsonNode> seen(String method) {
    return seen.stream().filter(m -> m.path("method").asString("").equals(method)).toList();
  }

  /** All that arrived, as it stood on the wire. */
  List<String> texts() {
    return List.copyOf(texts);
  }

  /** The answers that arrived. */
  List<JsonNode> answersSeen() {
    return seen.stream().filter(m -> !m.has("method")).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("GET")) {
        listen(exchange);
        return;
      }
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      JsonNode message = Reply.JSON.readTree(text);
      texts.add(text);
      seen.add(message);
      String method = message.path("method").asString("");
      if (!message.has("id") || !message.has("method")) {
        exchange.sendResponseHeaders(202, -1);
        return;
      }
      if (demands
          && !method.equals("initialize")
          && !exchange.getRequestHeaders().containsKey("Mcp-Session-Id")) {
        byte[] bad =
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"Bad Request: Server not initialized\"}}"
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(400, bad.length);
        exchange.getResponseBody().write(bad);
        return;
      }
      if (method.equals("initialize") && gives) {
        exchange.getResponseHeaders().add("Mcp-Session-Id", "up-" + sessions.incrementAndGet());
      }
      Script script = scripts.get(method);
      if (script != null) {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        script.run(message, new Stream(exchange.getResponseBody(), closed));
        return;
      }
      Function<JsonNode, String> result = results.get(method);
      String body =
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + message.path("id")
              + (result == null
                  ? ",\"error\":{\"code\":-32601,\"message\":\"Method not found\"}}"
                  : ",\"result\":" + result.apply(message) + "}");
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    workers.shutdownNow();
  }
}
