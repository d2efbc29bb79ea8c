package io.securegateway.core.replay;

import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.replay.Trace.TracedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Replays traces: each session is a world of its own. Pure. */
public final class TraceReplay {
  private TraceReplay() {}

  /** What the policy says of each call of a trace that can be judged, in order. */
  public static List<Judged> judge(Trace trace, Policy policy, ReplayMode mode) {
    return judge(trace, policy, mode, () -> {});
  }

  /** The same; {@code step} comes before each event, and ends it by what it throws. */
  public static List<Judged> judge(Trace trace, Policy policy, ReplayMode mode, Runnable step) {
    List<Judged> judged = new ArrayList<>();
    each(TraceEvents.of(trace), trace, policy, mode, step, judged::add);
    return judged;
  }

  private static void each(
      List<Recorded> events,
      Trace trace,
      Policy policy,
      ReplayMode mode,
      Runnable step,
      Consumer<Judged> consumer) {
    Course course = new Course(policy, mode, trace.caller().project());
    for (Recorded event : events) {
      step.run();
      course.take(event).ifPresent(consumer);
    }
  }

  /** Counts a trace. */
  public static void count(Trace trace, Policy policy, ReplayMode mode, Tally tally) {
    count(trace, policy, mode, tally, () -> {});
  }

  /** The same; {@code step} comes before each event, and ends it by what it throws. */
  public static void count(
      Trace trace, Policy policy, ReplayMode mode, Tally tally, Runnable step) {
    boolean[] blocks = new boolean[2];
    List<TracedCall> calls = trace.calls().stream().filter(call -> call.problem() == null).toList();
    each(
        TraceEvents.of(trace),
        trace,
        policy,
        mode,
        step,
        judged -> {
          tally.count(placed(judged, calls.get(judged.index()).index()));
          blocks[0] |= judged.change().blocks();
          blocks[1] |= judged.change().blocks() && judged.change() != Change.NEWLY_ASKS;
        });
    for (int left = trace.calls().size() - calls.size(); left > 0; left--) {
      tally.unreplayable();
    }
    Truth truth = trace.truth();
    if (truth != null) {
      tally.labels().count(truth, blocks[0], !blocks[1]);
    }
  }

  /** With its place in the whole trace, calls that cannot be judged included. */
  private static Judged placed(Judged judged, int index) {
    return new Judged(
        judged.uid(),
        index,
        judged.call(),
        judged.change(),
        judged.was(),
        judged.decision(),
        judged.first(),
        judged.after(),
        judged.retry());
  }
}
