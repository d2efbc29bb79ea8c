package io.securegateway.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.JsonNode;

/** A real receiver of alerts, which answers as it is told: 200 unless a status is queued. */
final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final LinkedBlockingQueue<Integer> statuses = new LinkedBlockingQueue<>();
  private final List<Got> got = new CopyOnWriteArrayList<>();
  private volatile int otherwise = 200;

  /** A message that arrived and how it was answered. */
  record Got(String id, JsonNode body, int status, long at, String signature) {
    boolean isTaken() {
      return status == 200;
    }
  }

  private Receiver(HttpServer server) {
    this.server = server;
  }

  static Receiver start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    Receiver receiver = new Receiver(server);
    server.setExecutor(receiver.workers);
    server.createContext("/", receiver::take);
    server.start();
    return receiver;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/in";
  }

  /** The next messages are answered so, one after the other. */
  void next(int... codes) {
    for (int code : codes) {
      statuses.add(code);
    }
  }

  /** What is answered when nothing is queued. */
  void always(int status) {
    otherwise = status;
  }

  List<Got> got() {
    return got;
  }

  /** Those that were answered 200. */
  List<Got> taken() {
    return got.stream().filter(Got::isTaken).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Integer queued = statuses.poll();
      int status = queued == null ? otherwise : queued;
      if (status == 429) {
        exchange.getResponseHeaders().add("Retry-After", "1");
      }
      got.add(
          new Got(
              exchange.getRequestHeaders().getFirst("Idempotency-Key"),
              Reply.JSON.readTree(body),
              status,
              System.nanoTime(),
              String.valueOf(exchange.getRequestHeaders().getFirst("webhook-signature"))));
      exchange.sendResponseHeaders(status, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
