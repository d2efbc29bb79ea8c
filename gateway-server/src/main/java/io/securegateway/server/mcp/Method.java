package io.securegateway.server.mcp;

import io.securegateway.server.mcp.Revision.Era;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What may be said, by whom, and in which revisions. What is not here is refused. */
public enum Method {
  INITIALIZE("initialize", Kind.REQUEST, From.CLIENT, Wires.SESSION),
  INITIALIZED("notifications/initialized", Kind.NOTIFICATION, From.CLIENT, Wires.SESSION),
  PING("ping", Kind.REQUEST, From.BOTH, Wires.SESSION),
  SET_LEVEL("logging/setLevel", Kind.REQUEST, From.CLIENT, Wires.SESSION),
  DISCOVER("server/discover", Kind.REQUEST, From.CLIENT, Wires.STATELESS),
  TOOLS_LIST("tools/list", Kind.REQUEST, From.CLIENT, Wires.BOTH),
  TOOLS_CALL("tools/call", Kind.REQUEST, From.CLIENT, Wires.BOTH),
  PROMPTS_LIST("prompts/list", Kind.REQUEST, From.CLIENT, Wires.BOTH),
  PROMPTS_GET("prompts/get", Kind.REQUEST, From.CLIENT, Wires.BOTH),
  RESOURCES_LIST("resources/list", Kind.REQUEST, From.CLIENT, Wires.BOTH),
  TEMPLATES_LIST("resources/templates/list", Kind.REQUEST, From.CLIENT, Wires.BOTH),
  RESOURCES_READ("resources/read", Kind.REQUEST, From.CLIENT, Wires.BOTH),
  SUBSCRIBE("resources/subscribe", Kind.REQUEST, From.CLIENT, Wires.SESSION),
  UNSUBSCRIBE("resources/unsubscribe", Kind.REQUEST, From.CLIENT, Wires.SESSION),
  COMPLETE("completion/complete", Kind.REQUEST, From.CLIENT, Wires.BOTH),
  LISTEN("subscriptions/listen", Kind.REQUEST, From.CLIENT, Wires.STATELESS),
  SAMPLING("sampling/createMessage", Kind.REQUEST, From.SERVER, Wires.BOTH),
  ELICITATION("elicitation/create", Kind.REQUEST, From.SERVER, Wires.BOTH),
  ROOTS_LIST("roots/list", Kind.REQUEST, From.SERVER, Wires.BOTH),
  CANCELLED("notifications/cancelled", Kind.NOTIFICATION, From.BOTH, Wires.BOTH),
  PROGRESS("notifications/progress", Kind.NOTIFICATION, From.BOTH, Wires.BOTH),
  LOG("notifications/message", Kind.NOTIFICATION, From.SERVER, Wires.BOTH),
  TOOLS_CHANGED("notifications/tools/list_changed", Kind.NOTIFICATION, From.SERVER, Wires.BOTH),
  PROMPTS_CHANGED("notifications/prompts/list_changed", Kind.NOTIFICATION, From.SERVER, Wires.BOTH),
  RESOURCES_CHANGED(
      "notifications/resources/list_changed", Kind.NOTIFICATION, From.SERVER, Wires.BOTH),
  RESOURCE_UPDATED("notifications/resources/updated", Kind.NOTIFICATION, From.SERVER, Wires.BOTH),
  ROOTS_CHANGED("notifications/roots/list_changed", Kind.NOTIFICATION, From.CLIENT, Wires.SESSION),
  ELICITATION_DONE(
      "notifications/elicitation/complete", Kind.NOTIFICATION, From.SERVER, Wires.NEWEST_SESSION),
  LISTENING(
      "notifications/subscriptions/acknowledged", Kind.NOTIFICATION, From.SERVER, Wires.STATELESS);

  /** Those that are decided like tools, under their own names. */
  public static final List<String> DECIDED =
      Stream.of(
              PROMPTS_GET,
              RESOURCES_READ,
              SUBSCRIBE,
              UNSUBSCRIBE,
              COMPLETE,
              SAMPLING,
              ELICITATION,
              ROOTS_LIST)
          .map(Method::text)
          .toList();

  /** Whether an answer is expected. */
  public enum Kind {
    REQUEST,
    NOTIFICATION
  }

  /** Who may say it. On the stateless wire, servers ask inside of results. */
  public enum From {
    CLIENT,
    SERVER,
    BOTH
  }

  private enum Wires {
    SESSION,
    NEWEST_SESSION,
    STATELESS,
    BOTH
  }

  private static final Map<String, Method> BY_NAME = new HashMap<>();

  static {
    for (Method method : values()) {
      BY_NAME.put(method.text, method);
    }
  }

  private final String text;
  private final Kind kind;
  private final From from;
  private final Wires wires;

  Method(String text, Kind kind, From from, Wires wires) {
    this.text = text;
    this.kind = kind;
    this.from = from;
    this.wires = wires;
  }

  /** As it stands on the wire. */
  public String text() {
    return text;
  }

  /** Request or notification. */
  public Kind kind() {
    return kind;
  }

  /** Who may say it. */
  public From from() {
    return from;
  }

  /** Whether it begins or ends that a session hears of a resource. */
  public boolean isSubscription() {
    return this == SUBSCRIBE || this == UNSUBSCRIBE;
  }

  /** Whether its client may be asked something before the answer (MCP 2026-07-28, "MRTR"). */
  public boolean mayBeAsked() {
    return this == TOOLS_CALL || this == PROMPTS_GET || this == RESOURCES_READ;
  }

  /** Whether the revision has it. */
  public boolean isIn(Revision revision) {
    return switch (wires) {
      case BOTH -> true;
      case SESSION -> revision.era() == Era.SESSION;
      case NEWEST_SESSION -> revision == Revision.V2025_11_25;
      case STATELESS -> revision.era() == Era.STATELESS;
    };
  }

  /** The method of exactly that name, if it is known. */
  public static Optional<Method> of(String text) {
    return Optional.ofNullable(BY_NAME.get(text));
  }
}
