package io.securegateway.server.journal;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Append-only, ordered, durable. Thread-safe.
 *
 * <p>Order: {@link #append} assigns {@code seq}; an event is durable only if every earlier one is.
 *
 * <p>Failure: an event that was taken keeps its place. If it cannot be made durable now, its future
 * fails (so nobody acts on it), and it is written, in order, before anything later once the storage
 * works again. What callers derived from taken events therefore never forks from the journal.
 * Events that end a call ({@code call.released}, {@code call.result}) are taken, up to a bound,
 * even while new ones are refused, so that calls under way can be closed. Callers need not load
 * anything again after a failure; what still waits when the process ends was never acknowledged and
 * is lost.
 */
public interface Journal extends AutoCloseable {

  /**
   * Takes an event into the queue and assigns its place. Never blocks on I/O: callers hold a
   * project's lock.
   *
   * @throws JournalRefused if nothing can be taken now (closed, failed disk, full queue); then
   *     nothing was taken
   */
  Appended append(long time, String project, Event event);

  /**
   * Visits durable events in order, from that {@code seq} on, until the visitor answers false or
   * the end as of the call is reached. Blocks on I/O: never on an event loop.
   */
  void scan(long fromSeq, Predicate<Recorded> visitor);

  /**
   * The durable events behind that {@code seq}, in order, at most so many; if there are none yet,
   * waits for the first, at most so many milliseconds. For those who follow the journal on a thread
   * of their own: the newest events come from memory. Blocks.
   */
  List<Recorded> after(long seq, int most, long millis) throws InterruptedException;

  /** The last durable {@code seq}; 0 if empty. */
  long durableSeq();

  /** Whether appends are taken, and if not, why, in one sentence. */
  Health health();

  /** Writes what is queued, then closes. */
  @Override
  void close();

  /**
   * An event that was taken.
   *
   * @param durable completes, on the journal's thread, when it is on disk; fails with {@link
   *     JournalRefused} if it never will be
   */
  record Appended(Recorded recorded, CompletionStage<Void> durable) {}

  /** Readiness. {@code problem} is empty exactly if ready. */
  record Health(boolean ready, String problem) {}
}
