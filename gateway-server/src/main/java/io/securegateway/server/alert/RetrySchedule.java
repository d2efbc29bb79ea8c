package io.securegateway.server.alert;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** When a message is tried again, and when no more. */
final class RetrySchedule {
  private static final int REFUSALS = 3;
  private static final Duration REFUSED_WAIT = Duration.ofMinutes(5);

  private RetrySchedule() {}

  /** How long until the next try; null if there is none. */
  static @Nullable Duration wait(List<Duration> retries, int attempt, SendResult result) {
    return switch (result.kind()) {
      case DELIVERED, GONE -> null;
      case REFUSED ->
          attempt >= REFUSALS || attempt > retries.size()
              ? null
              : shorter(retries.getLast(), REFUSED_WAIT);
      case RETRY -> {
        Duration asked = result.pause();
        if (attempt > retries.size()) {
          yield null;
        }
        Duration own = jittered(retries.get(attempt - 1));
        yield asked != null && asked.compareTo(own) > 0 ? asked : own;
      }
    };
  }

  /** The shorter of two. */
  static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Up to a fifth longer, so that not everything comes back at once. */
  private static Duration jittered(Duration wait) {
    long millis = wait.toMillis();
    return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 5 + 1));
  }
}
