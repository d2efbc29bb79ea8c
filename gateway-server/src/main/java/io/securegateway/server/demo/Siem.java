package io.securegateway.server.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Where the demo's alerts arrive: takes JSON by POST, as a SIEM's collector does. */
final class Siem implements AutoCloseable {
  private final HttpServer server;
  private final BlockingQueue<JsonNode> arrived = new LinkedBlockingQueue<>();

  private Siem(HttpServer server) {
    this.server = server;
  }

  /** Starts on a free loopback port. */
  static Siem start() throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    Siem siem = new Siem(http);
    http.createContext(
        "/alerts",
        exchange -> {
          try (exchange) {
            siem.arrived.add(AgentClient.JSON.readTree(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(204, -1);
          }
        });
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.start();
    return siem;
  }

  /** For {@code SIEM_URL}. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/alerts";
  }

  /** Whether an alert of that name is there. */
  boolean has(String alert) {
    return arrived.stream().anyMatch(one -> isCalled(one, alert));
  }

  /** The next alert of that name, others aside; null if none came in that time. */
  @Nullable JsonNode next(String alert, long millis) throws InterruptedException {
    long end = System.currentTimeMillis() + millis;
    while (true) {
      JsonNode one =
          arrived.poll(Math.max(0, end - System.currentTimeMillis()), TimeUnit.MILLISECONDS);
      if (one == null || isCalled(one, alert)) {
        return one;
      }
    }
  }

  private static boolean isCalled(JsonNode one, String alert) {
    return one.path("alert").asString("").equals(alert);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
