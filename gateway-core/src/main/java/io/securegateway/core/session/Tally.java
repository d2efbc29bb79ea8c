package io.securegateway.core.session;

import io.securegateway.core.policy.CallStatus;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * What is known of one tool in one scope, over the scope's whole life.
 *
 * @param counts how many calls are in each state
 * @param released when a result of it last reached the caller; {@link Long#MIN_VALUE} for never
 * @param last when it was last heard of
 */
public record Tally(PMap<CallState, Integer> counts, long released, long last) {
  static final Tally NONE = new Tally(HashTreePMap.empty(), Long.MIN_VALUE, Long.MIN_VALUE);

  Tally plus(CallState state, int more, long time) {
    int count = counts.getOrDefault(state, 0) + more;
    return new Tally(
        count <= 0 ? counts.minus(state) : counts.plus(state, count),
        released,
        Math.max(last, time));
  }

  Tally releasedAt(long time) {
    return new Tally(counts, Math.max(released, time), Math.max(last, time));
  }

  /** How many calls have one of these statuses; see {@link CallState#isOneOf}. */
  public int count(Set<CallStatus> wanted, boolean early) {
    int sum = 0;
    for (var entry : counts.entrySet()) {
      if (entry.getKey().isOneOf(wanted, early)) {
        sum += entry.getValue();
      }
    }
    return sum;
  }

  /** Whether only denials are known of it: then it is the first to be forgotten. */
  boolean idle() {
    return released == Long.MIN_VALUE
        && counts.keySet().stream().allMatch(state -> state == CallState.DENIED);
  }
}
