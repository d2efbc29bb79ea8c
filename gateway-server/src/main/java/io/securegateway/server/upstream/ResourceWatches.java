package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.server.mcp.Method;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the clients of one server without sessions want to hear of its resources: such a server is
 * not asked to remember, but listened to, for each client on a stream of its own; no key has more
 * than three quarters of them. Used on the upstream's loop only.
 */
final class ResourceWatches {
  private static final int MOST = 512;
  private static final int MOST_OF_A_KEY = 384;

  private final Vertx vertx;
  private final Duration deadline;
  private final Map<String, Own> watches = new HashMap<>();

  private record Own(String principal, ResourceWatch watch) {}

  ResourceWatches(Vertx vertx, Duration deadline) {
    this.vertx = vertx;
    this.deadline = deadline;
  }

  /**
   * Does what a request to subscribe or to unsubscribe wants; never fails.
   *
   * @param server that conversation of it which the client is in
   */
  Future<Answer> ask(McpClient server, Client client, Errand errand) {
    String address = errand.params().path("uri").asString("");
    String name = client.conversation();
    Own known = watches.get(name);
    if (errand.method() == Method.UNSUBSCRIBE) {
      if (known != null && known.watch().leave(address)) {
        watches.remove(name);
      }
      return Future.succeededFuture(ResourceWatch.done());
    }
    if (known == null) {
      String principal = client.principal();
      if (watches.size() >= MOST || of(principal) >= MOST_OF_A_KEY) {
        return Future.succeededFuture(Answer.Nothing.unsent(Reason.UPSTREAM_BUSY));
      }
      known = new Own(principal, new ResourceWatch(vertx, deadline, server, client.beside()));
      watches.put(name, known);
    }
    return known.watch().join(address);
  }

  private long of(String principal) {
    return watches.values().stream().filter(one -> one.principal().equals(principal)).count();
  }

  void end(String conversation) {
    Own known = watches.remove(conversation);
    if (known != null) {
      known.watch().close();
    }
  }

  void close() {
    List.copyOf(watches.keySet()).forEach(this::end);
  }
}
