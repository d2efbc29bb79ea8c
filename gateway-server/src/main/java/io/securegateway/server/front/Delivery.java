package io.securegateway.server.front;

import io.securegateway.server.mcp.Message;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;

/** How questions reach a client, by its wire. Used on the request's event loop only. */
interface Delivery {
  /** So many questions come now; each is delivered or withdrawn. */
  void begin(int questions);

  /**
   * Delivers one; the future fails if no answer comes.
   *
   * @param name the server's for it
   * @param onGone takes what is to be done when nobody waits for the answer any more
   */
  Future<Message> deliver(String name, Message.Request question, Consumer<Runnable> onGone);

  /** The client was sent to an address under that id, and may hear when that is done. */
  default void elicited(String id) {}

  /** How what servers ask outside of calls reaches the client; empty if it does not. */
  default Optional<Delivery> between() {
    return Optional.empty();
  }

  /** One of them is not delivered. */
  void withdraw();

  /** Hears what a server tells the client outside of its requests; keeps no request alive. */
  default Consumer<Message.Notification> beside() {
    return told -> {};
  }
}
