package io.securegateway.server.front;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Questions on the session wire: each goes out on the stream of the request that caused it, or on
 * the session's own if none did or that request is answered already, under an id of the gateway's
 * own, and its answer is POSTed into the same session.
 */
final class OnStream implements Delivery {
  /** How long a person may think. */
  private static final long PATIENCE_MS = TimeUnit.MINUTES.toMillis(10);

  private final McpSession session;
  private final Turn turn;
  private final boolean isOwn;

  private OnStream(McpSession session, Turn turn, boolean isOwn) {
    this.session = session;
    this.turn = turn;
    this.isOwn = isOwn;
  }

  /** On the stream of that request. */
  static OnStream ofRequest(McpSession session, Turn turn) {
    return new OnStream(session, turn, false);
  }

  @Override
  public void begin(int questions) {}

  @Override
  public Future<Message> deliver(String name, Message.Request question, Consumer<Runnable> onGone) {
    boolean besides = isOwn || turn.answering().isOver();
    if (besides && !session.stream().wasOpened()) {
      return Future.failedFuture("nobody listens");
    }
    Promise<Message> promise = Promise.promise();
    ObjectNode params = Shapes.question(Revision.Era.SESSION, question);
    JsonNode elicitation = params.path(Shapes.ELICITATION_ID);
    if (elicitation.isString()) {
      elicited(elicitation.stringValue());
    }
    String id =
        session.asks(answer -> turn.context().runOnContext(here -> promise.tryComplete(answer)));
    onGone.accept(() -> promise.tryFail("the call is over"));
    Runnable hurry = turn.answering().later(PATIENCE_MS, () -> promise.tryFail("nobody answered"));
    Message.Request asked =
        Message.Request.of(
            JsonNodeFactory.instance.stringNode(id),
            Method.of(question.method()).orElseThrow(),
            params);
    if (besides) {
      session.stream().send(asked.tree());
    } else {
      turn.answering().ask(asked);
    }
    return promise
        .future()
        .onComplete(
            done -> {
              hurry.run();
              session.asksNoMore(id);
            });
  }

  @Override
  public void elicited(String id) {
    session.elicited(id);
  }

  @Override
  public Optional<Delivery> between() {
    return Optional.of(new OnStream(session, turn, true));
  }

  @Override
  public void withdraw() {}

  @Override
  public Consumer<Message.Notification> beside() {
    return session::told;
  }
}
