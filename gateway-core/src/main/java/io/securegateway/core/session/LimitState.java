package io.securegateway.core.session;

import io.securegateway.core.decide.Charge;
import io.securegateway.core.policy.Per;
import java.math.BigDecimal;
import org.pcollections.PMap;

/**
 * What was taken from one limit. Tools are named by callers, so their groups are bounded: beyond
 * {@link #MAX_GROUPS} new groups share one window, which is stricter, never looser.
 *
 * @param width of the window in milliseconds; negative for the whole session
 * @param groups the windows by group
 * @param rest what groups without a window of their own share
 * @param missing mark of the groups that have no window
 * @param swept when spent groups were last removed
 */
public record LimitState(
    long width, Per per, PMap<String, Window> groups, Window rest, long missing, long swept) {
  /** Most groups of a limit per tool. */
  static final int MAX_GROUPS = 4_096;

  /** The window that a group is judged by. */
  public Window window(String group) {
    Window own = groups.get(group);
    if (own != null) {
      return own;
    }
    return per == Per.TOOL && rest.total().signum() > 0 ? rest : Window.empty(missing);
  }

  LimitState plus(Charge charge, long seq, long time) {
    LimitState state = swept(time);
    Window own = state.groups.get(charge.group());
    boolean shares =
        own == null
            && per == Per.TOOL
            && (state.groups.size() >= MAX_GROUPS || state.rest.total().signum() > 0);
    if (shares) {
      return state.with(state.groups, state.rest.plus(seq, time, charge.amount(), width));
    }
    Window before = own == null ? Window.empty(missing) : own;
    Window after = before.plus(seq, time, charge.amount(), width);
    return state.with(state.groups.plus(charge.group(), after), state.rest);
  }

  LimitState minus(Charge charge, long seq) {
    Window own = groups.get(charge.group());
    BigDecimal amount = charge.amount();
    return own == null
        ? with(groups, rest.entries().containsKey(seq) ? rest.minus(seq, amount, width) : rest)
        : with(groups.plus(charge.group(), own.minus(seq, amount, width)), rest);
  }

  LimitState without(String group) {
    return with(groups.minus(group), rest);
  }

  private LimitState with(PMap<String, Window> changed, Window other) {
    return new LimitState(width, per, changed, other, missing, swept);
  }

  /** Removes spent groups, at most eight times a window, so that it costs next to nothing. */
  private LimitState swept(long time) {
    if (width < 0 || groups.size() < 64 || time - swept < Math.max(1, width / 8)) {
      return this;
    }
    PMap<String, Window> left = groups;
    for (var entry : groups.entrySet()) {
      if (entry.getValue().spent(time, width) && missing <= time - width) {
        left = left.minus(entry.getKey());
      }
    }
    Window other = rest.spent(time, width) ? Window.EMPTY : rest;
    return new LimitState(width, per, left, other, missing, time);
  }
}
