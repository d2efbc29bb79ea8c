package io.securegateway.server.front;

import io.securegateway.server.flow.Outcome;
import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.upstream.Original;
import io.securegateway.server.upstream.Passing;
import io.securegateway.server.upstream.UpstreamAnswer;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Errors of servers on their way to the client. One that sends the client's user to an address (MCP
 * 2025-11-25, "URL Elicitation Required Error") asks a question in fact: it is decided and recorded
 * as such, under {@code elicitation/create}, and withheld unless all of its addresses may be told.
 * A client without sessions is asked it as a question, and the call is made again when its user was
 * there.
 */
final class ServerErrors {
  private static final int MOST = 10;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ToolCalls calls;

  ServerErrors(ToolCalls calls) {
    this.calls = calls;
  }

  /**
   * Answers with the error.
   *
   * @param again makes the call anew
   */
  void pass(Turn turn, ObjectNode error, Runnable again) {
    JsonNode addresses = error.path("data").path("elicitations");
    if (error.path("code").asLong(0) != RpcCode.URL_ELICITATION.number()) {
      turn.answering().error(Shapes.error(turn, error));
    } else if (!fits(turn, addresses)) {
      withhold(turn);
    } else if (turn.revision().era() == Revision.Era.STATELESS) {
      ask(turn, addresses, again);
    } else {
      tell(turn, error, addresses);
    }
  }

  private static boolean fits(Turn turn, JsonNode addresses) {
    return turn.capabilities().path(Asker.capability(Method.ELICITATION)).has("url")
        && addresses.isArray()
        && !addresses.isEmpty()
        && addresses.size() <= MOST
        && addresses.valueStream().allMatch(ServerErrors::isAddress);
  }

  private void ask(Turn turn, JsonNode addresses, Runnable again) {
    Map<String, Message.Request> questions = new LinkedHashMap<>();
    for (JsonNode address : addresses) {
      String name = "address-" + (questions.size() + 1);
      questions.put(
          name,
          Message.Request.of(JSON.stringNode(name), Method.ELICITATION, (ObjectNode) address));
    }
    new Asker(turn, calls, turn.deliveries().apply(turn))
        .answer(questions)
        .onComplete(
            answers -> {
              if (turn.departure().gone()) {
                turn.answering().silence();
              } else if (answers.succeeded()
                  && answers.result().values().stream().allMatch(ServerErrors::isAccepted)) {
                again.run();
              } else {
                withhold(turn);
              }
            });
  }

  private static boolean isAccepted(Message answer) {
    return answer instanceof Message.Result said
        && said.result().path("action").asString("").equals("accept");
  }

  private void tell(Turn turn, ObjectNode error, JsonNode addresses) {
    List<Future<ObjectNode>> all = new ArrayList<>();
    addresses.forEach(address -> all.add(judged(turn, (ObjectNode) address)));
    Future.all(all)
        .onFailure(refused -> withhold(turn))
        .onSuccess(
            allowed -> {
              ObjectNode shaped = error.deepCopy();
              ArrayNode told = ((ObjectNode) shaped.path("data")).putArray("elicitations");
              Delivery delivery = turn.deliveries().apply(turn);
              for (Future<ObjectNode> one : all) {
                told.add(one.result());
                delivery.elicited(one.result().path(Shapes.ELICITATION_ID).asString(""));
              }
              turn.answering().error(shaped);
            });
  }

  private static boolean isAddress(JsonNode address) {
    return address.isObject()
        && address.path("mode").asString("").equals("url")
        && address.path("url").isString()
        && address.path(Shapes.ELICITATION_ID).isString();
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
            "The server wants its user to open an address first. That was declined, is not let through by the gateway, or is more than this client can do.");
  }
}
