package io.securegateway.server.identity;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.JournalRefused;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refused identities, counted per source and journaled at most once a second per source, so that
 * whoever guesses keys cannot fill the disk. Bounded: beyond 1,000 sources in a second they are
 * counted together. Thread-safe.
 */
public final class AuthFailures {
  private static final Logger LOG = LoggerFactory.getLogger(AuthFailures.class);
  private static final int MAX_SOURCES = 1_000;
  private static final String OTHERS = "others";

  private record Count(String detail, long count) {}

  private final Journal journal;
  private final LongSupplier clock;
  private final Map<String, Count> pending = new LinkedHashMap<>();

  /** Journals into that journal, with times of that clock (UTC milliseconds). */
  public AuthFailures(Journal journal, LongSupplier clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /** Counts one. Never blocks. */
  public synchronized void count(String source, String detail) {
    String key = pending.size() < MAX_SOURCES || pending.containsKey(source) ? source : OTHERS;
    pending.merge(
        key, new Count(detail, 1), (old, one) -> new Count(one.detail(), old.count() + 1));
  }

  /** Journals what was counted; called once a second. */
  public void flush() {
    Map<String, Count> taken;
    synchronized (this) {
      if (pending.isEmpty()) {
        return;
      }
      taken = new LinkedHashMap<>(pending);
      pending.clear();
    }
    try {
      taken.forEach(
          (source, count) ->
              journal.append(
                  clock.getAsLong(),
                  Recorded.GATEWAY,
                  new Event.AuthFailed(source, count.detail(), count.count())));
    } catch (JournalRefused e) {
      LOG.warn(
          "refused identities from {} sources could not be journaled: {}",
          taken.size(),
          e.getMessage());
    }
  }
}
