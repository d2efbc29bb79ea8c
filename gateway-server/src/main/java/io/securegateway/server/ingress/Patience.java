package io.securegateway.server.ingress;

import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long a connection may go without a whole request head: 30 seconds for the first, 105 for each
 * further one. Against clients that send a header byte now and then, which an idle timeout does not
 * notice. Used on one event loop only.
 */
final class Patience {
  /** How often {@link #sweep} is to be called, in milliseconds. */
  static final long SWEEP_MS = 5_000;

  private static final long FIRST = TimeUnit.SECONDS.toNanos(30);
  private static final long FURTHER = TimeUnit.SECONDS.toNanos(105);
  private static final long SERVING = Long.MAX_VALUE;

  private final Map<HttpConnection, long[]> deadlines = new IdentityHashMap<>();

  void opened(HttpConnection connection, long now) {
    deadlines.put(connection, new long[] {now + FIRST});
  }

  void serving(HttpConnection connection) {
    set(connection, SERVING);
  }

  void answered(HttpConnection connection, long now) {
    set(connection, now + FURTHER);
  }

  void closed(HttpConnection connection) {
    deadlines.remove(connection);
  }

  /**
   * The connections that have kept the gateway waiting too long. Times are {@link System#nanoTime}.
   */
  List<HttpConnection> sweep(long now) {
    List<HttpConnection> late = new ArrayList<>();
    deadlines.forEach(
        (connection, deadline) -> {
          if (deadline[0] != SERVING && now - deadline[0] > 0) {
            late.add(connection);
          }
        });
    return late;
  }

  private void set(HttpConnection connection, long deadline) {
    long[] known = deadlines.get(connection);
    if (known != null) {
      known[0] = deadline;
    }
  }
}
