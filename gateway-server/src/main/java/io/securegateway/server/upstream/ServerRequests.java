package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Answers what a server of the session wire asks its client: sampling, elicitation, roots. Ping is
 * answered without it. Called on the upstream's loop; the answer may come later, from any thread.
 */
@FunctionalInterface
public interface ServerRequests {
  /** There is nobody to ask: questions to the user are declined, all else is not offered. */
  ServerRequests NOBODY =
      request -> {
        if (request.method().equals(Method.ELICITATION.text())) {
          return Future.succeededFuture(
              Message.Result.of(
                  request.id(), JsonNodeFactory.instance.objectNode().put("action", "decline")));
        }
        return Future.succeededFuture(
            Message.Failure.of(
                request.id(), RpcCode.METHOD_NOT_FOUND, "This client does not offer it."));
      };

  /** The answer, with the request's own id. */
  Future<Message> answer(Message.Request request);

  /** The answers to several, under the same names; one after the other unless told otherwise. */
  default Future<Map<String, Message>> answer(Map<String, Message.Request> requests) {
    Map<String, Message> answers = new LinkedHashMap<>();
    Future<Void> last = Future.succeededFuture();
    for (Map.Entry<String, Message.Request> one : requests.entrySet()) {
      last =
          last.compose(done -> answer(one.getValue()))
              .map(
                  answer -> {
                    answers.put(one.getKey(), answer);
                    return null;
                  });
    }
    return last.map(done -> answers);
  }
}
