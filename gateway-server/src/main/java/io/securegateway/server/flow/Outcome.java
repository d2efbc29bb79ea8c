package io.securegateway.server.flow;

import io.securegateway.api.Reason;
import io.securegateway.core.event.Event.CallDecided;
import io.securegateway.server.schema.Check;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How a call ended, for the door that made it. Everything told here is durable. */
public sealed interface Outcome {
  /** The tool answered and the answer was accepted. */
  record Allowed(CallDecided decided, JsonNode result) implements Outcome {}

  /** Refused by the policy. */
  record Denied(CallDecided decided) implements Outcome {}

  /** Allowed by the policy, but refused by a plugin, or because one could not be asked. */
  record Screened(CallDecided decided, Reason code, String detail) implements Outcome {}

  /** Waits for a person. */
  record Asked(CallDecided decided, String approvalId) implements Outcome {}

  /** Allowed, but the arguments do not fit the tool's schema: nothing was sent. */
  record Invalid(CallDecided decided, List<Check.Failure> failures) implements Outcome {}

  /** Allowed, but the tool did not give an acceptable answer. */
  record Failed(CallDecided decided, Reason code, String detail) implements Outcome {}

  /** The gateway cannot take the call now; nothing was sent. */
  record Refused(Reason code, String detail) implements Outcome {}
}
