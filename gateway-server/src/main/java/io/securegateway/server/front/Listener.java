package io.securegateway.server.front;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One {@code subscriptions/listen} of a client without sessions (MCP 2026-07-28, "Subscriptions").
 * It hears nothing before its acknowledgement, and all under the id of its request. Thread-safe.
 */
final class Listener {
  /** The member that names single resources. */
  static final String ADDRESSES = "resourceSubscriptions";

  private static final int MOST_ADDRESSES = 100;

  private final Turn turn;
  private final String key;
  private String seen = "";
  private final Map<String, ObjectNode> early = new HashMap<>();
  private final Set<String> heard = new HashSet<>();
  private boolean acknowledged;

  /** {@code key}: the one that opened it, as its hash. */
  Listener(Turn turn, String key) {
    this.turn = turn;
    this.key = key;
  }

  /** What is wrong with what is asked for. */
  static Optional<String> problem(JsonNode notifications) {
    JsonNode addresses = notifications.path(ADDRESSES);
    if (!notifications.isObject()) {
      return Optional.of("params.notifications must be an object.");
    }
    if (!addresses.isMissingNode() && !addresses.isArray()) {
      return Optional.of("params.notifications." + ADDRESSES + " must be a list of URIs.");
    }
    if (addresses.size() > MOST_ADDRESSES) {
      return Optional.of(
          "params.notifications."
              + ADDRESSES
              + " has more than "
              + MOST_ADDRESSES
              + " URIs; listen on several streams.");
    }
    return addresses.valueStream().allMatch(JsonNode::isString)
        ? Optional.empty()
        : Optional.of("params.notifications." + ADDRESSES + " must hold strings only.");
  }

  Turn turn() {
    return turn;
  }

  String key() {
    return key;
  }

  /** Its key opens nothing any more. From any thread. */
  void end() {
    turn.context()
        .runOnContext(
            here -> {
              turn.answering()
                  .error(RpcCode.SERVER_ERROR, "The key of this stream opens nothing any more.");
              turn.departure().leave();
            });
  }

  /** From here on it hears of those resources only, of those that it may. From any thread. */
  void keep(Predicate<String> mayHear) {
    turn.context().runOnContext(here -> heard.removeIf(uri -> !mayHear.test(uri)));
  }

  boolean wants(String list) {
    return turn.params().path("notifications").path(list).asBoolean(false);
  }

  /** The resources that it asks for, each once. */
  List<String> addresses() {
    List<String> addresses = new ArrayList<>();
    turn.params()
        .path("notifications")
        .path(ADDRESSES)
        .forEach(address -> addresses.add(address.asString("")));
    return addresses.stream().distinct().toList();
  }

  /** From here on its list is that one. Whether it was another one before. */
  synchronized boolean sees(String digest) {
    boolean other = !seen.equals(digest);
    seen = digest;
    return other;
  }

  /**
   * The first message: what it will hear of; then what came of those resources in the meantime. On
   * the turn's loop.
   */
  void acknowledge(ObjectNode granted, List<String> resources) {
    acknowledged = true;
    heard.addAll(resources);
    send(Method.LISTENING, granted);
    early.keySet().retainAll(heard);
    early.values().forEach(params -> send(Method.RESOURCE_UPDATED, params));
    early.clear();
  }

  /** Tells it something, from any thread. */
  void tell(Method method, ObjectNode params) {
    turn.context()
        .runOnContext(
            here -> {
              if (acknowledged) {
                send(method, params);
              }
            });
  }

  /**
   * A server says that a resource is another, one of those that it asked for. From any thread; what
   * comes before the acknowledgement waits for it, the last of each resource.
   */
  void updated(Message.Notification told) {
    ObjectNode params = told.params().deepCopy();
    String address = params.path("uri").asString("");
    turn.context()
        .runOnContext(
            here -> {
              if (!acknowledged) {
                early.put(address, params);
              } else if (heard.contains(address)) {
                send(Method.RESOURCE_UPDATED, params);
              }
            });
  }

  private void send(Method method, ObjectNode params) {
    ObjectNode meta =
        params.path(Meta.META) instanceof ObjectNode found ? found : params.putObject(Meta.META);
    meta.set(Meta.SUBSCRIPTION, turn.request().id());
    turn.answering().tell(Message.Notification.of(method, params));
  }
}
