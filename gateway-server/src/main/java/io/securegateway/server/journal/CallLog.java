package io.securegateway.server.journal;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The journal as rows of calls and as sessions. Reads the journal itself; blocks on I/O.
 * Thread-safe.
 */
public final class CallLog {
  private static final long WINDOW = 20_000;

  private final Scan scan;
  private final LongSupplier end;

  /** Something whose events can be visited in order. */
  @FunctionalInterface
  public interface Scan {
    /** From that {@code seq} on, until the visitor answers false. */
    void from(long seq, java.util.function.Predicate<Recorded> visitor);
  }

  /** Over events, all of which are read for every page. */
  public CallLog(Scan scan) {
    this(scan, () -> WINDOW);
  }

  /**
   * Over events whose last {@code seq} is known, so that a page of newest rows reads the end only.
   *
   * @param end the last {@code seq}
   */
  public CallLog(Scan scan, LongSupplier end) {
    this.scan = scan;
    this.end = end;
  }

  /** A page of rows, newest first; {@code next} is the cursor of the following page. */
  public record Page(List<CallRow> rows, Optional<Long> next) {}

  /**
   * The newest rows that fit, older than the cursor if there is one. Reads backwards, in windows
   * that double, until the page is full.
   */
  public Page page(LogFilter filter, Optional<Long> before, int most) {
    Deque<CallRow> newest = new ArrayDeque<>();
    long to = before.map(seq -> seq - 1).orElse(Long.MAX_VALUE);
    long last = Math.min(to, end.getAsLong());
    for (long size = WINDOW; to > 0 && newest.size() <= most; size *= 2) {
      long from = Math.max(1, last - size + 1);
      Deque<CallRow> window = new ArrayDeque<>();
      each(
          filter,
          from,
          to,
          row -> {
            window.add(row);
            if (window.size() > most + 1) {
              window.remove();
            }
          });
      while (!window.isEmpty() && newest.size() <= most) {
        newest.add(window.removeLast());
      }
      to = from - 1;
      last = to;
    }
    List<CallRow> rows = new ArrayList<>(newest);
    boolean more = rows.size() > most;
    List<CallRow> page = List.copyOf(more ? rows.subList(0, most) : rows);
    return new Page(page, more ? Optional.of(page.get(most - 1).seq()) : Optional.empty());
  }

  /** Rows of decisions from one {@code seq} to another; reads on until each has its end. */
  private void each(LogFilter filter, long from, long to, Consumer<CallRow> rows) {
    CallRows joined =
        new CallRows(
            row -> {
              if (filter.fits(row)) {
                rows.accept(row);
              }
              return true;
            });
    scan.from(
        from,
        recorded -> {
          boolean behind = recorded.seq() > to;
          if (filter.mayFit(recorded)
              && !(behind && recorded.event() instanceof Event.CallDecided)) {
            joined.take(recorded);
          }
          return !(behind && joined.isSettled());
        });
    joined.end();
  }

  /** Every row that fits, oldest first. */
  public void each(LogFilter filter, Consumer<CallRow> rows) {
    each(filter, 1, Long.MAX_VALUE, rows);
  }

  /** The sessions of calls that fit, newest first. */
  public List<SessionSummary> sessions(LogFilter filter, int most) {
    Map<String, SessionSummary> byUid = new LinkedHashMap<>();
    each(
        filter,
        row ->
            byUid.merge(
                row.project() + "/" + row.uid(), SessionSummary.of(row), SessionSummary::and));
    List<SessionSummary> all = new ArrayList<>(byUid.values());
    all.sort(java.util.Comparator.comparingLong(SessionSummary::lastTime).reversed());
    return List.copyOf(all.subList(0, Math.min(most, all.size())));
  }

  /** The prompts of a session, oldest first. */
  public List<String> prompts(String project, String uid) {
    List<String> prompts = new ArrayList<>();
    scan.from(
        1,
        recorded -> {
          if (recorded.project().equals(project)
              && recorded.event() instanceof Event.PromptRecorded prompt
              && prompt.uid().equals(uid)) {
            prompts.add(prompt.prompt());
          }
          return true;
        });
    return prompts;
  }
}
