package io.securegateway.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real HTTP tool server. Unless told otherwise, a tool answers 200 with its own name and what it
 * was sent. Thread-safe.
 */
final class ToolServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger hits = new AtomicInteger();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean remembering;

  /** What a tool answers. */
  record Answer(int status, String type, String body) {}

  /** A request that arrived. */
  record Seen(String path, String body, Map<String, List<String>> headers) {}

  private ToolServer(HttpServer server) {
    this.server = server;
  }

  static ToolServer start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
    ToolServer tools = new ToolServer(server);
    server.setExecutor(tools.workers);
    server.createContext("/tools/", tools::answer);
    server.start();
    return tools;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/tools";
  }

  /** How many requests arrived so far. */
  int hits() {
    return hits.get();
  }

  /** From here on the tool answers so. */
  void answers(String tool, int status, String type, String body) {
    answers.put(tool, new Answer(status, type, body));
  }

  /** From here on the tool takes calls and never answers. */
  void hold(String tool) {
    held.add(tool);
  }

  /** Keeps what arrives, for {@link #seen}. */
  void remember() {
    remembering = true;
  }

  List<Seen> seen() {
    return seen;
  }

  private void answer(HttpExchange exchange) throws IOException {
    hits.incrementAndGet();
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (remembering) {
        seen.add(new Seen(path, body, Map.copyOf(exchange.getRequestHeaders())));
      }
      String tool = path.substring("/tools/".length());
      if (held.contains(tool)) {
        closed.await();
      }
      Answer answer =
          answers.getOrDefault(
              tool,
              new Answer(
                  200,
                  "application/json",
                  "{\"tool\":\"" + tool.replace("\"", "") + "\",\"got\":" + body + "}"));
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", answer.type());
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
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
