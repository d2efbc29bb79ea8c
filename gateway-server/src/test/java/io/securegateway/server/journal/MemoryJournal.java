package io.securegateway.server.journal;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** The simplest journal that keeps the contract, but for surviving its process. */
final class MemoryJournal implements Journal {
  private final List<Recorded> events;
  private boolean closed;

  /** Over a list that may be read while it grows. */
  MemoryJournal(List<Recorded> events) {
    this.events = events;
  }

  @Override
  public synchronized Appended append(long time, String project, Event event) {
    if (closed) {
      throw new JournalRefused("The journal is closed.");
    }
    Recorded recorded = new Recorded(events.size() + 1L, time, project, event);
    events.add(recorded);
    notifyAll();
    return new Appended(recorded, CompletableFuture.completedFuture(null));
  }

  @Override
  public void scan(long fromSeq, Predicate<Recorded> visitor) {
    for (int i = (int) Math.max(0, fromSeq - 1), end = events.size(); i < end; i++) {
      if (!visitor.test(events.get(i))) {
        return;
      }
    }
  }

  @Override
  public synchronized List<Recorded> after(long seq, int most, long millis)
      throws InterruptedException {
    if (events.size() <= seq && millis > 0) {
      wait(millis);
    }
    return events.stream().skip(seq).limit(most).toList();
  }

  @Override
  public long durableSeq() {
    return events.size();
  }

  @Override
  public synchronized Health health() {
    return closed ? new Health(false, "The journal is closed.") : new Health(true, "");
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
