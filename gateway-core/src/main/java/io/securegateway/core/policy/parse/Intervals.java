package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Operator;
import io.securegateway.core.policy.Operator.Relation;
import io.securegateway.core.policy.Position;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The numbers that satisfy all bounds of one condition, narrowed step by step. */
final class Intervals {
  private @Nullable BigDecimal low;
  private @Nullable BigDecimal high;
  private boolean lowOpen;
  private boolean highOpen;

  private Intervals() {}

  /** Reports bounds that no number keeps. */
  static void check(Report report, Position at, List<Operator> operators) {
    Intervals interval = new Intervals();
    for (Operator operator : operators) {
      if (operator instanceof Operator.Compare c) {
        interval.narrow(c.relation(), c.bound());
      } else if (operator instanceof Operator.Eq eq && eq.value().isNumber()) {
        interval.narrow(Relation.GE, eq.value().decimalValue());
        interval.narrow(Relation.LE, eq.value().decimalValue());
      }
    }
    if (interval.isEmpty()) {
      report.error(
          at,
          "empty-interval",
          "No number satisfies these bounds together.",
          "Exchange the bounds, or remove one.");
    }
  }

  private void narrow(Relation relation, BigDecimal bound) {
    switch (relation) {
      case GT, GE -> {
        int order = low == null ? 1 : bound.compareTo(low);
        lowOpen =
            order > 0
                ? relation == Relation.GT
                : lowOpen || (order == 0 && relation == Relation.GT);
        low = order > 0 ? bound : low;
      }
      case LT, LE -> {
        int order = high == null ? -1 : bound.compareTo(high);
        highOpen =
            order < 0
                ? relation == Relation.LT
                : highOpen || (order == 0 && relation == Relation.LT);
        high = order < 0 ? bound : high;
      }
    }
  }

  private boolean isEmpty() {
    if (low == null || high == null) {
      return false;
    }
    int order = low.compareTo(high);
    return order > 0 || (order == 0 && (lowOpen || highOpen));
  }
}
