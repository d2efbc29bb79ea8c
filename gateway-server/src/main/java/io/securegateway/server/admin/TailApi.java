package io.securegateway.server.admin;

import io.securegateway.core.json.StrictJson;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.journal.CallRow;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.LogFilter;
import io.securegateway.server.journal.LogTail;
import io.securegateway.server.journal.RowFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * {@code /api/logs/tail}: the rows of the log as they happen, as server-sent events. {@code
 * Last-Event-ID}, which browsers send on their own, resumes; a comment every 15 s keeps the
 * connection.
 */
public final class TailApi {
  private static final int MOST = 64;
  private static final int MOST_OF_ONE = 16;
  private static final long COMMENT_NANOS = 15_000_000_000L;
  private static final long LOOK_MILLIS = 500;

  private final Journal journal;
  private final BooleanSupplier stopping;
  private final Semaphore seats = new Semaphore(MOST);
  private final Map<String, Integer> taken = new ConcurrentHashMap<>();

  /** {@code stopping}: whether the gateway is closing, which ends every stream. */
  public TailApi(Journal journal, BooleanSupplier stopping) {
    this.journal = journal;
    this.stopping = stopping;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/logs/tail", AdminRole.VIEWER, this::tail).query(LogsApi.FILTERS));
  }

  private Reply tail(AdminRequest request) {
    LogFilter filter = LogsApi.filter(request);
    long from = request.lastEventId().orElse(journal.durableSeq());
    String who = request.admin().name();
    if (taken.merge(who, 1, Integer::sum) > MOST_OF_ONE) {
      leave(who);
      throw new Problem(
          503,
          "tail.full",
          "You have %d live views open already; close one and try again.".formatted(MOST_OF_ONE));
    }
    if (!seats.tryAcquire()) {
      leave(who);
      throw new Problem(
          503, "tail.full", MOST + " live views are open already; close one and try again.");
    }
    return new Reply.Stream("text/event-stream", out -> write(filter, from, who, out));
  }

  private void leave(String who) {
    taken.computeIfPresent(who, (_, open) -> open == 1 ? null : open - 1);
  }

  private void write(LogFilter filter, long from, String who, OutputStream out) throws IOException {
    try {
      send(out, ": the log as it happens\nretry: 2000\n\n");
      LogTail tail = new LogTail(journal, filter, Math.min(from, journal.durableSeq()));
      long spoken = System.nanoTime();
      while (!stopping.getAsBoolean()) {
        List<CallRow> rows = tail.next(LOOK_MILLIS);
        if (!rows.isEmpty()) {
          send(out, events(rows, tail.position()));
          spoken = System.nanoTime();
        } else if (System.nanoTime() - spoken >= COMMENT_NANOS) {
          send(out, ": still here\n\n");
          spoken = System.nanoTime();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      seats.release();
      leave(who);
    }
  }

  private static String events(List<CallRow> rows, long position) {
    StringBuilder text = new StringBuilder();
    for (CallRow row : rows) {
      text.append("data: ").append(StrictJson.text(RowFormat.json(row, false)));
      text.append("\nid: ").append(position).append("\n\n");
    }
    return text.toString();
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
