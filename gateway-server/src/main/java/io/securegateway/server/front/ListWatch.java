package io.securegateway.server.front;

import io.securegateway.api.Caller;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.project.Catalogue;
import io.securegateway.server.project.InForce;
import io.securegateway.server.upstream.Catalogues;
import io.securegateway.server.upstream.UpstreamSettings;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells clients that listen when the tools that they may know of are others than before, whether a
 * server, a policy or a schema changed, and when a server says so of its prompts or resources:
 * sessions on their streams, clients without on those of {@code subscriptions/listen}. Nobody hears
 * of changes that are none of theirs. Thread-safe.
 */
public final class ListWatch {
  private static final int MOST_OF_A_KEY = 100;
  private static final String TOOLS = "toolsListChanged";
  private static final String PROMPTS = "promptsListChanged";
  private static final String RESOURCES = "resourcesListChanged";

  private final McpSessions sessions;
  private final ToolList list;
  private final Supplier<InForce> inForce;
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

  /** Over the sessions and what lists are made of. */
  public ListWatch(
      McpSessions sessions, Catalogue tools, Catalogues catalogues, Supplier<InForce> inForce) {
    this.sessions = sessions;
    this.list = new ToolList(tools, catalogues, inForce);
    this.inForce = inForce;
  }

  /** Decides which resources a client may hear of, and has their servers tell it. */
  interface Resources {
    /**
     * Those of the addresses that are granted; never fails, and completes on the turn's loop.
     *
     * @param told hears of any of the addresses, also before it is granted, until the turn's client
     *     leaves
     */
    Future<List<String>> hear(
        Turn turn, List<String> addresses, Consumer<Message.Notification> told);
  }

  /**
   * A server took a session's subscription, which was decided before: it counts if the policy in
   * force by now could let it be made.
   */
  void granted(McpSession session, String uri) {
    if (mayHearOf(session.caller()).test(uri)) {
      session.granted(uri);
    }
  }

  /** A session's stream was opened. */
  void listens(McpSession session) {
    Thread.startVirtualThread(() -> session.sees(list.digest(session.caller())));
  }

  /**
   * A client without sessions wants to hear of changes, until it closes the stream. Of what it asks
   * for, changed lists are granted that it could ever use, and resources as they are decided; the
   * acknowledgement says so.
   */
  void listen(Turn turn, Resources resources) {
    JsonNode wanted = turn.params().path("notifications");
    Optional<String> problem = Listener.problem(wanted);
    if (problem.isPresent()) {
      turn.answering().error(RpcCode.INVALID_PARAMS, problem.get());
      return;
    }
    if (own(turn) >= MOST_OF_A_KEY) {
      turn.answering()
          .error(
              RpcCode.INVALID_PARAMS,
              "The key listens on " + MOST_OF_A_KEY + " streams already; close some first.");
      return;
    }
    Listener listener = new Listener(turn, sessions.keyOf(turn.caller()));
    listeners.add(listener);
    turn.departure().onGone(() -> listeners.remove(listener));
    resources
        .hear(turn, listener.addresses(), listener::updated)
        .onSuccess(granted -> acknowledge(listener, granted));
  }

  private void acknowledge(Listener listener, List<String> decided) {
    Turn turn = listener.turn();
    List<String> resources = decided.stream().filter(mayHearOf(turn.caller())).toList();
    ObjectNode granted = JsonNodeFactory.instance.objectNode();
    ObjectNode notifications = granted.putObject("notifications");
    for (String list : List.of(TOOLS, PROMPTS, RESOURCES)) {
      if (listener.wants(list) && mayHear(turn.caller(), list)) {
        notifications.put(list, true);
      }
    }
    if (!resources.isEmpty()) {
      resources.forEach(notifications.putArray(Listener.ADDRESSES)::add);
    }
    listener.acknowledge(granted, resources);
    if (listener.wants(TOOLS)) {
      Thread.startVirtualThread(() -> listener.sees(list.digest(turn.caller())));
    }
  }

  /** Whether it could ever read what that list holds. */
  private boolean mayHear(Caller caller, String list) {
    return switch (list) {
      case PROMPTS -> this.list.reaches(caller, Method.PROMPTS_GET.text());
      case RESOURCES -> this.list.reaches(caller, Method.RESOURCES_READ.text());
      default -> true;
    };
  }

  /** Of which resources it could ever hear, by their addresses. */
  private Predicate<String> mayHearOf(Caller caller) {
    Predicate<ObjectNode> could = list.calls(caller, Method.SUBSCRIBE.text());
    return uri -> could.test(nothing().put("uri", uri));
  }

  private long own(Turn turn) {
    return listeners.stream()
        .filter(
            one ->
                one.turn().caller().key().equals(turn.caller().key())
                    && one.turn().project().equals(turn.project()))
        .count();
  }

  /**
   * Ends the sessions and streams of keys that open nothing any more: that are gone, others under
   * the same id, revoked or expired. On no loop.
   */
  public void endOfGoneKeys() {
    sessions.endOfGoneKeys();
    for (Listener listener : listeners) {
      if (sessions.isGone(listener.turn().caller(), listener.key())) {
        listeners.remove(listener);
        listener.end();
      }
    }
  }

  /**
   * Something changed; looks at every client that listens. Resources that policy can never let it
   * subscribe to any more are told no longer. Takes its time: on no loop.
   */
  public void review() {
    endOfGoneKeys();
    for (McpSession session : sessions.all()) {
      if (session.hearsOfResources()) {
        session.keep(mayHearOf(session.caller()));
      }
    }
    for (Listener listener : listeners) {
      listener.keep(mayHearOf(listener.turn().caller()));
    }
    for (McpSession session : sessions.listening()) {
      if (session.sees(list.digest(session.caller()))) {
        session.stream().send(Message.Notification.of(Method.TOOLS_CHANGED, nothing()).tree());
      }
    }
    for (Listener listener : listeners) {
      if (listener.wants(TOOLS) && listener.sees(list.digest(listener.turn().caller()))) {
        listener.tell(Method.TOOLS_CHANGED, nothing());
      }
    }
  }

  /**
   * A server says that its prompts or resources are others ({@code method} is its notification):
   * those hear of it whose project has the server, and who could ever read of them.
   */
  public void changed(UpstreamSettings upstream, Method method) {
    String list = method == Method.PROMPTS_CHANGED ? PROMPTS : RESOURCES;
    for (McpSession session : sessions.listening()) {
      if (concerns(session.caller(), upstream, list)) {
        session.stream().send(Message.Notification.of(method, nothing()).tree());
      }
    }
    for (Listener listener : listeners) {
      if (listener.wants(list) && concerns(listener.turn().caller(), upstream, list)) {
        listener.tell(method, nothing());
      }
    }
  }

  private boolean concerns(Caller caller, UpstreamSettings upstream, String list) {
    return inForce.get().upstreams(caller.project()).contains(upstream) && mayHear(caller, list);
  }

  /** The gateway stops: all streams end well. */
  public void hush() {
    sessions.hush();
    for (Listener listener : listeners) {
      Turn turn = listener.turn();
      turn.context().runOnContext(here -> turn.answering().result(nothing()));
    }
  }

  private static ObjectNode nothing() {
    return JsonNodeFactory.instance.objectNode();
  }
}
