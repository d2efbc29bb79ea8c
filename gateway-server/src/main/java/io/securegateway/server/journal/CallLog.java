package io.securegateway.server.journal;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The journal as rows of calls and as sessions. Reads the journal itself; blocks on I/O.
 * Thread-safe.
 */
public final class CallLog {
  private final Scan scan;

  /** Something whose events can be visited in order. */
  @FunctionalInterface
  public interface Scan {
    /** From that {@code seq} on, until the visitor answers false. */
    void from(long seq, java.util.function.Predicate<Recorded> visitor);
  }

  /** Over events. */
  public CallLog(Scan scan) {
    this.scan = scan;
  }

  /** A page of rows, newest first; {@code next} is the cursor of the following page. */
  public record Page(List<CallRow> rows, Optional<Long> next) {}

  /** The newest rows that fit, older than the cursor if there is one. */
  public Page page(LogFilter filter, Optional<Long> before, int most) {
    Deque<CallRow> newest = new ArrayDeque<>(most + 1);
    each(
        filter,
        row -> {
          if (before.isEmpty() || row.seq() < before.get()) {
            newest.add(row);
            if (newest.size() > most + 1) {
              newest.remove();
            }
          }
        });
    List<CallRow> rows = new ArrayList<>(newest);
    Collections.reverse(rows);
    boolean more = rows.size() > most;
    List<CallRow> page = List.copyOf(more ? rows.subList(0, most) : rows);
    return new Page(page, more ? Optional.of(page.get(most - 1).seq()) : Optional.empty());
  }

  /** Every row that fits, oldest first. */
  public void each(LogFilter filter, Consumer<CallRow> rows) {
    CallRows joined =
        new CallRows(
            row -> {
              if (filter.fits(row)) {
                rows.accept(row);
              }
              return true;
            });
    scan.from(1, recorded -> !filter.mayFit(recorded) || joined.take(recorded));
    joined.end();
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
