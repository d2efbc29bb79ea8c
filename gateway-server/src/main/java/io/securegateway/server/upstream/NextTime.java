package io.securegateway.server.upstream;

import io.vertx.core.Vertx;

/**
 * When something is done next: at the soonest of the times that were asked for. Used on one loop
 * only, which is also the one that it is done on.
 */
final class NextTime {
  private final Vertx vertx;
  private final Runnable task;
  private long timer = -1;
  private long due;

  NextTime(Vertx vertx, Runnable task) {
    this.vertx = vertx;
    this.task = task;
  }

  /** After so many milliseconds, unless it is done sooner. */
  void in(long millis) {
    long wait = Math.max(1, millis);
    long at = System.nanoTime() / 1_000_000 + wait;
    if (timer >= 0 && due <= at) {
      return;
    }
    vertx.cancelTimer(timer);
    due = at;
    timer =
        vertx.setTimer(
            wait,
            fired -> {
              timer = -1;
              task.run();
            });
  }
}
