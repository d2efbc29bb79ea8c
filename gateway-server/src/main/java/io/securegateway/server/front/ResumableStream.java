package io.securegateway.server.front;

import io.securegateway.core.json.StrictJson;
import io.securegateway.server.ingress.EventStream;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stream of the session wire (2025-11-25, transports, "Resumability and Redelivery"): what was
 * sent last is kept, so that a client whose connection broke takes it up behind the last event that
 * it saw. Of more than {@value #MOST_KEPT} events or {@value #MOST_KEPT_BYTES} bytes the oldest are
 * not kept; the newest is, if its key has room. Thread-safe.
 */
final class ResumableStream implements MessageStream {
  private static final int MOST_KEPT = 100;
  private static final int MOST_KEPT_BYTES = 256 * 1024;
  private static final long RETRY_MS = 1_000;

  private final String name;
  private final boolean primes;
  private final String key;
  private final ReplayRoom room;
  private final Runnable onForgotten;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private int keptBytes;
  private long last;
  private boolean over;
  private @Nullable Connection connection;

  private record Kept(long number, byte[] data) {
    private static final int BESIDE = 128;

    /** What it takes, in bytes. */
    int size() {
      return data.length + BESIDE;
    }
  }

  private record Connection(EventStream events, Context context) {}

  /**
   * @param name begins the id of each event; of one session's streams only this has it
   * @param primes whether the client knows events that say only where they are
   * @param key in whose share of the room events are kept
   * @param onForgotten is told when nothing is kept any more
   */
  ResumableStream(String name, boolean primes, String key, ReplayRoom room, Runnable onForgotten) {
    this.name = name;
    this.primes = primes;
    this.key = key;
    this.room = room;
    this.onForgotten = onForgotten;
  }

  /** Which stream an event belongs to, by its id. */
  static String nameIn(String event) {
    return event.substring(0, Math.max(0, event.lastIndexOf('-')));
  }

  /**
   * Begins it, or takes it up again, on a connection whose loop this is. False if it is open and
   * not to be taken up; one that is taken up has lost the connection before, which ends.
   *
   * @param lastEvent the last event that the client saw; null for a stream from here on. One that
   *     is none of this stream's is behind everything: nothing is told twice
   */
  synchronized boolean open(
      Supplier<EventStream> opening, Context context, @Nullable String lastEvent) {
    Connection before = connection;
    if (before != null && lastEvent == null && !before.events().isOver()) {
      return false;
    }
    if (before != null) {
      before.context().runOnContext(there -> before.events().end());
    }
    EventStream events = opening.get();
    connection = new Connection(events, context);
    long seen = lastEvent == null ? last : Math.min(last, number(lastEvent));
    if (primes) {
      events.prime(id(seen), RETRY_MS);
    } else {
      events.open();
    }
    for (Kept event : kept) {
      if (event.number() > seen) {
        events.send(id(event.number()), event.data());
      }
    }
    if (over) {
      events.end();
    }
    return true;
  }

  private String id(long number) {
    return name + "-" + number;
  }

  private long number(String event) {
    String digits = event.substring(event.lastIndexOf('-') + 1);
    return nameIn(event).equals(name) && digits.matches("[0-9]{1,18}")
        ? Long.parseLong(digits)
        : Long.MAX_VALUE;
  }

  /** Whether somebody is there to read. */
  synchronized boolean isOpen() {
    Connection now = connection;
    return now != null && !now.events().isOver();
  }

  /** Whether that is the id of an event that was sent. */
  synchronized boolean hasSent(String event) {
    return number(event) <= last;
  }

  /** Whether somebody reads, or may come back to. */
  synchronized boolean wasOpened() {
    return connection != null;
  }

  /** Does nothing: it was opened with its connection. */
  @Override
  public void open() {}

  @Override
  public synchronized void send(ObjectNode message) {
    Connection now = connection;
    if (over || now == null) {
      return;
    }
    byte[] data = StrictJson.write(message);
    String id = id(++last);
    keep(new Kept(last, data));
    now.context()
        .runOnContext(
            there -> {
              if (!now.events().isOver()) {
                now.events().send(id, data);
              }
            });
  }

  private void keep(Kept event) {
    while (kept.size() >= MOST_KEPT
        || (!kept.isEmpty() && keptBytes + event.size() > MOST_KEPT_BYTES)) {
      dropOldest();
    }
    boolean fits = room.take(key, event.size());
    while (!fits && !kept.isEmpty()) {
      dropOldest();
      fits = room.take(key, event.size());
    }
    if (fits) {
      kept.add(event);
      keptBytes += event.size();
    }
  }

  private void dropOldest() {
    int bytes = kept.remove().size();
    keptBytes -= bytes;
    room.free(key, bytes);
  }

  @Override
  public synchronized boolean isBehind() {
    Connection now = connection;
    return now != null && !now.events().isOver() && now.events().isBehind();
  }

  @Override
  public void end() {
    Connection now;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      now = connection;
    }
    if (now != null) {
      now.context().runOnContext(there -> now.events().end());
    }
    room.ended(key, this);
  }

  /** Nothing of it is kept from here on. */
  void forget() {
    int bytes;
    synchronized (this) {
      bytes = keptBytes;
      kept.clear();
      keptBytes = 0;
    }
    room.free(key, bytes);
    onForgotten.run();
  }
}
