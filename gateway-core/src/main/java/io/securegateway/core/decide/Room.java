package io.securegateway.core.decide;

import io.securegateway.api.Caller;
import io.securegateway.core.json.Canonical;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Per;
import io.securegateway.core.session.CallFact;
import io.securegateway.core.session.LimitState;
import io.securegateway.core.session.Window;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether a limit has room for a call, and what the call takes from it. */
final class Room {
  private Room() {}

  /**
   * What a limit says of a call.
   *
   * @param room whether there is room; an error if that cannot be told
   * @param charge what the call takes; null if the amount is no number or negative
   * @param retryAfter milliseconds until there may be room; null if there is, or that is unknown
   */
  record Answer(Kleene room, @Nullable Charge charge, @Nullable Long retryAfter) {}

  static Answer of(Limit limit, Past past, String uid) {
    BigDecimal amount = amount(limit, past.call().arguments());
    if (amount == null) {
      return new Answer(Kleene.ERROR, null, null);
    }
    Caller caller = past.call().caller();
    String group =
        group(limit.per(), uid, caller.key(), caller.model(), past.call().tool(), caller.project());
    Charge charge = new Charge(limit.id(), group, amount);
    LimitState state = past.facts().limits().get(limit.id());
    Window window = state == null ? LimitFill.window(limit, group, past) : state.window(group);
    long width = LimitFill.width(limit);
    long time = past.call().time();
    if (!window.complete(time, width)) {
      long wait = width < 0 ? -1 : window.missing() + width - time;
      return new Answer(Kleene.ERROR, charge, wait > 0 ? wait : null);
    }
    BigDecimal most =
        switch (limit.bound()) {
          case Limit.Calls(int calls) -> BigDecimal.valueOf(calls);
          case Limit.Sum(Path _, BigDecimal sum) -> sum;
        };
    BigDecimal over =
        window
            .sum(time, width)
            .subtract(own(past, charge, window, time, width))
            .add(amount)
            .subtract(most);
    return over.signum() <= 0
        ? new Answer(Kleene.TRUE, charge, null)
        : new Answer(Kleene.FALSE, charge, wait(window, over, time, width));
  }

  /** What an earlier decision of the same call holds of the window: this one takes it over. */
  private static BigDecimal own(Past past, Charge charge, Window window, long time, long width) {
    if (past.own() != null) {
      for (Charge held : past.own().charges()) {
        if (held.limit().equals(charge.limit()) && held.group().equals(charge.group())) {
          return window.held(past.own().fact().seq(), held.amount(), time, width);
        }
      }
    }
    return BigDecimal.ZERO;
  }

  /** How long until enough of the window has left it. */
  private static @Nullable Long wait(Window window, BigDecimal over, long time, long width) {
    BigDecimal left = over;
    for (Window.Entry entry : window.entries().values()) {
      if (width >= 0 && entry.time() > time - width) {
        left = left.subtract(entry.amount());
        if (left.signum() <= 0) {
          return entry.time() + width - time;
        }
      }
    }
    return null;
  }

  /** What a call takes: 1, or the summand; null if that is missing, no number, or negative. */
  static @Nullable BigDecimal amount(Limit limit, JsonNode arguments) {
    return switch (limit.bound()) {
      case Limit.Calls(_) -> BigDecimal.ONE;
      case Limit.Sum(Path of, _) -> {
        JsonNode value = Values.one(arguments, of.steps());
        BigDecimal amount = value != null && value.isNumber() ? Canonical.number(value) : null;
        yield amount == null || amount.signum() < 0 ? null : amount;
      }
    };
  }

  /** Whose share a past call took. */
  static String group(Per per, CallFact call) {
    return group(per, call.uid(), call.key(), call.model(), call.tool(), "project");
  }

  /** Whose share: of that session, key, model or tool, or the project's. */
  static String group(Per per, String uid, String key, String model, String tool, String project) {
    return switch (per) {
      case SESSION -> uid;
      case KEY -> key;
      case MODEL -> model;
      case TOOL -> tool;
      case PROJECT -> "project";
    };
  }
}
