package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.core.json.Excerpt;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.Revision.Era;
import io.securegateway.server.mcp.RpcCode;
import io.vertx.core.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds out which wire a server speaks and agrees on a revision: {@code server/discover} first,
 * then {@code initialize}. Never probes with a tool. Nothing is remembered: each greeting asks
 * anew, so a server that was replaced is met as what it is.
 */
final class Greeting {
  private static final int MAX_INSTRUCTIONS = 16 * 1024;

  private final Wire.Protocol protocol;
  private final ObjectNode capabilities;
  private final Exchange exchange;
  private final McpTransport transport;

  /** Sends one request on a revision. */
  @FunctionalInterface
  interface Exchange {
    Future<Answer> ask(Method method, ObjectNode params, Revision revision);
  }

  /** {@code capabilities}: what a server with sessions is told that the client can. */
  Greeting(
      Wire.Protocol protocol, ObjectNode capabilities, Exchange exchange, McpTransport transport) {
    this.protocol = protocol;
    this.capabilities = capabilities;
    this.exchange = exchange;
    this.transport = transport;
  }

  /** Who the gateway says it is. */
  static ObjectNode client() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", "securegateway")
        .put("version", "0.1.0");
  }

  /** Greets; fails with {@link Unreached}. */
  Future<Peer> greet() {
    return switch (protocol) {
      case SESSION -> initialize();
      case STATELESS -> discover().compose(this::agreed);
      case AUTO ->
          discover()
              .compose(
                  answer -> {
                    if (isStateless(answer)) {
                      return agreed(answer);
                    }
                    if (saysNothing(answer)) {
                      return unreached(answer);
                    }
                    if (answer instanceof Answer.Nothing) {
                      // Some servers end at a word they do not know.
                      transport.reset();
                    }
                    return initialize();
                  });
    };
  }

  private Future<Answer> discover() {
    return exchange.ask(
        Method.DISCOVER, JsonNodeFactory.instance.objectNode(), Revision.NEWEST_STATELESS);
  }

  private static boolean isStateless(Answer answer) {
    return switch (answer) {
      case Answer.Said said -> said.result().result().has("supportedVersions");
      case Answer.Declined declined ->
          RpcCode.of(declined.failure().code()).filter(RpcCode::isStatelessOnly).isPresent();
      case Answer.SessionGone gone -> false;
      case Answer.Nothing nothing -> false;
    };
  }

  /** A refused identity and a server that is not there tell nothing about its wire. */
  private boolean saysNothing(Answer answer) {
    return switch (answer) {
      case Answer.Said said -> false;
      case Answer.Declined declined -> declined.status() == 401 || declined.status() == 403;
      case Answer.SessionGone gone -> false;
      case Answer.Nothing nothing ->
          nothing.code() == Reason.UPSTREAM_CONNECT
              || nothing.status() == 401
              || nothing.status() == 403
              || (nothing.code() == Reason.UPSTREAM_TIMEOUT && transport.silenceTellsNothing());
    };
  }

  private Future<Peer> agreed(Answer answer) {
    if (!(answer instanceof Answer.Said said)) {
      return unreached(answer);
    }
    ObjectNode result = said.result().result();
    for (JsonNode version : result.path("supportedVersions").values()) {
      if (version.isString() && version.stringValue().equals(Revision.NEWEST_STATELESS.text())) {
        transport.speak(Revision.NEWEST_STATELESS);
        return Future.succeededFuture(
            new Peer(Revision.NEWEST_STATELESS, capabilities(result), instructions(result)));
      }
    }
    return failed(
        "The server's discovery does not offer revision " + Revision.NEWEST_STATELESS.text() + ".");
  }

  private Future<Peer> initialize() {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.put("protocolVersion", Revision.NEWEST_SESSION.text());
    params.set("capabilities", capabilities);
    params.set("clientInfo", client());
    return exchange
        .ask(Method.INITIALIZE, params, Revision.NEWEST_SESSION)
        .compose(
            answer -> {
              if (!(answer instanceof Answer.Said said)) {
                return unreached(answer);
              }
              ObjectNode result = said.result().result();
              String version = result.path("protocolVersion").asString("");
              Revision revision = Revision.of(version).orElse(null);
              if (revision == null || revision.era() != Era.SESSION) {
                return failed(
                    "The server speaks protocol version \""
                        + Excerpt.of(version, 40)
                        + "\", which the gateway does not.");
              }
              transport.speak(revision);
              return transport
                  .tell(
                      Message.Notification.of(
                          Method.INITIALIZED, JsonNodeFactory.instance.objectNode()))
                  .map(done -> new Peer(revision, capabilities(result), instructions(result)));
            });
  }

  private static ObjectNode capabilities(ObjectNode result) {
    return result.path("capabilities") instanceof ObjectNode found
        ? found
        : JsonNodeFactory.instance.objectNode();
  }

  private static String instructions(ObjectNode result) {
    return Excerpt.of(result.path("instructions").asString(""), MAX_INSTRUCTIONS);
  }

  private static <T> Future<T> unreached(Answer answer) {
    return switch (answer) {
      case Answer.Said said -> failed("The server's greeting is not understood.");
      case Answer.Declined declined ->
          failed(
              "The server refused the greeting with "
                  + declined.failure().code()
                  + ": "
                  + Excerpt.of(declined.failure().message(), 200));
      case Answer.SessionGone gone -> failed("The server knows no session.");
      case Answer.Nothing nothing -> Future.failedFuture(new Unreached(nothing));
    };
  }

  private static <T> Future<T> failed(String detail) {
    return Future.failedFuture(
        new Unreached(new Answer.Nothing(Reason.UPSTREAM_REFUSED, detail, false, 0)));
  }
}
