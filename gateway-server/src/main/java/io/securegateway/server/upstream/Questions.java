package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a server of the session wire asks in one conversation: so many questions at a time, and so
 * many a minute, each answered once. Used on the upstream's loop only.
 */
final class Questions {
  private static final Logger LOG = LoggerFactory.getLogger(Questions.class);
  private static final int MOST = 32;

  /** What a server does with an answer takes a moment. */
  private static final long MOMENT_MS = 100;

  private final Vertx vertx;
  private final String server;
  private final McpTransport transport;
  private final Ration ration = new Ration(100, 1);
  private boolean warned;
  private Promise<Void> settled = Promise.promise();
  private int open;
  private boolean closed;

  Questions(Vertx vertx, String server, McpTransport transport) {
    this.vertx = vertx;
    this.server = server;
    this.transport = transport;
  }

  /**
   * Has it answered.
   *
   * @param who answers
   * @param waits is told true while somebody is asked, and false when the answer is there
   */
  void take(Message.Request question, ServerRequests who, Consumer<Boolean> waits) {
    if (question.method().equals(Method.PING.text())) {
      transport.tell(Message.Result.of(question.id(), JsonNodeFactory.instance.objectNode()));
      return;
    }
    if (open >= MOST || !ration.take()) {
      if (!warned) {
        LOG.warn("{} asks too much in one conversation; the rest is dropped", server);
      }
      warned = true;
      return;
    }
    open++;
    waits.accept(true);
    Context home = vertx.getOrCreateContext();
    who.answer(question)
        .onComplete(
            done ->
                home.runOnContext(
                    here -> {
                      open--;
                      waits.accept(false);
                      if (done.succeeded() && !closed) {
                        transport.tell(done.result());
                      }
                      if (open == 0) {
                        settled.tryComplete();
                        settled = Promise.promise();
                      }
                    }));
  }

  /** Completes when all are answered, and the server had time to hear it. */
  Future<Void> settled() {
    return open == 0
        ? Future.succeededFuture()
        : settled.future().compose(done -> vertx.timer(MOMENT_MS)).mapEmpty();
  }

  /** Nobody is told any more. */
  void close() {
    closed = true;
    settled.tryComplete();
  }
}
