package io.securegateway.server.rest;

import io.securegateway.core.call.Names;
import io.securegateway.server.ingress.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Which session a REST request names: its body's {@code session_id} or {@code X-Session-ID}; both
 * must agree.
 */
final class Sessions {
  private Sessions() {}

  static @Nullable String named(Exchange exchange, Fields fields) {
    String inBody = fields.optionalText("session_id");
    String inHeader = exchange.header("x-session-id").orElse(null);
    if (inBody != null && inHeader != null && !inBody.equals(inHeader)) {
      fields.fail("\"session_id\" and X-Session-ID name different sessions.");
    }
    String named = inBody != null ? inBody : inHeader;
    if (named != null) {
      Names.sessionProblem(named)
          .ifPresent(text -> fields.fail("The session id is refused: " + text + "."));
    }
    return named;
  }
}
