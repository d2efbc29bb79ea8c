package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Operand;
import io.securegateway.core.policy.Operator;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.yaml.YamlNode;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code when}: which operand, and the operators that make sense of it. */
final class WhenParser {
  private static final Set<String> ON_TIME = Set.of("between", "days", "zone");
  private static final Set<String> ON_CLIENT =
      Set.copyOf(
          List.of(
              "eq", "ne", "in", "not_in", "prefix", "suffix", "contains", "glob", "re2", "exists"));
  private static final Set<String> OPERANDS = Set.of("model", "client.name", "time", "args.…");

  private final Report report;
  private final Values values;
  private final OperatorParser operators;

  WhenParser(Report report) {
    this.report = report;
    this.values = new Values(report);
    this.operators = new OperatorParser(report);
  }

  /** All conditions of a {@code when}. */
  List<Condition> parse(YamlNode node) {
    List<Condition> conditions = new ArrayList<>();
    values
        .mapping(node, "when", "Write conditions, such as `args.amount: { le: 500 }`.")
        .ifPresent(map -> map.entries().forEach(e -> condition(e).ifPresent(conditions::add)));
    return List.copyOf(conditions);
  }

  private Optional<Condition> condition(YamlNode.Entry entry) {
    Position at = entry.key().at();
    Optional<Operand> operand = operand(entry.key());
    if (operand.isEmpty()) {
      return Optional.empty();
    }
    String key = entry.key().text();
    Optional<YamlNode.Mapping> map =
        values.mapping(
            entry.value(), key, "Write an operator, such as `" + key + ": { eq: \"x\" }`.");
    if (map.isEmpty()) {
      return Optional.empty();
    }
    List<Operator> list =
        switch (operand.get()) {
          case Operand.Time time -> hours(map.get());
          case Operand.Model model -> known(map.get(), key, OperatorParser.ON_TEXT, true);
          case Operand.ClientName client -> known(map.get(), key, ON_CLIENT, true);
          case Operand.Argument argument -> argument(map.get(), key, argument.path());
        };
    return list.isEmpty()
        ? Optional.empty()
        : Optional.of(new Condition(trimmed(operand.get()), list, at));
  }

  private Optional<Operand> operand(YamlNode.Scalar key) {
    return switch (key.text()) {
      case "model" -> Optional.of(new Operand.Model());
      case "client.name" -> Optional.of(new Operand.ClientName());
      case "time" -> Optional.of(new Operand.Time());
      default -> {
        String text = key.text();
        if (!text.startsWith("args.") && !text.startsWith("args[")) {
          report.error(
              key.at(),
              "unknown-operand",
              "`" + text + "` is nothing that a condition can look at.",
              Words.suggestion(text, OPERANDS) + " An argument is written `args." + text + "`.");
          yield Optional.empty();
        }
        yield values
            .read(key, "when", t -> Paths.parse(t, "args"))
            .map(path -> new Operand.Argument(path));
      }
    };
  }

  private List<Operator> known(
      YamlNode.Mapping map, String key, Set<String> known, boolean textOnly) {
    for (YamlNode.Entry entry : map.entries()) {
      String name = entry.key().text();
      if (known.contains(name)) {
        continue;
      }
      boolean elsewhere = OperatorParser.ON_ARGUMENT.contains(name) || ON_TIME.contains(name);
      report.error(
          entry.key().at(),
          elsewhere ? "operator-mismatch" : "unknown-key",
          "`" + name + "` is not an operator of `" + key + "`.",
          elsewhere ? "Use one of " + Words.list(known) + "." : Words.suggestion(name, known));
    }
    return operators.parse(map, known, textOnly);
  }

  private List<Operator> argument(YamlNode.Mapping map, String key, Path path) {
    List<Operator> list = known(map, key, OperatorParser.ON_ARGUMENT, false);
    long levels = path.steps().stream().filter(Path.Each.class::isInstance).count();
    if (levels > 1) {
      report.error(
          map.at(),
          "bad-path",
          "`" + key + "` goes through more than one list.",
          "Use `[*]` once.");
    }
    if (levels > 0
        && !list.stream().allMatch(o -> o instanceof Operator.Any || o instanceof Operator.All)) {
      report.error(
          map.at(),
          "operator-mismatch",
          "`" + key + "` names many values, but only `any` and `all` speak of many.",
          "Write `" + key + ": { any: { … } }` or `{ all: { … } }`.");
    }
    return list;
  }

  /** A final {@code [*]} says nothing that any and all do not say. */
  private static Operand trimmed(Operand operand) {
    if (operand instanceof Operand.Argument argument
        && argument.path().steps().getLast() instanceof Path.Each) {
      List<Path.Step> steps = argument.path().steps();
      return new Operand.Argument(
          new Path(argument.path().text(), List.copyOf(steps.subList(0, steps.size() - 1))));
    }
    return operand;
  }

  private List<Operator> hours(YamlNode.Mapping map) {
    for (YamlNode.Entry entry : map.entries()) {
      if (!ON_TIME.contains(entry.key().text())) {
        String name = entry.key().text();
        boolean elsewhere = OperatorParser.ON_ARGUMENT.contains(name);
        report.error(
            entry.key().at(),
            elsewhere ? "operator-mismatch" : "unknown-key",
            "`" + name + "` is not an operator of `time`.",
            Words.suggestion(name, ON_TIME));
      }
    }
    Optional<Times.Span> span =
        map.value("between").flatMap(n -> values.read(n, "between", Times::between));
    Set<DayOfWeek> days = map.value("days").map(this::days).orElse(EnumSet.allOf(DayOfWeek.class));
    if (map.value("between").isEmpty() && map.value("days").isEmpty()) {
      report.error(
          map.at(),
          "no-operator",
          "`time` says neither hours nor days.",
          "Write `time: { between: \"08:00-18:00\", zone: Europe/Berlin }`.");
      return List.of();
    }
    if (map.value("zone").isEmpty()) {
      report.warn(
          map.at(),
          "hours-without-zone",
          "The hours name no zone, so they are UTC.",
          "Add `zone:` (in the long form) with a name such as Europe/Berlin, or UTC.");
    }
    ZoneId zone =
        map.value("zone")
            .flatMap(n -> values.read(n, "zone", Times::zone))
            .orElse(ZoneId.of("UTC"));
    if (days.isEmpty() || (map.value("between").isPresent() && span.isEmpty())) {
      return List.of();
    }
    Times.Span whole = span.orElse(new Times.Span(LocalTime.MIDNIGHT, null));
    return List.of(new Operator.Hours(whole.from(), whole.to(), Set.copyOf(days), zone));
  }

  private Set<DayOfWeek> days(YamlNode node) {
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (YamlNode item : values.each(node, "days")) {
      values.word(item, "days", Times.DAYS).ifPresent(days::add);
    }
    return days;
  }
}
