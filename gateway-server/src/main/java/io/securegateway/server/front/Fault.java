package io.securegateway.server.front;

import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.RpcCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Why a message is not looked at any further.
 *
 * @param status of HTTP
 * @param message for the client: names the place and the mend
 * @param data what programs need to mend it; null if nothing
 */
record Fault(int status, RpcCode code, String message, @Nullable JsonNode data) {
  Fault(int status, RpcCode code, String message) {
    this(status, code, message, null);
  }

  /** Answers with it, under the id of the request as far as that could be read. */
  void send(Exchange exchange, @Nullable JsonNode id) {
    Message.Failure failure =
        data == null
            ? Message.Failure.of(id, code, message)
            : Message.Failure.of(id, code, message, data);
    exchange.json(status, failure.tree());
  }
}
