package io.securegateway.server.front;

import io.securegateway.core.call.Names;
import io.securegateway.core.json.Canonical;
import io.securegateway.core.json.Excerpt;
import io.securegateway.server.flow.Departure;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.ParamHeaders;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.rest.AgentDesk.Seated;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The wire of revision 2026-07-28: every request says all about itself, and a client that closes
 * the request's stream cancels it. The policy's session is the one that {@code X-Session-ID} names,
 * else the key's implicit one; session ids of the other wire are not looked at.
 */
final class StatelessWire {
  private static final int MAX_CLIENT = 128;

  /** Then there is a stream, so that proxies keep waiting. */
  private static final long PATIENCE_MS = 10_000;

  private final Methods methods;
  private final ToolList tools;
  private final ListWatch watch;
  private final Parking parking;
  private final String version;

  /**
   * @param parking shared by all loops
   * @param version of the gateway
   */
  StatelessWire(Methods methods, ToolList tools, ListWatch watch, Parking parking, String version) {
    this.watch = watch;
    this.parking = parking;
    this.methods = methods;
    this.tools = tools;
    this.version = version;
  }

  void post(Exchange exchange, Seated seated, Message message) {
    switch (message) {
      case Message.Request request -> request(exchange, seated, request);
      // Closing cancels; there is nothing else that a client could tell.
      case Message.Notification told -> exchange.empty(202);
      case Message.Result result -> unasked(exchange, result.id());
      case Message.Failure failure -> unasked(exchange, failure.id());
    }
  }

  private static void unasked(Exchange exchange, @org.jspecify.annotations.Nullable JsonNode id) {
    new Fault(400, RpcCode.INVALID_REQUEST, "On this wire nobody is asked, so nobody answers.")
        .send(exchange, id);
  }

  private void request(Exchange exchange, Seated seated, Message.Request request) {
    Optional<String> session = exchange.header("x-session-id");
    Optional<Fault> fault =
        new Ladder(request, exchange::headers)
            .problem()
            .or(() -> mirrors(exchange, seated, request))
            .or(() -> session.flatMap(StatelessWire::sessionProblem));
    if (fault.isPresent()) {
      fault.get().send(exchange, request.id());
      return;
    }
    Method method = Method.of(request.method()).orElseThrow();
    JsonNode meta = request.params().path(Meta.META);
    String client = meta.path(Meta.CLIENT).path("name").asString("");
    boolean mayAsk = method.mayBeAsked();
    ObjectNode capabilities =
        (mayAsk || method == Method.TOOLS_LIST)
                && meta.path(Meta.CAPABILITIES) instanceof ObjectNode declared
            ? declared
            : JsonNodeFactory.instance.objectNode();
    String conversation =
        String.join(
            "/",
            seated.bench().project(),
            seated.caller().key(),
            "stateless",
            session.orElse("~"),
            Canonical.sha256(capabilities));
    Departure departure = new Departure();
    exchange.onGone(departure::leave);
    Turn turn =
        new Turn(
            seated,
            session.orElse(null),
            Revision.NEWEST_STATELESS,
            request,
            client.isEmpty() ? null : Excerpt.of(client, MAX_CLIENT),
            departure,
            new Answering(
                exchange,
                request,
                result -> Shapes.stateless(method, result, version),
                PATIENCE_MS,
                () -> MessageStream.over(exchange.events()),
                () -> {}),
            LogLevel.of(meta.path(Meta.LOG_LEVEL).asString("")).orElse(null),
            capabilities,
            asking -> mayAsk ? new ParkedQuestions(asking, parking) : Nobody.HERE,
            conversation,
            exchange.context());
    if (method == Method.DISCOVER) {
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      result.putArray("supportedVersions").add(Revision.NEWEST_STATELESS.text());
      result.set("capabilities", methods.capabilities(seated));
      methods.instruct(result, seated);
      turn.answering().result(result);
    } else if (method == Method.LISTEN) {
      watch.listen(turn, methods::hear);
    } else if (mayAsk && turn.params().has("requestState")) {
      resume(turn);
    } else {
      methods.serve(method, turn);
    }
  }

  private void resume(Turn turn) {
    parking
        .take(turn, turn.params().path("requestState").asString(""))
        .ifPresentOrElse(
            questions -> questions.resume(turn),
            () ->
                turn.answering()
                    .error(
                        RpcCode.INVALID_PARAMS,
                        "params.requestState is none of this request's: it was used, has expired, or the arguments differ. Send the request again without it."));
  }

  private static Optional<Fault> sessionProblem(String session) {
    return Names.sessionProblem(session)
        .map(
            text ->
                new Fault(
                    400, RpcCode.INVALID_PARAMS, "The header X-Session-ID is refused: " + text));
  }

  /** Only of tools that the caller may know of: the answer must not tell of others. */
  private Optional<Fault> mirrors(Exchange exchange, Seated seated, Message.Request request) {
    String tool = request.params().path("name").asString("");
    if (!request.method().equals(Method.TOOLS_CALL.text())
        || !tools.isVisible(seated.caller(), tool)) {
      return Optional.empty();
    }
    return tools
        .schema(seated.caller(), tool)
        .flatMap(ParamHeaders::of)
        .flatMap(
            mirrored -> mirrored.mismatch(request.params().path("arguments"), exchange::headers))
        .flatMap(Ladder::mismatch);
  }
}
