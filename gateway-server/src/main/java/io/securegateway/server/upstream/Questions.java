package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a server of the session wire asks in one conversation: so many questions at a time, each
 * answered once. Used on the upstream's loop only.
 */
final class Questions {
  private static final Logger LOG = LoggerFactory.getLogger(Questions.class);
  private static final int MOST = 32;

  private final Vertx vertx;
  private final String server;
  private final McpTransport transport;
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
    if (open >= MOST) {
      LOG.warn("{} has more than {} questions open; one was dropped", server, MOST);
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
                    }));
  }

  /** Nobody is told any more. */
  void close() {
    closed = true;
  }
}
