package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.Revision.Era;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one conversation asks its server: each under an id of its own, in the words of the wire.
 * Used on the conversation's loop only.
 */
final class Requests {
  private static final long SHORT_MS = 10_000;

  private final Vertx vertx;
  private final Duration deadline;
  private final McpTransport transport;
  private final Consumer<Message> ear;
  private long last;

  /** {@code ear}: hears what comes beside the answers to short ones. */
  Requests(Vertx vertx, Duration deadline, McpTransport transport, Consumer<Message> ear) {
    this.vertx = vertx;
    this.deadline = deadline;
    this.transport = transport;
    this.ear = ear;
  }

  /** An id that none had before. */
  long next() {
    return ++last;
  }

  /** Sends one that is answered soon or not at all, such as those of the greeting; never fails. */
  Future<Answer> sendShort(Method method, ObjectNode params, Revision revision) {
    long id = next();
    Promise<Answer> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            Math.min(SHORT_MS, deadline.toMillis()),
            late -> {
              transport.abandon(id);
              promise.tryComplete(Answer.Nothing.unsent(Reason.UPSTREAM_TIMEOUT));
            });
    send(id, method, params, Map.of(), revision, null, ear)
        .onSuccess(
            answer -> {
              vertx.cancelTimer(timer);
              promise.tryComplete(answer);
            });
    return promise.future();
  }

  /**
   * Sends one; never fails.
   *
   * @param mirrored what stands in headers of the stateless wire besides the method
   * @param client whose capabilities a server without sessions is told
   * @param beside hears what comes on the request's own stream
   */
  Future<Answer> send(
      long id,
      Method method,
      ObjectNode params,
      Map<String, String> mirrored,
      Revision revision,
      @Nullable Client client,
      Consumer<Message> beside) {
    ObjectNode sent = params;
    Map<String, String> headers = Map.of();
    if (revision.era() == Era.STATELESS) {
      sent = params.deepCopy();
      Envelope.put(
          sent,
          revision,
          client == null ? JsonNodeFactory.instance.objectNode() : client.capabilities());
      headers = Envelope.headers(method, revision, mirrored);
    }
    return transport.request(
        Message.Request.of(JsonNodeFactory.instance.numberNode(id), method, sent), headers, beside);
  }

  /** Nobody waits for the answer to that one any more. */
  void abandon(long id, String why) {
    if (!transport.cancelsByClosing()) {
      ObjectNode params = JsonNodeFactory.instance.objectNode();
      params.put("requestId", id).put("reason", why);
      transport.tell(Message.Notification.of(Method.CANCELLED, params));
    }
    transport.abandon(id);
  }
}
