package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * One {@code subscriptions/listen} under way on a server without sessions (MCP 2026-07-28,
 * "Subscriptions"). Used on the upstream's loop only.
 */
final class Listening {
  private final Promise<JsonNode> granted = Promise.promise();
  private final Promise<Void> ended = Promise.promise();
  private final Consumer<Message.Notification> ear;
  private final Runnable stop;

  Listening(Consumer<Message.Notification> ear, Runnable stop) {
    this.ear = ear;
    this.stop = stop;
  }

  /** What the server says that it will tell of; fails if it ends before it says so. */
  Future<JsonNode> granted() {
    return granted.future();
  }

  /** Completes, always well, when nothing comes any more. */
  Future<Void> ended() {
    return ended.future();
  }

  /** The server said something under its id. */
  void heard(Message.Notification told) {
    if (told.method().equals(Method.LISTENING.text())) {
      granted.tryComplete(told.params().path("notifications"));
    } else if (!ended.future().isComplete()) {
      ear.accept(told);
    }
  }

  /** The server ended it, or never began. */
  void over() {
    granted.tryFail("the server does not tell");
    ended.tryComplete();
  }

  /** Ends it. */
  void stop() {
    if (!ended.future().isComplete()) {
      over();
      stop.run();
    }
  }
}
