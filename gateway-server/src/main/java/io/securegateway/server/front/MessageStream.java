package io.securegateway.server.front;

import io.securegateway.core.json.StrictJson;
import io.securegateway.server.ingress.EventStream;
import tools.jackson.databind.node.ObjectNode;

/** Messages to one client, on the way. Used on its request's event loop only. */
interface MessageStream {
  /** Sends the head, before there is a message. */
  void open();

  /** Sends one, in order. */
  void send(ObjectNode message);

  /** Whether the client falls behind, so that what can be left out should be. */
  boolean isBehind();

  /** Nothing comes any more. */
  void end();

  /** One that is lost when its connection breaks. */
  static MessageStream over(EventStream events) {
    return new MessageStream() {
      @Override
      public void open() {
        events.open();
      }

      @Override
      public void send(ObjectNode message) {
        events.send(null, StrictJson.write(message));
      }

      @Override
      public boolean isBehind() {
        return events.isBehind();
      }

      @Override
      public void end() {
        events.end();
      }
    };
  }
}
