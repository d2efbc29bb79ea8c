package io.securegateway.server.upstream;

import java.util.function.LongSupplier;

/**
 * The circuit breaker and bulkhead of one upstream, shared by all loops. Opens after {@value
 * #FAILURES} failures in a row; then one call probes after 5 seconds, and after twice as long each
 * time the probe fails, up to a minute. Thread-safe.
 */
final class Breaker {
  private static final int FAILURES = 5;
  private static final long FIRST_PAUSE = 5_000;
  private static final long LONGEST_PAUSE = 60_000;

  private final LongSupplier millis;
  private final int places;
  private int failures;
  private long pause = FIRST_PAUSE;
  private long closedUntil;
  private boolean probing;
  private int taken;

  /**
   * {@code millis}: a clock that only goes forward; {@code places}: calls under way or waiting at
   * once.
   */
  Breaker(LongSupplier millis, int places) {
    this.millis = millis;
    this.places = places;
  }

  /** Whether a call may go. */
  enum Entry {
    GO,
    OPEN,
    BUSY
  }

  /** Takes a place, if the answer is {@link Entry#GO}; then {@link #leave} follows. */
  synchronized Entry enter() {
    if (failures >= FAILURES) {
      if (probing || millis.getAsLong() < closedUntil) {
        return Entry.OPEN;
      }
    }
    if (taken >= places) {
      return Entry.BUSY;
    }
    probing = failures >= FAILURES;
    taken++;
    return Entry.GO;
  }

  /** Gives the place back and learns from what came of the call. */
  synchronized void leave(boolean healthy) {
    taken--;
    boolean probed = probing;
    probing = false;
    if (healthy) {
      failures = 0;
      pause = FIRST_PAUSE;
      return;
    }
    failures++;
    if (failures >= FAILURES) {
      closedUntil = millis.getAsLong() + pause;
      if (probed) {
        pause = Math.min(LONGEST_PAUSE, pause * 2);
      }
    }
  }

  /** Whether calls are refused now. */
  synchronized boolean isOpen() {
    return failures >= FAILURES && (probing || millis.getAsLong() < closedUntil);
  }
}
