package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Somebody who offers tools. */
interface ToolUpstream {
  /**
   * Makes the call. The future never fails, and completes on the caller's loop. {@code onGone}
   * takes what is to be done when the caller leaves.
   *
   * @param tool the name on the upstream's own side
   */
  Future<UpstreamAnswer> call(String tool, UpstreamCall call, Consumer<Runnable> onGone);

  /**
   * What the server lists under a method: nothing if it has no such list, what it said last if it
   * cannot be asked. The future never fails, and completes on the caller's loop.
   *
   * @param member of the result that holds the items
   */
  default Future<List<ObjectNode>> list(Method method, String member) {
    return Future.succeededFuture(List.of());
  }

  /** The same, asked in the server's conversation with that client if it keeps one for it. */
  default Future<List<ObjectNode>> list(Method method, String member, Client client) {
    return Future.succeededFuture(List.of());
  }

  /** The same, as it was within the last minute if the server did not say that it changed. */
  default Future<List<ObjectNode>> listedLately(Method method, String member) {
    return Future.succeededFuture(List.of());
  }

  /**
   * The server's own names of the tools that it offers to this very client; empty if they are those
   * that it offers to everybody, or it cannot be asked now. Never fails, and completes on the
   * caller's loop.
   */
  default Future<Optional<Set<String>>> offered(Client client) {
    return Future.succeededFuture(Optional.empty());
  }

  /** Whether the server said that it has the capability, or did not say anything yet. */
  default boolean mayOffer(String capability) {
    return false;
  }

  /** Whether the server says that it tells when what it lists there becomes other. */
  default boolean tellsOfChanged(String capability) {
    return false;
  }

  /** Whether the server said that resources can be subscribed to, or did not say anything yet. */
  default boolean mayTellOfResources() {
    return false;
  }

  /** What the server tells models of itself; empty if nothing, or if it was never met. */
  default String instructions() {
    return "";
  }

  /** That client tells its own conversation something; nothing happens if there is none. */
  default void tell(String conversation, Message.Notification told) {}

  /** That client will not come again: its own conversation ends. */
  default void end(String conversation) {}

  /**
   * Takes no new calls. HTTP calls under way end by their deadlines; a conversation with an MCP
   * server ends at once, and its calls with {@code upstream.broken}.
   */
  void close();
}
