package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.MessageReader;
import io.securegateway.server.mcp.SseReader;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stream on which a server of the session wire speaks on its own account: opened by GET, opened
 * again when it ends or cannot be had for now, given up when the server offers none. Used on its
 * loop only.
 */
final class ServerStream {
  private static final long FIRST_PAUSE_MS = 1_000;
  private static final long LONGEST_PAUSE_MS = 60_000;

  private final StreamableHttp transport;
  private final Consumer<Message> ear;
  private @Nullable HttpClientRequest request;
  private @Nullable String lastEvent;
  private long firstPause = FIRST_PAUSE_MS;
  private long pause = FIRST_PAUSE_MS;
  private boolean over;

  ServerStream(StreamableHttp transport, Consumer<Message> ear) {
    this.transport = transport;
    this.ear = ear;
  }

  void open() {
    if (over) {
      return;
    }
    transport
        .get(lastEvent)
        .onFailure(failure -> again())
        .onSuccess(
            ready -> {
              if (over) {
                ready.reset();
                return;
              }
              request = ready;
              ready.send().onSuccess(this::read).onFailure(failure -> again());
            });
  }

  private void read(HttpClientResponse response) {
    response.exceptionHandler(broken -> again());
    String type = response.getHeader("content-type");
    int status = response.statusCode();
    if (status != 200 || type == null || !type.startsWith("text/event-stream")) {
      if (isPassing(status)) {
        again();
      } else {
        close();
      }
      return;
    }
    SseReader reader =
        new SseReader(
            transport.settings().maxAnswer(),
            event -> {
              event.id().ifPresent(id -> lastEvent = id);
              event.retry().ifPresent(millis -> firstPause = millis);
              pause = firstPause;
              if (!over
                  && event.data().length > 0
                  && MessageReader.read(event.data()) instanceof MessageReader.Taken taken) {
                ear.accept(taken.message());
              }
            });
    response.handler(
        chunk -> {
          if (!over && !reader.take(chunk.getBytes())) {
            close();
          }
        });
    response.endHandler(end -> again());
  }

  /**
   * Whether it may be had later: a server that did not see the last one end says 409, one that does
   * not keep the last event any more 400.
   */
  private boolean isPassing(int status) {
    if (status == 400 && lastEvent != null) {
      lastEvent = null;
      return true;
    }
    return status >= 500 || status == 409 || status == 429;
  }

  private void again() {
    if (over) {
      return;
    }
    request = null;
    long wait = Math.min(LONGEST_PAUSE_MS, Math.max(100, pause));
    pause = Math.min(LONGEST_PAUSE_MS, wait * 2);
    transport.vertx().setTimer(wait, timer -> open());
  }

  void close() {
    over = true;
    HttpClientRequest sent = request;
    if (sent != null) {
      sent.reset();
    }
  }
}
