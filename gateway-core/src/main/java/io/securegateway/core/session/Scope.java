package io.securegateway.core.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePVector;

/**
 * What happened in one session, under one key or in one project. Each kind has a mark: facts of
 * that time or earlier may be missing; {@link Long#MIN_VALUE} says that none is.
 *
 * @param calls the kept calls, by {@code seq}
 * @param missing mark of the calls
 * @param tools what is known of each tool, over the whole life of the scope
 * @param toolsMissing mark of the tools that were admitted or released
 * @param deniedMissing mark of the tools that were only denied
 * @param denials times of the kept denials, never decreasing
 * @param denied how many denials there were in all
 * @param denialsMissing mark of the denials
 */
public record Scope(
    TreePMap<Long, CallFact> calls,
    long missing,
    PMap<String, Tally> tools,
    long toolsMissing,
    long deniedMissing,
    TreePVector<Long> denials,
    long denied,
    long denialsMissing) {
  /** Most denials of which the times are kept. */
  static final int MAX_DENIALS = 1_000;

  /** Most tools that are told apart. */
  static final int MAX_TOOLS = 512;

  /** Nothing happened. */
  public static final Scope EMPTY =
      new Scope(
          TreePMap.empty(),
          Long.MIN_VALUE,
          HashTreePMap.empty(),
          Long.MIN_VALUE,
          Long.MIN_VALUE,
          TreePVector.empty(),
          0,
          Long.MIN_VALUE);

  Scope plus(CallFact call) {
    return with(calls.plus(call.seq(), call), missing)
        .tally(call.tool(), tallyOf(call.tool()).plus(call.state(), 1, call.time()));
  }

  /** Replaces what is known of a call that happened here. */
  Scope change(CallFact before, CallFact after) {
    Scope changed =
        calls.containsKey(after.seq()) ? with(calls.plus(after.seq(), after), missing) : this;
    if (before.state() == after.state() || !tools.containsKey(after.tool())) {
      return changed;
    }
    Tally tally =
        tallyOf(after.tool())
            .plus(before.state(), -1, after.time())
            .plus(after.state(), 1, after.time());
    return changed.tally(after.tool(), tally);
  }

  Scope released(String tool, long time) {
    return tally(tool, tallyOf(tool).releasedAt(time));
  }

  Scope forget(CallFact call) {
    return calls.containsKey(call.seq())
        ? with(calls.minus(call.seq()), Math.max(missing, call.time()))
        : this;
  }

  Scope denial(long time) {
    TreePVector<Long> times = denials.plus(time);
    long mark = denialsMissing;
    if (times.size() > MAX_DENIALS) {
      mark = times.get(0);
      times = times.minus(0);
    }
    return new Scope(calls, missing, tools, toolsMissing, deniedMissing, times, denied + 1, mark);
  }

  private Scope with(TreePMap<Long, CallFact> changed, long mark) {
    return new Scope(
        changed, mark, tools, toolsMissing, deniedMissing, denials, denied, denialsMissing);
  }

  private Tally tallyOf(String tool) {
    return tools.getOrDefault(tool, Tally.NONE);
  }

  private Scope tally(String tool, Tally tally) {
    PMap<String, Tally> changed = tools.plus(tool, tally);
    long lost = toolsMissing;
    long lostDenied = deniedMissing;
    if (changed.size() > MAX_TOOLS) {
      List<Map.Entry<String, Tally>> entries = new ArrayList<>(changed.entrySet());
      entries.sort(Scope::order);
      for (Map.Entry<String, Tally> least : entries.subList(0, MAX_TOOLS / 8)) {
        changed = changed.minus(least.getKey());
        if (!least.getValue().idle()) {
          lost = Math.max(lost, least.getValue().last());
        }
        lostDenied = Math.max(lostDenied, least.getValue().last());
      }
    }
    return new Scope(calls, missing, changed, lost, lostDenied, denials, denied, denialsMissing);
  }

  /** What to forget first: tools that were only denied, then the longest unheard of. */
  private static int order(Map.Entry<String, Tally> a, Map.Entry<String, Tally> b) {
    if (a.getValue().idle() != b.getValue().idle()) {
      return a.getValue().idle() ? -1 : 1;
    }
    int order = Long.compare(a.getValue().last(), b.getValue().last());
    return order != 0 ? order : a.getKey().compareTo(b.getKey());
  }
}
