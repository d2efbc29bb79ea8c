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
 * not asked to remember, but listened to, for each client on a stream of its own. Used on the
 * upstream's loop only.
 */
final class ResourceWatches {
  private static final int MOST = 512;

  private final Vertx vertx;
  private final Duration deadline;
  private final McpClient server;
  private final Map<String, ResourceWatch> watches = new HashMap<>();

  ResourceWatches(Vertx vertx, Duration deadline, McpClient server) {
    this.vertx = vertx;
    this.deadline = deadline;
    this.server = server;
  }

  /** Does what a request to subscribe or to unsubscribe wants; never fails. */
  Future<Answer> ask(Client client, Errand errand) {
    String address = errand.params().path("uri").asString("");
    String name = client.conversation();
    ResourceWatch known = watches.get(name);
    if (errand.method() == Method.UNSUBSCRIBE) {
      if (known != null && known.leave(address)) {
        watches.remove(name);
      }
      return Future.succeededFuture(ResourceWatch.done());
    }
    if (known == null) {
      if (watches.size() >= MOST) {
        return Future.succeededFuture(Answer.Nothing.unsent(Reason.UPSTREAM_BUSY));
      }
      known = new ResourceWatch(vertx, deadline, server, client.beside());
      watches.put(name, known);
    }
    return known.join(address);
  }

  void end(String conversation) {
    ResourceWatch known = watches.remove(conversation);
    if (known != null) {
      known.close();
    }
  }

  void close() {
    List.copyOf(watches.keySet()).forEach(this::end);
  }
}
