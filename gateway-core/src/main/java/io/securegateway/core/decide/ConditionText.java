package io.securegateway.core.decide;

import io.securegateway.core.policy.CallStatus;
import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Operator;
import io.securegateway.core.policy.Per;
import io.securegateway.core.policy.SessionCondition;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Conditions and limits in the words of the policy language, on one line. */
public final class ConditionText {
  private ConditionText() {}

  /** One key of {@code when}. */
  public static String of(Condition condition) {
    return condition.operand().text() + " " + all(condition.operators());
  }

  private static String all(List<Operator> operators) {
    return operators.stream().map(ConditionText::of).collect(Collectors.joining(", "));
  }

  private static String of(Operator operator) {
    return switch (operator) {
      case Operator.Eq(JsonNode value) -> "eq " + value;
      case Operator.Ne(JsonNode value) -> "ne " + value;
      case Operator.In(var values) -> "in " + values;
      case Operator.NotIn(var values) -> "not_in " + values;
      case Operator.Compare(var relation, var bound) ->
          relation.name().toLowerCase(Locale.ROOT) + " " + bound.toPlainString();
      case Operator.Prefix(var text) -> "prefix \"" + text + '"';
      case Operator.Suffix(var text) -> "suffix \"" + text + '"';
      case Operator.Contains(var value) -> "contains " + value;
      case Operator.GlobMatch(var globs) -> "glob " + globs(globs);
      case Operator.Re2Match(var pattern) -> "re2 \"" + pattern.pattern() + '"';
      case Operator.HostIn(var hosts) -> "host_in " + hosts;
      case Operator.PathUnder(var roots) ->
          "path_under " + roots.stream().map(root -> root.isEmpty() ? "/" : root).toList();
      case Operator.Cidr(var blocks) ->
          "cidr " + blocks.stream().map(Operator.Block::text).toList();
      case Operator.Size(var least, var most) ->
          "size" + (least == null ? "" : " ge " + least) + (most == null ? "" : " le " + most);
      case Operator.Exists(var expected) -> "exists " + expected;
      case Operator.TypeIs(var types) -> "type " + types.stream().sorted().toList();
      case Operator.Any(var each) -> "any (" + all(each) + ")";
      case Operator.All(var each) -> "all (" + all(each) + ")";
      case Operator.Hours hours -> hours(hours);
    };
  }

  private static String hours(Operator.Hours hours) {
    String days =
        hours.days().size() == 7
            ? ""
            : " days "
                + hours.days().stream()
                    .sorted()
                    .map(day -> day.name().substring(0, 3).toLowerCase(Locale.ROOT))
                    .toList();
    return "between %s-%s%s zone %s"
        .formatted(
            hours.from() == null ? "00:00" : hours.from(),
            hours.to() == null ? "24:00" : hours.to(),
            days,
            hours.zone());
  }

  /** One operator of {@code session}. */
  public static String of(SessionCondition condition) {
    return switch (condition) {
      case SessionCondition.Touched c ->
          "touched "
              + (c.any() ? "any of " : "")
              + c.labels().stream().sorted().toList()
              + over(c.per(), c.within());
      case SessionCondition.Denials c -> "denials ge " + c.atLeast() + over(c.per(), c.within());
      case SessionCondition.Calls c ->
          "calls "
              + globs(c.tools())
              + statuses(c.status())
              + " ge "
              + c.atLeast()
              + over(c.per(), c.within());
      case SessionCondition.Lacks c ->
          "lacks " + globs(c.tools()) + statuses(c.status()) + over(c.per(), c.within());
      case SessionCondition.Distinct c ->
          "distinct of " + c.of().text() + " gt " + c.moreThan() + over(c.per(), c.within());
      case SessionCondition.Age c -> "age ge " + time(c.atLeast());
      case SessionCondition.Risk c -> "risk ge " + c.atLeast().toPlainString();
      case SessionCondition.NotFrom c ->
          "value_of "
              + c.value().text()
              + " not_from "
              + globs(c.tools())
              + " at "
              + c.result().text()
              + over(c.per(), c.within());
      case SessionCondition.From c ->
          "value_of " + c.value().text() + " from " + globs(c.tools()) + over(c.per(), c.within());
      case SessionCondition.PromptContains c -> "prompt_contains " + c.folded();
    };
  }

  /** What a limit bounds, without whose calls. */
  public static String of(Limit limit) {
    String bound =
        switch (limit.bound()) {
          case Limit.Calls(int most) -> "calls " + most;
          case Limit.Sum(var of, var most) -> "sum " + of.text() + " le " + most.toPlainString();
        };
    Duration within = limit.within();
    return bound + (within == null ? "" : " within " + time(within)) + " per " + limit.per().word();
  }

  private static String over(Per per, @Nullable Duration within) {
    return (within == null ? "" : " within " + time(within))
        + (per == Per.SESSION ? "" : " per " + per.word());
  }

  private static String globs(List<Glob> globs) {
    return globs.isEmpty()
        ? "any tool"
        : globs.stream().map(Glob::text).collect(Collectors.joining(", "));
  }

  private static String statuses(Set<CallStatus> statuses) {
    return " " + statuses.stream().sorted().map(CallStatus::word).collect(Collectors.joining("/"));
  }

  /** In the largest unit that divides it. */
  static String time(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds > 0 && seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
