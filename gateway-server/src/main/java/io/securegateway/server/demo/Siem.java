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

  /** How many alerts are there that nobody took. */
  int waiting() {
    return arrived.size();
  }

  /** The next alert; null if none came in that time. */
  @Nullable JsonNode next(long millis) throws InterruptedException {
    return arrived.poll(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
