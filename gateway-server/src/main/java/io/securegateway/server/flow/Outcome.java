package io.securegateway.server.flow;

import io.securegateway.api.Reason;
import io.securegateway.core.event.Event.CallDecided;
import io.securegateway.server.schema.Check;
import io.securegateway.server.upstream.Original;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a call ended, for the door that made it. Everything told here is durable. */
public sealed interface Outcome {
  /**
   * The tool answered and the answer was accepted.
   *
   * @param original all that an MCP server said, if nothing of it was changed or refused; else null
   */
  record Allowed(CallDecided decided, JsonNode result, @Nullable Original original)
      implements Outcome {}

  /** Refused by the policy. */
  record Denied(CallDecided decided) implements Outcome {}

  /** Allowed by the policy, but refused by a plugin, or because one could not be asked. */
  record Screened(CallDecided decided, Reason code, String detail) implements Outcome {}

  /** Waits for a person. */
  record Asked(CallDecided decided, String approvalId) implements Outcome {}

  /** Allowed, but the arguments do not fit the tool's schema: nothing was sent. */
  record Invalid(CallDecided decided, List<Check.Failure> failures) implements Outcome {}

  /**
   * Allowed, but the tool did not give an acceptable answer.
   *
   * @param original all that an MCP server said of it, if the caller may have that; else null
   */
  record Failed(CallDecided decided, Reason code, String detail, @Nullable Original original)
      implements Outcome {
    Failed(CallDecided decided, Reason code, String detail) {
      this(decided, code, detail, null);
    }
  }

  /** The gateway cannot take the call now; nothing was sent. */
  record Refused(Reason code, String detail) implements Outcome {}
}
