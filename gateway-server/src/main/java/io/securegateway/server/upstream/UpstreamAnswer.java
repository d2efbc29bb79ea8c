package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What came of a forwarded call. */
public sealed interface UpstreamAnswer {
  /**
   * The tool answered.
   *
   * @param body what is judged and recorded
   * @param original all that it said, if it is an MCP server's; else null
   */
  record Answered(JsonNode body, @Nullable Original original) implements UpstreamAnswer {
    Answered(JsonNode body) {
      this(body, null);
    }
  }

  /**
   * It did not, or not acceptably.
   *
   * @param detail for people; holds no credentials
   * @param body the tool's error text, if there was one
   * @param bytesSent false only if it is known that no byte of the call reached the tool
   * @param original all that an MCP server said, if it said something; else null
   */
  record Failed(
      Reason code,
      String detail,
      @Nullable JsonNode body,
      boolean bytesSent,
      @Nullable Original original)
      implements UpstreamAnswer {
    Failed(Reason code, String detail, @Nullable JsonNode body, boolean bytesSent) {
      this(code, detail, body, bytesSent, null);
    }

    static Failed unsent(Reason code, String detail) {
      return new Failed(code, detail, null, false);
    }

    static Failed sent(Reason code, String detail) {
      return new Failed(code, detail, null, true);
    }
  }
}
