package io.securegateway.server.journal;

import io.securegateway.core.event.Recorded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The newest durable events in memory, for those who follow the journal at its end. Bounded in
 * number and in bytes as written; older events are read from the disk. Thread-safe.
 */
final class RecentEvents {
  private static final int MAX_EVENTS = 16_384;
  private static final long MAX_BYTES = 16L * 1024 * 1024;

  private record Kept(Recorded recorded, int bytes) {}

  private final Deque<Kept> kept = new ArrayDeque<>();
  private long bytes;
  private long last;

  /** Behind that {@code seq}, the last one that is durable already. */
  RecentEvents(long last) {
    this.last = last;
  }

  /** The next durable event, which took so many bytes. Followers learn of it by {@link #wake}. */
  synchronized void add(Recorded recorded, int size) {
    kept.add(new Kept(recorded, size));
    bytes += size;
    last = recorded.seq();
    while (kept.size() > MAX_EVENTS || (bytes > MAX_BYTES && kept.size() > 1)) {
      bytes -= kept.remove().bytes();
    }
  }

  /** Tells those who wait that there is something new, or that the end has come. */
  synchronized void wake() {
    notifyAll();
  }

  /**
   * The events behind that {@code seq}, at most so many, waiting at most so long for the first;
   * empty if they are no longer in memory.
   */
  synchronized Optional<List<Recorded>> after(long seq, int most, long millis)
      throws InterruptedException {
    if (last <= seq && millis > 0) {
      TimeUnit.MILLISECONDS.timedWait(this, millis);
    }
    if (last <= seq) {
      return Optional.of(List.of());
    }
    if (kept.isEmpty() || kept.element().recorded().seq() > seq + 1) {
      return Optional.empty();
    }
    long skipped = seq + 1 - kept.element().recorded().seq();
    List<Recorded> events = new ArrayList<>();
    for (Kept one : kept) {
      if (skipped > 0) {
        skipped--;
      } else {
        events.add(one.recorded());
        if (events.size() == most) {
          break;
        }
      }
    }
    return Optional.of(List.copyOf(events));
  }
}
