package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Method;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one server lists besides its tools. While it does not answer, what it said last stands, so
 * that a server that hangs holds up the lists of a project for five seconds at most, and then not
 * again for as long. Used on the upstream's loop only.
 */
final class ServerLists {
  private static final long PATIENCE_MS = 5_000;
  private static final long PAUSE_MS = 5_000;
  private static final long LATELY_MS = 60_000;

  private final Vertx vertx;
  private final McpClient server;
  private final String name;
  private final Map<Method, Known> known = new EnumMap<>(Method.class);
  private long notBefore = now();

  /** {@code isFresh}: the server did not say since that it is another. */
  private record Known(List<ObjectNode> items, long at, boolean isFresh) {}

  ServerLists(Vertx vertx, McpClient server, String name) {
    this.vertx = vertx;
    this.server = server;
    this.name = name;
  }

  /** As it is now; never fails. {@code member} of the result holds the items. */
  Future<List<ObjectNode>> now(Method method, String member) {
    if (now() < notBefore) {
      return Future.succeededFuture(last(method));
    }
    return asked(method, member, server::ask)
        .map(
            said -> {
              if (said.isPresent()) {
                known.put(method, new Known(said.get(), now(), true));
              } else {
                notBefore = now() + PAUSE_MS;
              }
              return last(method);
            });
  }

  /** As one client is told in its own conversation, or as everybody is if it is not told. */
  Future<List<ObjectNode>> now(
      Method method,
      String member,
      BiFunction<Errand, Consumer<Runnable>, Future<Answer>> conversation) {
    return asked(method, member, conversation)
        .compose(
            said ->
                said.map(Future::succeededFuture)
                    .orElseGet(() -> Future.succeededFuture(last(method))));
  }

  /** As it was within the last minute, unless the server said since that it is another. */
  Future<List<ObjectNode>> lately(Method method, String member) {
    Known last = known.get(method);
    return last != null && last.isFresh() && now() - last.at() < LATELY_MS
        ? Future.succeededFuture(last.items())
        : now(method, member);
  }

  /** The server says by this notification that lists are others. */
  void changed(Method notice) {
    known.replaceAll(
        (method, last) ->
            (method == Method.PROMPTS_LIST) == (notice == Method.PROMPTS_CHANGED)
                ? new Known(last.items(), last.at(), false)
                : last);
  }

  private Future<Optional<List<ObjectNode>>> asked(
      Method method,
      String member,
      BiFunction<Errand, Consumer<Runnable>, Future<Answer>> conversation) {
    AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
    long late = vertx.setTimer(PATIENCE_MS, timer -> stop.get().run());
    return new Listing(
            params ->
                conversation.apply(
                    new Errand(method, params, Map.of(), false, null, null, told -> {}), stop::set),
            name,
            member)
        .all()
        .onComplete(done -> vertx.cancelTimer(late));
  }

  private List<ObjectNode> last(Method method) {
    Known last = known.get(method);
    return last == null ? List.of() : last.items();
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }
}
