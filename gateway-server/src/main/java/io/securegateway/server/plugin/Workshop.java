package io.securegateway.server.plugin;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where worker processes are started and their time is watched. Thread-safe.
 *
 * <p>All are started by one thread that lives as long as this object: a worker asks the kernel to
 * end it together with the <em>thread</em> that started it, so one that was started by a passing
 * thread would be killed for no reason. What runs by the clock here must be short: loading a plugin
 * waits for its own deadline and belongs elsewhere.
 */
final class Workshop implements AutoCloseable {
  private final ExecutorService starter =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("plugin-start").factory());
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          2, Thread.ofPlatform().daemon().name("plugin-watch-", 0).factory());

  Workshop() {
    clock.setRemoveOnCancelPolicy(true);
    clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  /**
   * Starts a process.
   *
   * @throws IOException if it cannot be started, or everything is being stopped
   */
  Process start(ProcessBuilder builder) throws IOException {
    try {
      return starter.submit(builder::start).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (RejectedExecutionException e) {
      throw new IOException("the gateway is being stopped", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Does something short later. */
  ScheduledFuture<?> later(Duration wait, Runnable task) {
    return clock.schedule(task, wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does something short again and again. */
  ScheduledFuture<?> every(Duration pause, Runnable task) {
    return clock.scheduleWithFixedDelay(
        task, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends the clock and, with their thread, all processes. */
  @Override
  public void close() {
    clock.shutdownNow();
    starter.shutdownNow();
  }
}
