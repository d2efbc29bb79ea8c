package io.securegateway.server;

import io.securegateway.server.ingress.Exchange;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the requests that are not answered yet. Thread-safe. */
final class UnderWay {
  private final AtomicInteger count = new AtomicInteger();

  void track(Exchange exchange) {
    count.incrementAndGet();
    exchange.onEnd(count::decrementAndGet);
  }

  /** Waits until there are none, at most so long. */
  void await(long seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (count.get() > 0 && System.nanoTime() < end) {
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
