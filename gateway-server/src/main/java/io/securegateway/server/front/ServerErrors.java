package io.securegateway.server.front;

import io.securegateway.server.flow.Outcome;
import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.upstream.Original;
import io.securegateway.server.upstream.Passing;
import io.securegateway.server.upstream.UpstreamAnswer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Errors of servers on their way to the client. One that sends the client's user to an address (MCP
 * 2025-11-25, "URL Elicitation Required Error") asks a question in fact: it is decided and recorded
 * as such, under {@code elicitation/create}, and withheld unless all of its addresses may be told.
 */
final class ServerErrors {
  private static final int MOST = 10;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ToolCalls calls;

  ServerErrors(ToolCalls calls) {
    this.calls = calls;
  }

  /** Answers with the error. */
  void pass(Turn turn, ObjectNode error) {
    ObjectNode shaped = Shapes.error(turn, error);
    if (shaped.path("code").asLong(0) != RpcCode.URL_ELICITATION.number()) {
      turn.answering().error(shaped);
      return;
    }
    JsonNode addresses = shaped.path("data").path("elicitations");
    boolean fits =
        turn.capabilities().path(Asker.capability(Method.ELICITATION)).has("url")
            && addresses.isArray()
            && !addresses.isEmpty()
            && addresses.size() <= MOST
            && addresses.valueStream().allMatch(ServerErrors::isAddress);
    if (!fits) {
      withhold(turn);
      return;
    }
    List<Future<ObjectNode>> all = new ArrayList<>();
    addresses.forEach(address -> all.add(judged(turn, (ObjectNode) address)));
    Future.all(all)
        .onFailure(refused -> withhold(turn))
        .onSuccess(
            allowed -> {
              ArrayNode told = ((ObjectNode) shaped.path("data")).putArray("elicitations");
              Delivery delivery = turn.deliveries().apply(turn);
              for (Future<ObjectNode> one : all) {
                told.add(one.result());
                delivery.elicited(one.result().path("elicitationId").asString(""));
              }
              turn.answering().error(shaped);
            });
  }

  private static boolean isAddress(JsonNode address) {
    return address.isObject()
        && address.path("mode").asString("").equals("url")
        && address.path("url").isString()
        && address.path("elicitationId").isString();
  }

  /** As it was judged; fails if the client may not be told. */
  private Future<ObjectNode> judged(Turn turn, ObjectNode address) {
    AtomicReference<ObjectNode> told = new AtomicReference<>();
    UpstreamAnswer taken =
        new UpstreamAnswer.Answered(JSON.objectNode(), new Original.Result(JSON.objectNode()));
    return calls
        .make(
            turn.seated().bench(),
            turn.attempt(Method.ELICITATION.text(), address),
            new Passing(Method.ELICITATION, null, JSON.objectNode(), false, null, null, news -> {}),
            (call, onGone) -> {
              told.set((ObjectNode) call.arguments());
              return Future.succeededFuture(taken);
            },
            turn.departure(),
            turn.context())
        .compose(
            outcome ->
                outcome instanceof Outcome.Allowed && told.get() != null
                    ? Future.succeededFuture(told.get())
                    : Future.failedFuture("refused"));
  }

  private static void withhold(Turn turn) {
    turn.answering()
        .error(
            RpcCode.INTERNAL_ERROR,
            "The server wants its user to open an address, which the gateway does not let through.");
  }
}
