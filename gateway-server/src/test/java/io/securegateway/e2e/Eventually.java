package io.securegateway.e2e;

import java.util.concurrent.Callable;

/** Waits for what happens soon, however slow the machine is. */
final class Eventually {
  private static final long PATIENCE_SECONDS = 60;

  private Eventually() {}

  /** Returns once the condition holds; fails after a minute, saying what was awaited. */
  static void holds(String what, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000;
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not happen within a minute: " + what);
      }
      Thread.sleep(20);
    }
  }
}
