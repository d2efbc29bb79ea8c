package io.securegateway.server.ingress;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer of server-sent events (WHATWG HTML, section 9.2). It is kept alive by comments, and
 * reset when the client does not read what is sent. Used on its event loop only.
 */
public final class EventStream {
  private static final long KEEP_ALIVE_MS = TimeUnit.SECONDS.toMillis(15);

  /** What may wait to be read by the client, in bytes. */
  private static final long MAX_WAITING = 16L * 1024 * 1024;

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final long timer;
  private long waiting;

  EventStream(Vertx vertx, HttpServerResponse response) {
    this.vertx = vertx;
    this.response = response;
    response
        .setChunked(true)
        .putHeader("content-type", "text/event-stream")
        .putHeader("cache-control", "no-store")
        .putHeader("x-accel-buffering", "no")
        .putHeader("x-content-type-options", "nosniff");
    timer = vertx.setPeriodic(KEEP_ALIVE_MS, late -> write(Buffer.buffer(": alive\n\n")));
  }

  /** Sends the head now, before there is an event. */
  public void open() {
    write(Buffer.buffer(": open\n\n"));
  }

  /**
   * Sends one event.
   *
   * @param id to resume behind it; null for none
   * @param data one line
   */
  public void send(@Nullable String id, byte[] data) {
    Buffer event = Buffer.buffer(data.length + 64);
    if (id != null) {
      event.appendString("id: ").appendString(id).appendString("\n");
    }
    event.appendString("data: ").appendBytes(data).appendString("\n\n");
    write(event);
  }

  /** Sends the first event of a stream that can be resumed: where it is, and how long to wait. */
  public void prime(String id, long retryMillis) {
    write(
        Buffer.buffer(
            ("id: " + id + "\nretry: " + retryMillis + "\ndata: \n\n")
                .getBytes(StandardCharsets.US_ASCII)));
  }

  private void write(Buffer bytes) {
    if (isOver()) {
      vertx.cancelTimer(timer);
      return;
    }
    waiting += bytes.length();
    if (waiting > MAX_WAITING) {
      vertx.cancelTimer(timer);
      response.reset();
      return;
    }
    response.write(bytes).onComplete(done -> waiting -= bytes.length());
  }

  /** Whether the client falls behind, so that what can be left out should be. */
  public boolean isBehind() {
    return response.writeQueueFull();
  }

  /** Whether nothing can be sent any more. */
  public boolean isOver() {
    return response.ended() || response.closed();
  }

  /** Ends it well. */
  public void end() {
    vertx.cancelTimer(timer);
    if (!isOver()) {
      response.end();
    }
  }
}
