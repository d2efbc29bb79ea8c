package io.securegateway.server.identity;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down those who guess admin keys: after five wrong ones from an address within 15 minutes,
 * it waits 30 seconds before the next try is looked at, twice as long after each further one, 15
 * minutes at most. A right key clears the account. Thread-safe.
 */
public final class LockOut {
  private static final int FREE = 5;
  private static final long FIRST_MILLIS = 30_000;
  private static final long LONGEST_MILLIS = 900_000;
  private static final int MAX_SOURCES = 10_000;

  private record Account(int wrong, long last) {}

  private final LongSupplier clock;
  private final Map<String, Account> bySource =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Account> eldest) {
          return size() > MAX_SOURCES;
        }
      };

  /** {@code clock}: milliseconds. */
  public LockOut(LongSupplier clock) {
    this.clock = clock;
  }

  /** How many milliseconds that address has to wait; 0 if it may try now. */
  public synchronized long pause(String source) {
    Account account = bySource.get(source);
    if (account == null || account.wrong() < FREE) {
      return 0;
    }
    int doublings = Math.min(account.wrong() - FREE, 10);
    long pause = Math.min(FIRST_MILLIS << doublings, LONGEST_MILLIS);
    return Math.max(0, account.last() + pause - clock.getAsLong());
  }

  /** A wrong key from that address. */
  public synchronized void wrong(String source) {
    long now = clock.getAsLong();
    Account before = bySource.get(source);
    int wrong = before == null || now - before.last() >= LONGEST_MILLIS ? 0 : before.wrong();
    bySource.put(source, new Account(wrong + 1, now));
  }

  /** A right key from that address. */
  public synchronized void right(String source) {
    bySource.remove(source);
  }
}
