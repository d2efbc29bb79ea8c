package io.securegateway.server.front;

import io.securegateway.core.json.Excerpt;
import io.securegateway.server.flow.Departure;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.rest.AgentDesk.Seated;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The wire of the revisions with sessions, 2025-03-26 to 2025-11-25. A client that leaves does not
 * cancel; {@code notifications/cancelled} does.
 */
final class SessionWire {
  private static final int MAX_CLIENT = 128;

  /** Then there is a stream, which can be taken up again if the connection breaks. */
  private static final long PATIENCE_MS = 300;

  private final McpSessions sessions;
  private final Methods methods;
  private final ListWatch watch;
  private final String version;

  /** {@code version}: of the gateway. */
  SessionWire(McpSessions sessions, Methods methods, ListWatch watch, String version) {
    this.watch = watch;
    this.sessions = sessions;
    this.methods = methods;
    this.version = version;
  }

  void post(Exchange exchange, Seated seated, Message message) {
    if (message instanceof Message.Request request
        && request.method().equals(Method.INITIALIZE.text())) {
      initialize(exchange, seated, request);
      return;
    }
    JsonNode id = message instanceof Message.Request request ? request.id() : null;
    session(exchange, seated, id)
        .ifPresent(
            session -> {
              switch (message) {
                case Message.Request request -> request(exchange, seated, session, request);
                case Message.Notification told -> {
                  told(session, told);
                  exchange.empty(202);
                }
                case Message.Result result -> {
                  session.answered(result.id(), result);
                  exchange.empty(202);
                }
                case Message.Failure failure -> {
                  session.answered(failure.id(), failure);
                  exchange.empty(202);
                }
              }
            });
  }

  void delete(Exchange exchange, Seated seated) {
    session(exchange, seated, null)
        .ifPresent(
            session -> {
              sessions.end(session);
              exchange.empty(204);
            });
  }

  /** The session that the request names, or a refusal is sent. */
  private Optional<McpSession> session(Exchange exchange, Seated seated, @Nullable JsonNode id) {
    Optional<String> named = exchange.header(Meta.SESSION_HEADER);
    if (named.isEmpty()) {
      refuse(
          exchange,
          400,
          id,
          RpcCode.SERVER_ERROR,
          "The header Mcp-Session-Id is missing; initialize first and send what it names.");
      return Optional.empty();
    }
    Optional<McpSession> session = sessions.find(named.get(), seated.caller());
    if (session.isEmpty()) {
      refuse(exchange, 404, id, RpcCode.SESSION_UNKNOWN, "Session not found; initialize again.");
      return Optional.empty();
    }
    Optional<String> unserved =
        exchange
            .header(Meta.VERSION_HEADER)
            .filter(sent -> Revision.of(sent).filter(Revision::isServedWithSessions).isEmpty());
    if (unserved.isPresent()) {
      refuse(
          exchange,
          400,
          id,
          RpcCode.SERVER_ERROR,
          "MCP-Protocol-Version \""
              + Excerpt.of(unserved.get(), 40)
              + "\" is not served; this session speaks "
              + session.get().revision().text()
              + ".");
      return Optional.empty();
    }
    return session;
  }

  static void refuse(
      Exchange exchange, int status, @Nullable JsonNode id, RpcCode code, String message) {
    exchange.json(status, Message.Failure.of(id, code, message).tree());
  }

  private void initialize(Exchange exchange, Seated seated, Message.Request request) {
    JsonNode wanted = request.params().path("protocolVersion");
    JsonNode declared = request.params().path("capabilities");
    if (!wanted.isString() || !(declared instanceof ObjectNode capabilities)) {
      refuse(
          exchange,
          200,
          request.id(),
          RpcCode.INVALID_PARAMS,
          "params.protocolVersion must be a string and params.capabilities an object.");
      return;
    }
    Revision revision =
        Revision.of(wanted.stringValue())
            .filter(Revision::isServedWithSessions)
            .orElse(Revision.NEWEST_SESSION);
    String client = request.params().path("clientInfo").path("name").asString("");
    McpSession session =
        sessions.open(
            seated.caller(),
            revision,
            capabilities,
            client.isEmpty() ? null : Excerpt.of(client, MAX_CLIENT));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("protocolVersion", revision.text());
    result.set("capabilities", methods.capabilities(seated));
    result.set("serverInfo", Shapes.server(version));
    methods.instruct(result, seated);
    exchange.with(Meta.SESSION_HEADER, session.id());
    exchange.json(200, Message.Result.of(request.id(), result).tree());
  }

  private void request(
      Exchange exchange, Seated seated, McpSession session, Message.Request request) {
    Optional<Method> method =
        Method.of(request.method())
            .filter(
                known ->
                    known.kind() == Method.Kind.REQUEST
                        && known.from() != Method.From.SERVER
                        && known.isIn(session.revision()));
    if (method.isEmpty()) {
      refuse(exchange, 200, request.id(), RpcCode.METHOD_NOT_FOUND, "Method not found");
      return;
    }
    Departure departure = new Departure();
    boolean fresh =
        session.begin(
            request.id(), () -> exchange.context().runOnContext(here -> departure.leave()));
    if (!fresh) {
      refuse(
          exchange,
          400,
          request.id(),
          RpcCode.INVALID_REQUEST,
          "A request with this id is under way in this session; ids are used once.");
      return;
    }
    boolean subscribes = method.get() == Method.SUBSCRIBE;
    String uri = request.params().path("uri").asString("");
    Answering answering =
        new Answering(
            exchange,
            request,
            result -> {
              if (subscribes) {
                watch.granted(session, uri);
              }
              return Shapes.session(result);
            },
            PATIENCE_MS,
            () -> session.streamOfRequest(exchange),
            () -> {
              if (subscribes) {
                session.notGranted(uri); // unless it was
              }
              session.done(request.id());
            });
    Turn turn =
        new Turn(
            seated,
            session.id(),
            session.revision(),
            request,
            session.client(),
            departure,
            answering,
            session.level(),
            session.capabilities(),
            asking -> OnStream.ofRequest(session, asking),
            session.conversation(),
            exchange.context());
    if (subscribes && !session.subscribe(uri)) {
      answering.error(
          RpcCode.INVALID_PARAMS,
          "The session has too many subscriptions; unsubscribe from some first.");
      return;
    }
    if (method.get() == Method.UNSUBSCRIBE) {
      session.unsubscribe(uri);
    }
    switch (method.get()) {
      case PING -> answering.result(JsonNodeFactory.instance.objectNode());
      case SET_LEVEL -> level(session, turn);
      default -> methods.serve(method.get(), turn);
    }
  }

  /** GET: the stream of the session's own, or that of a request whose connection broke. */
  void listen(Exchange exchange, Seated seated) {
    String accept = String.join(",", exchange.headers("accept")).toLowerCase(Locale.ROOT);
    if (!accept.contains("text/event-stream") && !accept.contains("*/*")) {
      refuse(exchange, 406, null, RpcCode.SERVER_ERROR, "Accept must list text/event-stream here.");
      return;
    }
    session(exchange, seated, null).ifPresent(session -> listen(exchange, session));
  }

  private void listen(Exchange exchange, McpSession session) {
    String lastEvent = exchange.header("last-event-id").orElse(null);
    Optional<ResumableStream> stream = session.stream(lastEvent);
    if (stream.isEmpty()) {
      refuse(
          exchange,
          400,
          null,
          RpcCode.SERVER_ERROR,
          "What followed the event of Last-Event-ID is not kept any more.");
    } else if (!stream.get().open(exchange::events, exchange.context(), lastEvent)) {
      refuse(
          exchange,
          409,
          null,
          RpcCode.SERVER_ERROR,
          "The session's stream is open already; there is one.");
    } else if (stream.get() == session.stream()) {
      watch.listens(session);
    }
  }

  private static void level(McpSession session, Turn turn) {
    LogLevel.of(turn.params().path("level").asString(""))
        .ifPresentOrElse(
            level -> {
              session.level(level);
              turn.answering().result(JsonNodeFactory.instance.objectNode());
            },
            () ->
                turn.answering()
                    .error(
                        RpcCode.INVALID_PARAMS,
                        "params.level must be debug, info, notice, warning, error, critical, alert or emergency."));
  }

  /** Other notices than these have no effect. */
  private void told(McpSession session, Message.Notification notification) {
    if (notification.method().equals(Method.CANCELLED.text())) {
      session.cancel(notification.params().path("requestId"));
    } else if (notification.method().equals(Method.ROOTS_CHANGED.text())) {
      methods.rootsChanged(session);
    }
  }
}
