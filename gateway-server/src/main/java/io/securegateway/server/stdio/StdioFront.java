package io.securegateway.server.stdio;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.MessageReader;
import io.securegateway.server.mcp.Method;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Carries messages between lines and the gateway: each line of the input is one message, each
 * message of the gateway one line of the output. Ends with the input.
 */
public final class StdioFront {
  private static final Logger LOG = LoggerFactory.getLogger(StdioFront.class);

  /** Longest line, in bytes. */
  public static final int MAX_LINE = 16 * 1024 * 1024;

  private static final int MAX_OPEN = 256;
  private static final Duration GOODBYE = Duration.ofSeconds(5);

  private final Endpoint endpoint;
  private final InputStream in;
  private final Lines lines;
  private final Conversation conversation = new Conversation();
  private final Map<JsonNode, Exchange> open = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(MAX_OPEN);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable Future<?> listening;

  /** Between these streams and that gateway. */
  public StdioFront(Endpoint endpoint, InputStream in, OutputStream out) {
    this.endpoint = endpoint;
    this.in = in;
    this.lines = new Lines(out);
  }

  /** Works until the input ends; then waits a moment for answers and ends the session. */
  public void run() throws IOException, InterruptedException {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        int from = 0;
        for (int i = 0; i < n; i++) {
          if (buffer[i] == '\n') {
            line.write(buffer, from, i - from);
            take(line.toByteArray());
            line.reset();
            from = i + 1;
          }
        }
        line.write(buffer, from, n - from);
        if (line.size() > MAX_LINE) {
          throw new IOException("a line is longer than " + MAX_LINE + " bytes");
        }
      }
      take(line.toByteArray());
    } finally {
      end();
    }
  }

  private void take(byte[] line) throws InterruptedException {
    if (new String(line, java.nio.charset.StandardCharsets.UTF_8).isBlank()) {
      return;
    }
    switch (MessageReader.read(line)) {
      case MessageReader.Refused refused ->
          lines.write(Message.Failure.of(refused.id(), refused.code(), refused.reason()).tree());
      case MessageReader.Taken(Message.Request request) -> request(request);
      case MessageReader.Taken(Message other) -> tell(other);
    }
  }

  private void request(Message.Request request) throws InterruptedException {
    places.acquire();
    Exchange exchange = new Exchange(endpoint, conversation, lines, request);
    open.put(request.id(), exchange);
    if (request.method().equals(Method.INITIALIZE.text())) {
      work(request, exchange); // what follows belongs to the session that this opens
    } else {
      threads.execute(
          () -> {
            try {
              work(request, exchange);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  private void work(Message.Request request, Exchange exchange) throws InterruptedException {
    try {
      exchange.run();
    } finally {
      open.remove(request.id(), exchange);
      places.release();
    }
  }

  /**
   * Notifications and answers keep their order: the next line waits until this one is taken. What
   * is cancelled is not answered any more.
   */
  private void tell(Message message) throws InterruptedException {
    String method = message.tree().path("method").asString("");
    Exchange cancelled =
        method.equals(Method.CANCELLED.text())
            ? open.get(message.tree().path("params").path("requestId"))
            : null;
    if (cancelled == null || !cancelled.isStateless()) {
      new Exchange(endpoint, conversation, lines, message).run();
    }
    if (cancelled != null) {
      cancelled.cancel();
    }
    if (method.equals(Method.INITIALIZED.text())
        && conversation.session().isPresent()
        && listening == null) {
      listening = threads.submit(new Listening(endpoint, conversation, lines));
    }
  }

  private void end() throws InterruptedException {
    long patience = System.nanoTime() + GOODBYE.toNanos();
    while (!open.isEmpty() && System.nanoTime() < patience) {
      Thread.sleep(20);
    }
    if (listening != null) {
      listening.cancel(true);
    }
    if (conversation.session().isPresent()) {
      HttpRequest.Builder goodbye = endpoint.request().timeout(GOODBYE).DELETE();
      conversation.stamp(goodbye, null);
      try {
        endpoint.http().send(goodbye.build(), BodyHandlers.discarding());
      } catch (IOException e) {
        LOG.debug("the session was not ended: {}", e.getMessage());
      }
    }
    threads.shutdownNow();
    endpoint.http().shutdownNow();
    threads.awaitTermination(1, TimeUnit.SECONDS);
  }
}
