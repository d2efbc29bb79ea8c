package io.securegateway.server.upstream;

/**
 * How much of what a server says unasked is listened to: some at once, then so many a second. What
 * is beyond that is left out, so that a flood costs the gateway and its clients little. Used on the
 * upstream's loop only.
 */
final class Ration {
  private static final double NANOS = 1e9;

  private final double most;
  private final double perSecond;
  private double left;
  private long last = System.nanoTime();

  /**
   * @param most at once
   * @param perSecond how fast there is more again
   */
  Ration(int most, double perSecond) {
    this.most = most;
    this.perSecond = perSecond;
    this.left = most;
  }

  /** Whether there is one more. */
  boolean take() {
    long now = System.nanoTime();
    left = Math.min(most, left + (now - last) / NANOS * perSecond);
    last = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
