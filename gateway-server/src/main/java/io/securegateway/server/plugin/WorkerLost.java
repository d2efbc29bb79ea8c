package io.securegateway.server.plugin;

import io.securegateway.api.Reason;

/** A worker process ended, or had to be ended, before it answered. */
final class WorkerLost extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason code;

  WorkerLost(Reason code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  Reason code() {
    return code;
  }
}
