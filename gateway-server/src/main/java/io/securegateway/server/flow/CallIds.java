package io.securegateway.server.flow;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids of calls: {@code c}, the time in hex, an instance's random part, a counter. Unique over
 * restarts, sortable by time within an instance. Thread-safe.
 */
final class CallIds {
  private final String instance;
  private final AtomicLong counter = new AtomicLong();

  CallIds() {
    instance = "%08x".formatted(new SecureRandom().nextInt());
  }

  String next(long time) {
    return "c" + hex(time, 11) + instance + hex(counter.incrementAndGet(), 8);
  }

  private static String hex(long value, int digits) {
    String text = Long.toHexString(value);
    return text.length() >= digits ? text : "0".repeat(digits - text.length()) + text;
  }
}
