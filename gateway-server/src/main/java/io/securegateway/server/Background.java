package io.securegateway.server;

import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.flow.Snapshots;
import io.securegateway.server.identity.AuthFailures;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.project.Reloader;
import io.securegateway.server.project.Watch;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens by the clock, never on a call's path: expiry of approvals, reloads, snapshots,
 * counts of refused keys.
 */
final class Background implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Background.class);

  private static final String FILES = "file system";

  private final Benches benches;
  private final AuthFailures failures;
  private final Watch watch;
  private final Reloader reloader;
  private final Snapshots snapshots;
  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().daemon().name("background-", 0).factory());

  /**
   * Loads of plugins, apart since one that hangs takes seconds: one under way and one that waits,
   * which will find whatever changed until it begins.
   */
  private final ExecutorService loads =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(1),
          Thread.ofPlatform().daemon().name("plugin-loads").factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  Background(
      Benches benches, AuthFailures failures, Watch watch, Reloader reloader, Snapshots snapshots) {
    this.benches = benches;
    this.failures = failures;
    this.watch = watch;
    this.reloader = reloader;
    this.snapshots = snapshots;
  }

  /** {@code expiry}: ends what expired keys hold open. */
  void start(Runnable expiry) {
    every(1_000, () -> benches.all().forEach(Bench::expire));
    every(1_000, expiry);
    every(1_000, failures::flush);
    every(500, this::reloadIfChanged);
    every(2_000, snapshots::takeIfDue);
  }

  private void reloadIfChanged() {
    if (watch.changed() || reloader.isOwed()) {
      reloader.files(FILES);
      loads.execute(() -> guarded(() -> reloader.loadPlugins(FILES)));
    }
  }

  private void every(long millis, Runnable task) {
    timer.scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** A task that fails is tried again at its next turn. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (JournalRefused e) {
      LOG.debug("the journal takes nothing now: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a background task failed", e);
    }
  }

  @Override
  public void close() {
    timer.shutdown();
    loads.shutdown();
    try {
      timer.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    failures.flush();
  }
}
