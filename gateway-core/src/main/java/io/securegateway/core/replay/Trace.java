package io.securegateway.core.replay;

import io.securegateway.api.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A session as a trace tells it.
 *
 * @param caller project, model and key; without a key the model stands for it
 * @param uid unique; the session's id if the trace has none
 * @param prompts oldest first; all are known before the first call
 * @param start UTC milliseconds
 * @param calls in their order
 * @param truth null if it is not labelled
 */
public record Trace(
    Caller caller,
    String session,
    String uid,
    List<String> prompts,
    long start,
    List<TracedCall> calls,
    @Nullable Truth truth) {

  /** How a traced call ended. */
  public enum Status {
    ALLOWED,
    DENIED,
    APPROVAL_REQUIRED,
    INVALID,
    ERROR,
    PENDING
  }

  /**
   * One call.
   *
   * @param index its place in the trace, from 0
   * @param output null if it is unknown
   * @param code the recorded reason code; null if there is none, or an unknown one
   * @param time UTC milliseconds; null to follow the call before
   * @param latency milliseconds until the result; 0 if unknown
   * @param problem why it cannot be judged; null if it can
   */
  public record TracedCall(
      int index,
      String id,
      String tool,
      JsonNode input,
      @Nullable JsonNode output,
      Status status,
      @Nullable String rule,
      io.securegateway.api.@Nullable Reason code,
      String reason,
      @Nullable Long time,
      long latency,
      @Nullable String problem) {}
}
