package io.securegateway.server.plugin;

import io.securegateway.api.Reason;
import tools.jackson.databind.JsonNode;

/** What a plugin says of a call, a result or a prompt. */
sealed interface Verdict {
  /** Nothing, or a note. */
  record Passed(String note) implements Verdict {}

  /** No. */
  record Denied(String reason) implements Verdict {}

  /** Yes, but with this instead. */
  record Modified(JsonNode value, String reason) implements Verdict {}

  /** It could not say anything. */
  record Failed(Reason code, String detail) implements Verdict {}
}
