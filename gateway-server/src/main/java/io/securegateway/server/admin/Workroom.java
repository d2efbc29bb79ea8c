package io.securegateway.server.admin;

import io.securegateway.server.replay.Watcher;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where work for people is done that keeps a processor busy: on two threads of low priority, so
 * that calls, and what everybody else asks, go first. One piece a person at a time, and none for
 * long. Thread-safe; waits.
 */
final class Workroom {
  private final Duration longest;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2,
          Thread.ofPlatform()
              .daemon()
              .name("workroom-", 0)
              .priority(Thread.MIN_PRIORITY)
              .factory());

  /** What takes longer, waiting included, is ended. */
  Workroom(Duration longest) {
    this.longest = longest;
  }

  /**
   * Does it, and waits for it. The work has to look often whether its thread is interrupted.
   *
   * @throws Problem if that person has something there already, or it took too long
   */
  <T> T run(String person, Callable<T> work) {
    if (!busy.add(person)) {
      throw new Problem(
          429, "simulate.busy", "Another simulation of yours is under way; wait for its answer.");
    }
    Future<T> done = threads.submit(work);
    try {
      return done.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw tooLong();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw tooLong();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Problem problem -> throw problem;
        case Watcher.Cancelled cancelled -> throw tooLong();
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      done.cancel(true);
      busy.remove(person);
    }
  }

  private Problem tooLong() {
    return new Problem(
        503,
        "simulate.too_long",
        "It took longer than %d s; send fewer calls, or use POST /api/replay."
            .formatted(longest.toSeconds()));
  }
}
