package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks a server of the stateless wire as often as it wants to know more ({@code input_required}):
 * what it asks goes to the client, the answers go back with its state. Used on the upstream's loop
 * only.
 */
final class Rounds {
  private static final int MOST = 10;

  private final Vertx vertx;
  private final McpClient server;
  private final Consumer<Runnable> onGone;

  Rounds(Vertx vertx, McpClient server, Consumer<Runnable> onGone) {
    this.vertx = vertx;
    this.server = server;
    this.onGone = onGone;
  }

  /** The last answer; still one that asks if nobody can be asked, or after too many rounds. */
  Future<Answer> ask(Errand errand) {
    return ask(errand, 1);
  }

  private Future<Answer> ask(Errand errand, int round) {
    return server
        .ask(errand, onGone)
        .compose(
            answer -> {
              Client client = errand.client();
              ObjectNode result =
                  answer instanceof Answer.Said said ? said.result().result() : null;
              if (client == null
                  || result == null
                  || round > MOST
                  || !result.path("resultType").asString("").equals("input_required")) {
                return Future.succeededFuture(answer);
              }
              Map<String, Message.Request> asked = asked(result.path("inputRequests"));
              if (asked == null) {
                return Future.succeededFuture(answer);
              }
              var home = vertx.getOrCreateContext();
              Future<Map<String, Message>> answers =
                  asked.isEmpty()
                      ? Future.succeededFuture(Map.of())
                      : Future.future(
                          promise ->
                              client
                                  .asks()
                                  .answer(asked)
                                  .onComplete(
                                      done -> home.runOnContext(here -> promise.handle(done))));
              return answers.compose(
                  said ->
                      ask(errand.answered(results(said), result.get("requestState")), round + 1),
                  failed -> Future.succeededFuture(answer));
            });
  }

  /** Null if one of them is not what may be asked of clients. */
  private static @Nullable Map<String, Message.Request> asked(JsonNode requests) {
    Map<String, Message.Request> asked = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> one : requests.properties()) {
      Method method = Method.of(one.getValue().path("method").asString("")).orElse(null);
      if (method == null || method.from() != Method.From.SERVER) {
        return null;
      }
      ObjectNode params =
          one.getValue().path("params") instanceof ObjectNode found
              ? found
              : JsonNodeFactory.instance.objectNode();
      asked.put(
          one.getKey(),
          Message.Request.of(JsonNodeFactory.instance.stringNode(one.getKey()), method, params));
    }
    return asked;
  }

  /** What was refused is left out: the server asks again, or does without. */
  private static ObjectNode results(Map<String, Message> answers) {
    ObjectNode results = JsonNodeFactory.instance.objectNode();
    answers.forEach(
        (name, answer) -> {
          if (answer instanceof Message.Result result) {
            results.set(name, result.result());
          }
        });
    return results;
  }
}
