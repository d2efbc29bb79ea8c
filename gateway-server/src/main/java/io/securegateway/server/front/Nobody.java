package io.securegateway.server.front;

import io.securegateway.server.mcp.Message;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** Nobody can be asked. */
enum Nobody implements Delivery {
  HERE;

  @Override
  public void begin(int questions) {}

  @Override
  public Future<Message> deliver(String name, Message.Request question, Consumer<Runnable> onGone) {
    return Future.failedFuture("nobody can be asked");
  }

  @Override
  public void withdraw() {}
}
