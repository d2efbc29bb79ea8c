package io.securegateway.server.identity;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.JournalRefused;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refused identities, counted per source and kind and journaled at most once a second per kind, so
 * that whoever guesses keys cannot fill the disk. Bounded: beyond 1,000 sources in a second they
 * are counted together. Thread-safe.
 */
public final class AuthFailures {
  private static final Logger LOG = LoggerFactory.getLogger(AuthFailures.class);
  private static final int MAX_KINDS = 1_000;
  private static final String OTHERS = "others";

  /** What is counted together; project and key only if the key was known once. */
  private record Kind(
      String source, String detail, @Nullable String project, @Nullable String key) {}

  private final Journal journal;
  private final LongSupplier clock;
  private final Map<Kind, Long> pending = new LinkedHashMap<>();

  /** Journals into that journal, with times of that clock (UTC milliseconds). */
  public AuthFailures(Journal journal, LongSupplier clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /** Counts one. Never blocks. */
  public void count(String source, String detail) {
    count(new Kind(source, detail, null, null));
  }

  /** Counts one with a key that was known once, of that project. Never blocks. */
  public void count(String source, String detail, String project, String key) {
    count(new Kind(source, detail, project, key));
  }

  private synchronized void count(Kind kind) {
    boolean room = pending.size() < MAX_KINDS || pending.containsKey(kind);
    Kind counted = room ? kind : new Kind(OTHERS, kind.detail(), null, null);
    pending.merge(counted, 1L, Long::sum);
  }

  /** Journals what was counted; called once a second. */
  public void flush() {
    Map<Kind, Long> taken;
    synchronized (this) {
      if (pending.isEmpty()) {
        return;
      }
      taken = new LinkedHashMap<>(pending);
      pending.clear();
    }
    try {
      taken.forEach(
          (kind, count) ->
              journal.append(
                  clock.getAsLong(),
                  Recorded.GATEWAY,
                  new Event.AuthFailed(
                      kind.source(), kind.detail(), count, kind.project(), kind.key())));
    } catch (JournalRefused e) {
      LOG.warn(
          "refused identities from {} sources could not be journaled: {}",
          taken.size(),
          e.getMessage());
    }
  }
}
