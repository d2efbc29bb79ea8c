package io.securegateway.server.front;

import io.securegateway.api.Reason;
import io.securegateway.server.flow.Outcome;
import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.upstream.Original;
import io.securegateway.server.upstream.Passing;
import io.securegateway.server.upstream.ServerRequests;
import io.securegateway.server.upstream.UpstreamAnswer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks the client of a call what the server wants to know. Each question is a call too, under the
 * name of its method and with its parameters as arguments: it is decided, screened and recorded as
 * such before it reaches the client, and so is the answer before it reaches the server. Called from
 * any thread.
 */
final class Asker implements ServerRequests {
  private final Turn turn;
  private final ToolCalls calls;
  private final Delivery delivery;
  private final AtomicInteger asked = new AtomicInteger();

  Asker(Turn turn, ToolCalls calls, Delivery delivery) {
    this.turn = turn;
    this.calls = calls;
    this.delivery = delivery;
  }

  /** The capability that a client declares if it can be asked so. */
  static String capability(Method method) {
    return switch (method) {
      case SAMPLING -> "sampling";
      case ELICITATION -> "elicitation";
      default -> "roots";
    };
  }

  @Override
  public Future<Message> answer(Message.Request request) {
    String name = "question-" + asked.incrementAndGet();
    return answer(Map.of(name, request)).map(answers -> answers.values().iterator().next());
  }

  @Override
  public Future<Map<String, Message>> answer(Map<String, Message.Request> requests) {
    Promise<Map<String, Message>> promise = Promise.promise();
    turn.context().runOnContext(here -> all(requests).onComplete(promise));
    return promise.future();
  }

  private Future<Map<String, Message>> all(Map<String, Message.Request> requests) {
    delivery.begin(requests.size());
    Map<String, Future<Message>> asked = new LinkedHashMap<>();
    requests.forEach((name, request) -> asked.put(name, one(name, request)));
    return Future.join(java.util.List.copyOf(asked.values()))
        .map(
            done -> {
              Map<String, Message> answers = new LinkedHashMap<>();
              asked.forEach((name, answer) -> answers.put(name, answer.result()));
              return answers;
            });
  }

  private Future<Message> one(String name, Message.Request request) {
    Method method = Method.of(request.method()).orElse(null);
    if (method == null
        || method.from() != Method.From.SERVER
        || method.kind() != Method.Kind.REQUEST
        || !turn.capabilities().has(capability(method))) {
      delivery.withdraw();
      return Future.succeededFuture(
          Message.Failure.of(
              request.id(), RpcCode.METHOD_NOT_FOUND, "This client does not offer it."));
    }
    AtomicBoolean delivered = new AtomicBoolean();
    Passing passing =
        new Passing(
            method, null, JsonNodeFactory.instance.objectNode(), false, null, null, told -> {});
    return calls
        .make(
            turn.seated().bench(),
            turn.attempt(request.method(), request.params()),
            passing,
            (call, onGone) -> {
              delivered.set(true);
              Message.Request judged =
                  Message.Request.of(request.id(), method, (ObjectNode) call.arguments());
              return delivery
                  .deliver(name, judged, onGone)
                  .map(Asker::said)
                  .otherwise(
                      new UpstreamAnswer.Failed(
                          Reason.CALLER_GONE, "The client did not answer.", null, true, null));
            },
            turn.departure(),
            turn.context())
        .map(
            outcome -> {
              if (!delivered.get()) {
                delivery.withdraw();
              }
              return message(request, method, outcome);
            });
  }

  private static UpstreamAnswer said(Message answer) {
    return switch (answer) {
      case Message.Result result ->
          new UpstreamAnswer.Answered(result.result(), new Original.Result(result.result()));
      case Message.Failure failure ->
          new UpstreamAnswer.Failed(
              Reason.UPSTREAM_REFUSED,
              "The client refused to answer.",
              null,
              true,
              failure.tree().path("error") instanceof ObjectNode error
                  ? new Original.Refusal(error)
                  : null);
      case Message.Request request -> throw new IllegalStateException("a question is no answer");
      case Message.Notification told -> throw new IllegalStateException("news are no answer");
    };
  }

  /** What the server is told. A question to a person that policy refuses is one they declined. */
  private static Message message(Message.Request request, Method method, Outcome outcome) {
    if (outcome instanceof Outcome.Allowed allowed && allowed.result() instanceof ObjectNode said) {
      return Message.Result.of(request.id(), said);
    }
    if (outcome instanceof Outcome.Failed failed
        && failed.original() instanceof Original.Refusal(ObjectNode error)) {
      ObjectNode tree = Message.Failure.of(request.id(), RpcCode.INTERNAL_ERROR, "").tree();
      tree.set("error", error);
      return new Message.Failure(
          request.id(),
          error.path("code").asLong(0),
          error.path("message").asString(""),
          error.get("data"),
          tree);
    }
    if (method == Method.ELICITATION) {
      return Message.Result.of(
          request.id(), JsonNodeFactory.instance.objectNode().put("action", "decline"));
    }
    return Message.Failure.of(
        request.id(), RpcCode.POLICY_REFUSED, "The gateway does not let this be asked.");
  }
}
