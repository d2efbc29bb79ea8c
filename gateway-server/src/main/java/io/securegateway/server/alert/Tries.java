package io.securegateway.server.alert;

import io.securegateway.core.event.Event;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How tries of all sinks ended since this start. Thread-safe.
 *
 * @param delivered messages that arrived
 * @param failed tries that failed, of messages that are tried again
 * @param dead messages that were given up
 */
record Tries(AtomicLong delivered, AtomicLong failed, AtomicLong dead) {
  Tries() {
    this(new AtomicLong(), new AtomicLong(), new AtomicLong());
  }

  void count(Event.Sent sent) {
    (switch (sent) {
          case DELIVERED -> delivered;
          case RETRY -> failed;
          case DEAD -> dead;
        })
        .incrementAndGet();
  }
}
