package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Alert;
import io.securegateway.core.anomaly.AlertBook;
import io.securegateway.core.anomaly.AnomalySettings;
import io.securegateway.core.anomaly.Delivery;
import io.securegateway.core.anomaly.Hit;
import io.securegateway.core.anomaly.Severity;
import io.securegateway.core.anomaly.Windows;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.JournalRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the durable events of the journal on a thread of its own. What it finds it journals as
 * alerts; alerts count once they come back durable. {@code kill -9} loses none: what was found
 * before and not yet journaled is found again, under the same id.
 *
 * <p>Thread-safe.
 */
public final class AlertDesk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertDesk.class);
  private static final int MOST = 2_000;
  private static final long WAIT_MILLIS = 250;
  private static final long SNAPSHOT_EVENTS = 20_000;

  private final Journal journal;
  private final Benches benches;
  private final LongSupplier clock;
  private final Function<String, AnomalySettings> settings;
  private final AlertStore store;
  private final AlertBook book = new AlertBook();
  private final Windows windows;
  private final Raising raising;
  private final Thread follower;
  private Runnable changed = () -> {};
  private final long caughtUpAt;
  private long position;
  private long saved;
  private volatile boolean closing;

  /**
   * Takes up where the newest snapshot ends.
   *
   * @param directory of snapshots
   * @param clock UTC milliseconds
   * @param settings how a project is watched
   * @param sinks names of those who are told of an alert of that project and severity
   */
  public AlertDesk(
      Path directory,
      Journal journal,
      Benches benches,
      LongSupplier clock,
      Function<String, AnomalySettings> settings,
      BiFunction<String, Severity, List<String>> sinks)
      throws IOException {
    this.journal = journal;
    this.benches = benches;
    this.clock = clock;
    this.settings = settings;
    this.store = new AlertStore(directory);
    this.windows = new Windows(settings);
    this.raising =
        new Raising(
            book, project -> detector -> settings.apply(project).of(detector).severity(), sinks);
    this.position = store.load(journal.durableSeq(), windows, book);
    this.saved = position;
    this.caughtUpAt = journal.durableSeq();
    this.follower = Thread.ofPlatform().name("alerts").daemon().unstarted(this::run);
  }

  /** Begins to follow; {@code changed} is called when a delivery may be due. */
  public void start(Runnable changed) {
    this.changed = changed;
    follower.start();
  }

  private void run() {
    while (!closing) {
      try {
        follow();
      } catch (InterruptedException e) {
        return;
      } catch (JournalRefused e) {
        LOG.debug("the journal takes no alerts now: {}", e.getMessage());
        pause();
      } catch (RuntimeException e) {
        LOG.error("the alerts lost the journal's thread and take it up again", e);
        pause();
      }
    }
  }

  private void follow() throws InterruptedException {
    List<Recorded> events = journal.after(at(), MOST, WAIT_MILLIS);
    synchronized (this) {
      for (Recorded recorded : events) {
        book.take(recorded);
        raising.known(recorded);
        for (Hit hit : windows.take(recorded)) {
          raising.take(hit);
        }
        position = recorded.seq();
      }
      if (position >= caughtUpAt) {
        raise();
      }
      if (position - saved >= SNAPSHOT_EVENTS && raising.isSettled()) {
        save();
      }
    }
    changed.run();
  }

  /** Only once everything that was durable at start has been read: it may have been said. */
  private void raise() {
    long now = clock.getAsLong();
    for (Raising.Wanted wanted : raising.wanted(now)) {
      record(wanted.project(), wanted.event());
    }
    for (Alert alert : book.unresolved()) {
      long quiet = settings.apply(alert.project()).quiet();
      if (now - alert.lastSeen() >= quiet && !raising.concerns(alert)) {
        record(alert.project(), new Event.AlertResolved(alert.id()));
      }
    }
  }

  /**
   * Journals an event of alerts in the project's order.
   *
   * @throws JournalRefused if the journal takes nothing now
   */
  CompletionStage<Void> record(String project, Event event) {
    Optional<Bench> bench = benches.of(project);
    return bench.isPresent()
        ? bench.get().record(event).durable()
        : journal.append(clock.getAsLong(), Recorded.GATEWAY, event).durable();
  }

  /**
   * Journals what a person did to an alert and waits until it is on the disk.
   *
   * @throws JournalRefused if that cannot be now
   */
  public void journal(String project, Event event) {
    try {
      record(project, event).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new JournalRefused(JournalRefused.why(e));
    }
  }

  private synchronized long at() {
    return position;
  }

  private void save() {
    store.save(position, windows, book);
    saved = position;
  }

  private static void pause() {
    try {
      Thread.sleep(WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether everything that was durable at the start has been read, so that lists are whole. */
  public boolean isCaughtUp() {
    return at() >= caughtUpAt;
  }

  /** All alerts that are known, oldest first. */
  public synchronized List<Alert> alerts() {
    return book.alerts();
  }

  /** An alert. */
  public synchronized Optional<Alert> alert(String id) {
    return book.alert(id);
  }

  /** All deliveries that are known, oldest first. */
  public synchronized List<Delivery> deliveries() {
    return book.deliveries();
  }

  /** A delivery. */
  public synchronized Optional<Delivery> delivery(String id) {
    return book.delivery(id);
  }

  /** What a sink still has to get, the most urgent first. */
  synchronized List<Delivery> pending(String sink) {
    return book.pending(sink);
  }

  /** Stops following and leaves a snapshot. */
  @Override
  public void close() {
    closing = true;
    follower.interrupt();
    try {
      follower.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (position != saved && raising.isSettled()) {
        save();
      }
    }
  }
}
