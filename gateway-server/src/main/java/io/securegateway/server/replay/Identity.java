package io.securegateway.server.replay;

import io.securegateway.core.decide.Decide;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.server.flow.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Decides every recorded call of a journal again: with the policy that was in force then, over the
 * facts folded so far. Every decision must come out equal, to the digest. Not thread-safe.
 */
public final class Identity {
  /** Most mismatches that are listed. */
  static final int MAX_LISTED = 100;

  private final Recovery past = new Recovery();
  private final Predicate<Recorded> concerned;
  private final List<Mismatch> mismatches = new ArrayList<>();
  private long checked;
  private long equal;

  /**
   * A decision that comes out otherwise.
   *
   * @param place where it is recorded, such as {@code seq 17}
   * @param id of the call
   * @param why what differs
   */
  public record Mismatch(String project, String place, String id, String why) {}

  /**
   * What came of the check.
   *
   * @param applies false if there is no policy to check the record against
   */
  public record Result(boolean applies, long checked, long equal, List<Mismatch> mismatches) {
    /** There was nothing to check against. */
    static final Result NONE = new Result(false, 0, 0, List.of());

    /** The share of equal decisions, with two decimals; 100.00 only if all are equal. */
    public String share() {
      if (checked == 0 || equal == checked) {
        return "100.00 %";
      }
      long hundredths = Math.min(9_999, equal * 10_000 / checked);
      return "%d.%02d %%".formatted(hundredths / 100, hundredths % 100);
    }
  }

  /** Of all decisions. */
  public Identity() {
    this(any -> true);
  }

  /** Of the decisions among these events; all events are folded. */
  Identity(Predicate<Recorded> concerned) {
    this.concerned = concerned;
  }

  /** The next event of the journal. */
  public void take(Recorded recorded) {
    if (recorded.event() instanceof Event.CallDecided decided && concerned.test(recorded)) {
      check(recorded, decided);
    }
    past.take(recorded);
  }

  private void check(Recorded recorded, Event.CallDecided event) {
    Recovery.Project then = past.projectOrEmpty(recorded.project());
    Decision was = event.decision();
    Decision now = Decide.decide(then.policy(), then.facts(), event.call());
    checked++;
    boolean same =
        now.digest().equals(was.digest())
            && now.effect() == was.effect()
            && now.rules().equals(was.rules())
            && now.charges().equals(was.charges())
            && now.revision().equals(was.revision());
    if (same) {
      equal++;
    } else if (mismatches.size() < MAX_LISTED) {
      mismatches.add(
          new Mismatch(
              recorded.project(),
              "seq " + recorded.seq(),
              event.call().id(),
              was.revision().equals(now.revision())
                  ? "recorded %s %s %s, now %s %s %s"
                      .formatted(
                          was.effect(),
                          was.rules(),
                          was.charges(),
                          now.effect(),
                          now.rules(),
                          now.charges())
                  : "recorded under revision %s, but %s was in force"
                      .formatted(was.revision(), now.revision())));
    }
  }

  /** A project as it is after the events taken so far. */
  public Recovery.Project project(String id) {
    return past.projectOrEmpty(id);
  }

  /** What came of it so far. */
  public Result result() {
    return new Result(true, checked, equal, List.copyOf(mismatches));
  }
}
