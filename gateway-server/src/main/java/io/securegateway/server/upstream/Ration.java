package io.securegateway.server.upstream;

/**
 * How much of what a server says is listened to: some at once, then so many a second. What is
 * beyond that is left out, so that a flood costs the gateway and its clients little. Used on the
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
    return take(1);
  }

  /** Whether there are so many more; if not, none is taken. */
  boolean take(long many) {
    long now = System.nanoTime();
    left = Math.min(most, left + (now - last) / NANOS * perSecond);
    last = now;
    if (left < many) {
      return false;
    }
    left -= many;
    return true;
  }
}
