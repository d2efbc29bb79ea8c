package io.securegateway.server.flow;

import io.securegateway.core.decide.Explain;
import io.securegateway.core.decide.Explanation;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.server.journal.CallLog;
import java.util.Optional;

/**
 * Goes back to the moment of a decision: folds the journal up to it and lets the same evaluation
 * tell it in full. Blocks on I/O, for as long as reading the journal takes.
 */
public final class Rewind {
  private Rewind() {}

  /**
   * A past decision told in full.
   *
   * @param equal whether the recomputed decision has the recorded digest
   */
  public record Told(Event.CallDecided decided, Explanation explanation, boolean equal) {}

  /** The decision of a call of a project; empty if the journal has no such call. */
  public static Optional<Told> explain(CallLog.Scan journal, String project, String callId) {
    Recovery past = new Recovery();
    Told[] told = new Told[1];
    journal.from(
        1,
        recorded -> {
          boolean ours =
              recorded.project().equals(project) || recorded.project().equals(Recorded.GATEWAY);
          if (!ours) {
            return true;
          }
          if (recorded.event() instanceof Event.CallDecided decided
              && decided.call().id().equals(callId)) {
            told[0] = tell(past, project, decided);
            return false;
          }
          return past.take(recorded);
        });
    return Optional.ofNullable(told[0]);
  }

  private static Told tell(Recovery past, String project, Event.CallDecided decided) {
    Recovery.Project then = past.projectOrEmpty(project);
    Explanation explanation = Explain.explain(then.policy(), then.facts(), decided.call());
    return new Told(
        decided, explanation, explanation.decision().digest().equals(decided.decision().digest()));
  }
}
