package io.securegateway.server.upstream;

import java.util.function.LongSupplier;

/**
 * The circuit breaker of one key's calls of one upstream, shared by all loops. Opens after {@value
 * #FAILURES} failures in a row; then one call probes after 5 seconds, and after twice as long each
 * time the probe fails, up to a minute. Calls that tell nothing of the upstream (their caller left)
 * neither open nor close it. Thread-safe.
 */
final class Breaker {
  private static final int FAILURES = 5;
  private static final long FIRST_PAUSE = 5_000;
  private static final long LONGEST_PAUSE = 60_000;

  private final LongSupplier millis;
  private int failures;
  private long pause = FIRST_PAUSE;
  private long closedUntil;
  private boolean probing;

  /** {@code millis}: a clock that only goes forward. */
  Breaker(LongSupplier millis) {
    this.millis = millis;
  }

  /** Whether a call may go. */
  enum Entry {
    GO,
    /** It may, and shows whether the upstream is well again. */
    PROBE,
    OPEN
  }

  /** What came of a call. */
  enum Health {
    WELL,
    ILL,
    UNKNOWN
  }

  /** Asks; after {@code GO} or {@code PROBE} {@link #leave} follows. */
  synchronized Entry enter() {
    if (isOpen()) {
      return Entry.OPEN;
    }
    probing = failures >= FAILURES;
    return probing ? Entry.PROBE : Entry.GO;
  }

  /** Learns from what came of a call that was let in so. */
  synchronized void leave(Entry entered, Health health) {
    boolean probed = entered == Entry.PROBE;
    if (probed) {
      probing = false;
    }
    switch (health) {
      case WELL -> {
        failures = 0;
        pause = FIRST_PAUSE;
      }
      case ILL -> {
        boolean opens = failures == FAILURES - 1;
        failures = Math.min(FAILURES, failures + 1);
        if (probed) {
          pause = Math.min(LONGEST_PAUSE, pause * 2);
        }
        // Calls that went before it opened and end later do not keep it open for longer.
        if (probed || opens) {
          closedUntil = millis.getAsLong() + pause;
        }
      }
      case UNKNOWN -> {
        // Nothing learned: after a probe, the next call is one.
      }
    }
  }

  /** Whether calls are refused now. */
  synchronized boolean isOpen() {
    return failures >= FAILURES && (probing || millis.getAsLong() < closedUntil);
  }
}
