package io.securegateway.server.journal;

import io.securegateway.core.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One call as people see it: its decision and what became of it.
 *
 * @param seq of the decision; rows are ordered and paged by it
 * @param time UTC milliseconds
 * @param status allowed, denied, approval_required, invalid, error, or pending while the call is
 *     under way
 * @param replaces the call whose arguments a plugin changed, or that waited for a person: this row
 *     stands for it
 * @param screens what plugins said, in order
 * @param latency milliseconds from the decision to the recorded end; null while unknown
 */
public record CallRow(
    long seq,
    long time,
    String project,
    String call,
    String key,
    String model,
    String session,
    String uid,
    String tool,
    String status,
    String code,
    String reason,
    @Nullable String rule,
    String policy,
    int risk,
    @Nullable Long latency,
    JsonNode input,
    @Nullable JsonNode output,
    @Nullable String replaces,
    List<Event.CallScreened> screens) {
  /** The words that {@code status} may be. */
  public static final List<String> STATUSES =
      List.of("allowed", "denied", "approval_required", "invalid", "error", "pending");
}
