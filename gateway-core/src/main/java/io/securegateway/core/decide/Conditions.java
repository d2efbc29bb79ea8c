package io.securegateway.core.decide;

import io.securegateway.core.json.Canonical;
import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Operand;
import io.securegateway.core.policy.Operator;
import io.securegateway.core.policy.Path;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** {@code when}: conditions about one call. Pure; hostile values are errors, never exceptions. */
public final class Conditions {
  private Conditions() {}

  /** Whether all conditions hold and, where {@code closed} is given, no other argument occurs. */
  static Kleene all(List<Condition> when, @Nullable List<String> closed, Asked asked) {
    if (closed != null && !closed.containsAll(asked.arguments().propertyNames())) {
      return Kleene.FALSE;
    }
    Kleene truth = Kleene.TRUE;
    for (int i = 0; i < when.size() && truth != Kleene.FALSE; i++) {
      truth = truth.and(test(when.get(i), asked));
    }
    return truth;
  }

  /** Whether one condition holds. */
  static Kleene test(Condition condition, Asked asked) {
    Kleene truth = Kleene.TRUE;
    List<Operator> operators = condition.operators();
    for (int i = 0; i < operators.size() && truth != Kleene.FALSE; i++) {
      truth = truth.and(test(operators.get(i), condition.operand(), asked));
    }
    return truth;
  }

  private static Kleene test(Operator operator, Operand operand, Asked asked) {
    return switch (operand) {
      case Operand.Time() ->
          operator instanceof Operator.Hours hours
              ? Kleene.of(WallClock.within(hours, asked.time()))
              : Kleene.ERROR;
      case Operand.Model() -> value(operator, StringNode.valueOf(asked.model()), asked.work());
      case Operand.ClientName() ->
          value(
              operator,
              asked.client() == null ? null : StringNode.valueOf(asked.client()),
              asked.work());
      case Operand.Argument(Path path) -> argument(operator, path.steps(), asked);
    };
  }

  private static Kleene argument(Operator operator, List<Path.Step> steps, Asked asked) {
    JsonNode arguments = asked.arguments();
    PatternWork work = asked.work();
    int each = Values.firstEach(steps);
    if (each < 0) {
      return value(operator, Values.one(arguments, steps), work);
    }
    JsonNode list = Values.one(arguments, steps.subList(0, each));
    List<Path.Step> rest = steps.subList(each + 1, steps.size());
    return switch (operator) {
      case Operator.Any(List<Operator> tests) -> elements(list, rest, tests, true, work);
      case Operator.All(List<Operator> tests) -> elements(list, rest, tests, false, work);
      case Operator.Exists(boolean expected) ->
          Kleene.of(expected == (list != null && list.isArray() && !list.isEmpty()));
      case Operator.TypeIs(_) -> Kleene.FALSE;
      default -> Kleene.ERROR;
    };
  }

  private static Kleene elements(
      @Nullable JsonNode list,
      List<Path.Step> rest,
      List<Operator> tests,
      boolean any,
      PatternWork work) {
    if (list == null || !list.isArray() || Values.firstEach(rest) >= 0) {
      return Kleene.ERROR;
    }
    Kleene truth = Kleene.of(!any);
    for (int i = 0; i < list.size(); i++) {
      JsonNode element = Values.one(list.get(i), rest);
      Kleene one = Kleene.TRUE;
      for (Operator test : tests) {
        one = one.and(value(test, element, work));
      }
      truth = any ? truth.or(one) : truth.and(one);
    }
    return truth;
  }

  /** Whether the operator holds of a value; null is a missing one. */
  static Kleene value(Operator operator, @Nullable JsonNode value, PatternWork work) {
    if (operator instanceof Operator.Exists(boolean expected)) {
      return Kleene.of(expected == (value != null));
    }
    if (operator instanceof Operator.TypeIs is) {
      return Kleene.of(value != null && is.types().contains(Values.type(value)));
    }
    if (value == null || value.isNull()) {
      return Kleene.ERROR;
    }
    return switch (operator) {
      case Operator.Eq(JsonNode expected) -> equal(value, expected);
      case Operator.Ne(JsonNode expected) -> equal(value, expected).not();
      case Operator.In(List<JsonNode> members) -> in(value, members);
      case Operator.NotIn(List<JsonNode> members) -> in(value, members).not();
      case Operator.Compare(Operator.Relation relation, BigDecimal bound) ->
          value.isNumber() ? compare(Canonical.number(value), relation, bound) : Kleene.ERROR;
      case Operator.Prefix(String text) ->
          value.isString() ? Kleene.of(value.stringValue().startsWith(text)) : Kleene.ERROR;
      case Operator.Suffix(String text) ->
          value.isString() ? Kleene.of(value.stringValue().endsWith(text)) : Kleene.ERROR;
      case Operator.Contains(JsonNode part) -> contains(value, part);
      case Operator.GlobMatch(List<Glob> globs) ->
          value.isString() ? Kleene.of(matches(globs, value.stringValue())) : Kleene.ERROR;
      case Operator.Re2Match(com.google.re2j.Pattern pattern) ->
          value.isString() ? work.matches(pattern, value.stringValue()) : Kleene.ERROR;
      case Operator.HostIn(List<String> hosts) ->
          value.isString() ? Urls.in(value.stringValue(), hosts) : Kleene.ERROR;
      case Operator.PathUnder(List<String> roots) ->
          value.isString() ? Paths.under(value.stringValue(), roots) : Kleene.ERROR;
      case Operator.Cidr(List<Operator.Block> blocks) ->
          value.isString() ? Addresses.in(value.stringValue(), blocks) : Kleene.ERROR;
      case Operator.Size size -> size(size, value);
      case Operator.Any(List<Operator> tests) -> elements(value, List.of(), tests, true, work);
      case Operator.All(List<Operator> tests) -> elements(value, List.of(), tests, false, work);
      case Operator.Hours _, Operator.Exists _, Operator.TypeIs _ -> Kleene.ERROR;
    };
  }

  private static Kleene equal(JsonNode value, JsonNode expected) {
    return Values.isScalar(value) && Values.type(value).equals(Values.type(expected))
        ? Kleene.of(Canonical.equal(value, expected))
        : Kleene.ERROR;
  }

  private static Kleene in(JsonNode value, List<JsonNode> members) {
    Kleene truth = Kleene.ERROR;
    for (JsonNode member : members) {
      Kleene same = equal(value, member);
      if (same == Kleene.TRUE) {
        return same;
      }
      truth = same == Kleene.FALSE ? same : truth;
    }
    return truth;
  }

  private static Kleene compare(BigDecimal value, Operator.Relation relation, BigDecimal bound) {
    int order = value.compareTo(bound);
    return Kleene.of(
        switch (relation) {
          case LT -> order < 0;
          case LE -> order <= 0;
          case GT -> order > 0;
          case GE -> order >= 0;
        });
  }

  private static Kleene contains(JsonNode value, JsonNode part) {
    if (value.isString()) {
      return part.isString()
          ? Kleene.of(value.stringValue().contains(part.stringValue()))
          : Kleene.ERROR;
    }
    if (!value.isArray()) {
      return Kleene.ERROR;
    }
    Kleene truth = Kleene.FALSE;
    for (int i = 0; i < value.size(); i++) {
      truth = truth.or(equal(value.get(i), part));
    }
    return truth;
  }

  private static Kleene size(Operator.Size size, JsonNode value) {
    if (!value.isString() && !value.isArray() && !value.isObject()) {
      return Kleene.ERROR;
    }
    long length =
        value.isString()
            ? value.stringValue().codePointCount(0, value.stringValue().length())
            : value.size();
    Long least = size.atLeast();
    Long most = size.atMost();
    return Kleene.of((least == null || length >= least) && (most == null || length <= most));
  }

  /** Whether any of the globs matches the whole text. */
  static boolean matches(List<Glob> globs, String text) {
    for (int i = 0; i < globs.size(); i++) {
      if (globs.get(i).matches(text)) {
        return true;
      }
    }
    return false;
  }
}
