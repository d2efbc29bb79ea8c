package io.securegateway.core.decide;

import io.securegateway.core.call.Call;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Per;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.session.CallFact;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.Held;
import io.securegateway.core.session.KeyFacts;
import io.securegateway.core.session.LimitState;
import io.securegateway.core.session.Scope;
import io.securegateway.core.session.SessionFacts;
import io.securegateway.core.session.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** What was taken from a limit before it existed, from the calls that the facts hold. */
public final class LimitFill {
  private LimitFill() {}

  /** The limits of a policy: those whose id stays with their state, the new ones filled. */
  public static PMap<String, LimitState> all(Policy policy, Facts facts) {
    ToolIndex index = ToolIndex.of(policy);
    PMap<String, LimitState> states = HashTreePMap.empty();
    for (Limit limit : enforced(policy)) {
      states = states.plus(limit.id(), one(limit, facts, index));
    }
    return states;
  }

  /** The reservations, with what they take from the limits that are new. */
  public static PMap<String, Held> held(Policy policy, Facts facts) {
    ToolIndex index = ToolIndex.of(policy);
    PMap<String, Held> reservations = facts.held();
    for (Map.Entry<String, Held> entry : facts.held().entrySet()) {
      CallFact call = entry.getValue().fact();
      Map<String, Charge> charges = new TreeMap<>();
      Set<String> ids = new HashSet<>();
      for (Limit limit : enforced(policy)) {
        boolean added = ids.add(limit.id()) && !facts.limits().containsKey(limit.id());
        if (added && call.charged() && selects(limit, call, index)) {
          Asked.of(call)
              .map(asked -> amount(limit, asked))
              .ifPresent(
                  amount ->
                      charges.put(
                          limit.id(),
                          new Charge(limit.id(), Room.group(limit.per(), call), amount)));
        }
      }
      for (Charge charge : entry.getValue().charges()) {
        if (ids.contains(charge.limit())) {
          charges.put(charge.limit(), charge);
        }
      }
      Held changed = new Held(call, List.copyOf(charges.values()));
      reservations = reservations.plus(entry.getKey(), changed);
    }
    return reservations;
  }

  /**
   * What a call that was let through takes from a policy's limits, whatever that policy says of it.
   *
   * @param uid its session's unique id
   */
  public static List<Charge> charges(Policy policy, Call call, String uid) {
    ToolIndex index = ToolIndex.of(policy);
    Asked asked = Asked.of(call);
    Map<String, Charge> charges = new TreeMap<>();
    for (Limit limit : enforced(policy)) {
      boolean selects =
          ToolIndex.selects(limit.selector(), asked.model(), asked.key())
              && ToolIndex.selects(
                  limit.selector(), asked.tool(), index.about(asked.tool()).labels());
      BigDecimal amount = selects ? amount(limit, asked) : null;
      if (amount != null) {
        String group =
            Room.group(limit.per(), uid, asked.key(), asked.model(), asked.tool(), "project");
        charges.put(limit.id(), new Charge(limit.id(), group, amount));
      }
    }
    return List.copyOf(charges.values());
  }

  private static List<Limit> enforced(Policy policy) {
    List<Limit> limits = new ArrayList<>(policy.limits());
    for (Rule rule : policy.rules()) {
      if (!rule.shadow()) {
        limits.addAll(rule.limits());
      }
    }
    return limits;
  }

  /** What a selected call takes, or null if the limit's conditions do not hold of it. */
  private static @Nullable BigDecimal amount(Limit limit, Asked asked) {
    return Conditions.all(limit.when(), limit.closed(), asked) == Kleene.TRUE
        ? Room.amount(limit, asked.arguments())
        : null;
  }

  private static LimitState one(Limit limit, Facts facts, ToolIndex index) {
    LimitState known = facts.limits().get(limit.id());
    if (known != null) {
      return known;
    }
    Map<String, Window> windows = new TreeMap<>();
    switch (limit.per()) {
      case SESSION -> {
        for (KeyFacts key : facts.keys().values()) {
          for (SessionFacts session : key.sessions().values()) {
            fill(limit, session.scope(), index, windows, session.uid());
          }
        }
      }
      case KEY -> facts.keys().forEach((id, key) -> fill(limit, key.scope(), index, windows, id));
      case MODEL, TOOL, PROJECT -> fill(limit, facts.scope(), index, windows, "");
    }
    long missing = limit.per() == Per.SESSION ? Long.MIN_VALUE : facts.scope().missing();
    long lost = windows.containsKey(LOST) ? windows.get(LOST).missing() : Long.MIN_VALUE;
    windows.remove(LOST);
    return new LimitState(
        width(limit),
        limit.per(),
        HashTreePMap.from(windows),
        Window.EMPTY,
        Math.max(missing, lost),
        facts.time());
  }

  private static final String LOST = "\0";

  /** The window of one group, for a limit that the facts do not keep. */
  static Window window(Limit limit, String group, Past past) {
    Map<String, Window> windows = new TreeMap<>();
    Scope scope = past.scope(limit.per());
    fill(limit, scope, past.index(), windows, limit.per() == Per.SESSION ? group : "");
    long lost = windows.containsKey(LOST) ? windows.get(LOST).missing() : Long.MIN_VALUE;
    Window found = windows.get(group);
    return found == null ? Window.empty(Math.max(scope.missing(), lost)) : found;
  }

  /** The width of a limit's window in milliseconds; negative for the whole session. */
  static long width(Limit limit) {
    Duration within = limit.within();
    return within == null ? -1 : within.toMillis();
  }

  private static void fill(
      Limit limit, Scope scope, ToolIndex index, Map<String, Window> windows, String only) {
    long width = width(limit);
    long lost = scope.missing();
    for (CallFact call : scope.calls().values()) {
      if (!call.charged() || !selects(limit, call, index)) {
        continue;
      }
      Optional<Asked> asked = Asked.of(call);
      if (asked.isEmpty()) {
        lost = Math.max(lost, call.time());
        continue;
      }
      BigDecimal amount = amount(limit, asked.get());
      if (amount != null) {
        String group = Room.group(limit.per(), call);
        Window before = windows.getOrDefault(group, Window.EMPTY);
        windows.put(group, before.plus(call.seq(), call.time(), amount, width));
      }
    }
    if (lost > Long.MIN_VALUE) {
      long mark = lost;
      windows.replaceAll(
          (group, window) ->
              group.equals(LOST) || (!only.isEmpty() && !group.equals(only))
                  ? window
                  : new Window(window.entries(), window.total(), mark));
      if (limit.per() == Per.SESSION) {
        windows.putIfAbsent(only, Window.empty(mark));
      } else {
        windows.merge(LOST, Window.empty(mark), (a, b) -> a.missing() > b.missing() ? a : b);
      }
    }
  }

  private static boolean selects(Limit limit, CallFact call, ToolIndex index) {
    return ToolIndex.selects(limit.selector(), call.model(), call.key())
        && ToolIndex.selects(limit.selector(), call.tool(), index.about(call.tool()).labels());
  }
}
