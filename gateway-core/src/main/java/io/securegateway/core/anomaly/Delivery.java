package io.securegateway.core.anomaly;

import io.securegateway.core.policy.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * A message about an alert to one sink. Immutable.
 *
 * @param id the same for every try, also after a restart
 * @param event {@code alert.opened}, {@code alert.updated} or {@code alert.resolved}
 * @param alert the alert as it was when the message was made
 * @param created UTC milliseconds
 * @param attempts tries so far
 * @param nextAttempt earliest time of the next try; null if none will be
 * @param ended when it was delivered or given up
 */
public record Delivery(
    String id,
    String event,
    String sink,
    Alert alert,
    long created,
    State state,
    int attempts,
    @Nullable Integer lastStatus,
    @Nullable String lastError,
    @Nullable Long nextAttempt,
    @Nullable Long ended) {
  /** Where it stands. */
  public enum State {
    PENDING,
    DELIVERED,
    DEAD
  }

  static Delivery fresh(String event, String sink, Alert alert, long time) {
    String id =
        "d-"
            + Sha256.hex(alert.id() + "/" + event + "/" + alert.upTo() + "/" + sink)
                .substring(0, 24);
    return new Delivery(id, event, sink, alert, time, State.PENDING, 0, null, null, time, null);
  }

  Delivery tried(
      State now,
      int times,
      @Nullable Integer status,
      @Nullable String error,
      @Nullable Long next,
      long time) {
    return new Delivery(
        id,
        event,
        sink,
        alert,
        created,
        now,
        times,
        status,
        error,
        next,
        now == State.PENDING ? null : (Long) time);
  }
}
