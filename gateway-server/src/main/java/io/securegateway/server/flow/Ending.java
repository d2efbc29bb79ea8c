package io.securegateway.server.flow;

import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;

/** How a forwarded call that failed ended, in the journal's words. */
final class Ending {
  private Ending() {}

  /** Unknown where the tool may have acted although nobody knows its answer. */
  static Event.Outcome of(Reason code) {
    return switch (code) {
      case UPSTREAM_TIMEOUT, UPSTREAM_BROKEN, CALLER_GONE -> Event.Outcome.UNKNOWN;
      default -> Event.Outcome.ERROR;
    };
  }
}
