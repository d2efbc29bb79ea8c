package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What came of a forwarded call. */
public sealed interface UpstreamAnswer {
  /** The tool answered. */
  record Answered(JsonNode body) implements UpstreamAnswer {}

  /**
   * It did not, or not acceptably.
   *
   * @param detail for people; holds no credentials
   * @param body the tool's error text, if there was one
   * @param bytesSent false only if it is known that no byte of the call reached the tool
   */
  record Failed(Reason code, String detail, @Nullable JsonNode body, boolean bytesSent)
      implements UpstreamAnswer {
    static Failed unsent(Reason code, String detail) {
      return new Failed(code, detail, null, false);
    }

    static Failed sent(Reason code, String detail) {
      return new Failed(code, detail, null, true);
    }
  }
}
