package io.securegateway.server.journal;

import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of calls as they happen, behind the durable end of the journal. One for each who looks
 * on; used by one thread, which blocks.
 *
 * <p>A call that goes on to its tool is given twice: as pending when it is decided, and again,
 * under the same {@code trace_id}, when it has ended.
 */
public final class LogTail {
  private static final int MOST = 500;
  private static final long BEHIND = 5_000;

  private final Journal journal;
  private final CallRows joined;
  private final List<CallRow> rows = new ArrayList<>();
  private long at;
  private boolean silent;

  /**
   * Begins behind that {@code seq}; calls that were under way then are known if they began not too
   * long before.
   */
  public LogTail(Journal journal, LogFilter filter, long seq) throws InterruptedException {
    this.journal = journal;
    this.joined =
        CallRows.live(
            row -> {
              if (!silent && filter.shows(row)) {
                rows.add(row);
              }
              return true;
            });
    at = Math.max(0, seq - BEHIND);
    silent = true;
    while (at < seq) {
      take(journal.after(at, (int) Math.min(MOST, seq - at), 0));
    }
    silent = false;
  }

  /** Rows that are new, waiting at most so many milliseconds for the first; often none. */
  public List<CallRow> next(long millis) throws InterruptedException {
    rows.clear();
    take(journal.after(at, MOST, millis));
    return List.copyOf(rows);
  }

  private void take(List<Recorded> events) {
    for (Recorded recorded : events) {
      joined.take(recorded);
      at = recorded.seq();
    }
  }

  /** The {@code seq} up to which rows were given. */
  public long position() {
    return at;
  }
}
