package io.securegateway.server.upstream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * How many calls of one upstream are under way at once, and who waits for a place: as many as may
 * be under way. Of each kind three quarters are the most of one key, so that no key keeps the
 * others out. Who waited longest goes next, if its key is below its share. Thread-safe.
 */
final class Bulkhead {
  private final int places;
  private final int share;
  private final Map<String, Integer> running = new HashMap<>();
  private final Map<String, Integer> queued = new HashMap<>();
  private final Deque<Ticket> queue = new ArrayDeque<>();
  private int taken;

  /** {@code places}: calls under way at once, at least one. */
  Bulkhead(int places) {
    this.places = places;
    this.share = places - places / 4;
  }

  /** One call's. */
  final class Ticket {
    private final String key;
    private final Runnable go;
    private final boolean isAtOnce;
    private boolean isRunning;
    private boolean isOver;

    private Ticket(String key, Runnable go, boolean isAtOnce) {
      this.key = key;
      this.go = go;
      this.isAtOnce = isAtOnce;
    }

    /** The call is over, or does not wait any more; later calls of this do nothing. */
    void leave() {
      Optional<Ticket> next;
      synchronized (Bulkhead.this) {
        if (isOver) {
          return;
        }
        isOver = true;
        if (isRunning) {
          taken--;
          add(running, key, -1);
        } else {
          queue.remove(this);
          add(queued, key, -1);
        }
        next = next();
      }
      next.ifPresent(found -> found.go.run());
    }

    /** Whether its turn came as it came. */
    boolean isAtOnce() {
      return isAtOnce;
    }
  }

  /** Nobody is counted who has nothing. */
  private static void add(Map<String, Integer> counts, String key, int more) {
    int now = of(counts, key) + more;
    if (now == 0) {
      counts.remove(key);
    } else {
      counts.put(key, now);
    }
  }

  /**
   * Takes a place, or waits for one; empty if too many wait already.
   *
   * @param go is run when the turn comes, unless it came at once; on the thread of whoever leaves
   */
  synchronized Optional<Ticket> enter(String key, Runnable go) {
    if (taken < places && of(running, key) < share) {
      Ticket ticket = new Ticket(key, go, true);
      start(ticket);
      return Optional.of(ticket);
    }
    if (queue.size() < places && of(queued, key) < share) {
      Ticket ticket = new Ticket(key, go, false);
      queue.add(ticket);
      add(queued, key, 1);
      return Optional.of(ticket);
    }
    return Optional.empty();
  }

  private void start(Ticket ticket) {
    ticket.isRunning = true;
    taken++;
    add(running, ticket.key, 1);
  }

  private Optional<Ticket> next() {
    if (taken >= places) {
      return Optional.empty();
    }
    for (Iterator<Ticket> waiting = queue.iterator(); waiting.hasNext(); ) {
      Ticket ticket = waiting.next();
      if (of(running, ticket.key) < share) {
        waiting.remove();
        add(queued, ticket.key, -1);
        start(ticket);
        return Optional.of(ticket);
      }
    }
    return Optional.empty();
  }

  private static int of(Map<String, Integer> counts, String key) {
    return counts.getOrDefault(key, 0);
  }
}
