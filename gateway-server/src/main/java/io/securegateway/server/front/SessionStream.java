package io.securegateway.server.front;

import io.securegateway.core.json.StrictJson;
import io.securegateway.server.ingress.EventStream;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a session is told unasked. It goes out on the session's one stream, which a client opens by
 * GET; what was sent last is kept, so that a stream that broke is taken up behind its last event.
 * Thread-safe.
 */
final class SessionStream {
  private static final int MOST_KEPT = 100;
  private static final int MOST_KEPT_BYTES = 256 * 1024;
  private static final long RETRY_MS = 1_000;
  private static final String NAME = "gateway-";

  private final Deque<Kept> kept = new ArrayDeque<>();
  private int keptBytes;
  private long last;
  private @Nullable Open open;

  private record Kept(long number, byte[] data) {}

  private record Open(EventStream events, Context context) {}

  /**
   * Opens it on its loop. False if it is open already; one that is taken up again replaces the one
   * before, which its client has lost.
   *
   * @param lastEvent the last event that the client saw; null for a stream from here on
   */
  synchronized boolean open(
      Supplier<EventStream> opening, Context context, @Nullable String lastEvent) {
    Open before = open;
    if (before != null && !before.events().isOver()) {
      if (lastEvent == null) {
        return false;
      }
      before.context().runOnContext(there -> before.events().end());
    }
    EventStream events = opening.get();
    open = new Open(events, context);
    long seen = lastEvent == null ? last : number(lastEvent);
    events.prime(NAME + Math.min(seen, last), RETRY_MS);
    for (Kept event : List.copyOf(kept)) {
      if (event.number() > seen) {
        events.send(NAME + event.number(), event.data());
      }
    }
    return true;
  }

  /** Whether somebody listens. */
  synchronized boolean isOpen() {
    Open now = open;
    return now != null && !now.events().isOver();
  }

  /** An id that is none of ours is behind everything that is kept: nothing is told twice. */
  private static long number(String lastEvent) {
    String digits = lastEvent.startsWith(NAME) ? lastEvent.substring(NAME.length()) : "";
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : Long.MAX_VALUE;
  }

  /** Tells the client; kept for a stream that broke, lost if there never was one. */
  synchronized void tell(ObjectNode message) {
    Open now = open;
    if (now == null) {
      return;
    }
    byte[] data = StrictJson.write(message);
    Kept event = new Kept(++last, data);
    kept.add(event);
    keptBytes += data.length;
    while (kept.size() > MOST_KEPT || (keptBytes > MOST_KEPT_BYTES && kept.size() > 1)) {
      keptBytes -= kept.remove().data().length;
    }
    String id = NAME + event.number();
    now.context()
        .runOnContext(
            there -> {
              if (!now.events().isOver()) {
                now.events().send(id, data);
              }
            });
  }

  /** The session is over. */
  synchronized void end() {
    Open now = open;
    open = null;
    if (now != null) {
      now.context().runOnContext(there -> now.events().end());
    }
  }
}
