package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Per;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Selector;
import io.securegateway.core.policy.yaml.YamlNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One limit, of a rule or of the file. */
final class LimitParser {
  private static final Set<String> KEYS = Set.of("calls", "sum", "le", "within", "per");

  private final Report report;
  private final Values values;

  LimitParser(Report report) {
    this.report = report;
    this.values = new Values(report);
  }

  /** A bound before it is known whose calls are charged. */
  record Draft(Limit.Bound bound, @Nullable Duration within, Per per, Position at) {
    Limit of(Selector selector, List<Condition> when, @Nullable List<String> closed) {
      Limit unnamed = new Limit("", selector, when, closed, bound, within, per, at);
      return new Limit(Canon.limitId(unnamed), selector, when, closed, bound, within, per, at);
    }
  }

  /** A limit inside a rule. */
  Optional<Draft> ofRule(YamlNode node) {
    return map(node).flatMap(map -> draft(Fields.of(report, map, "a rule's limit", KEYS)));
  }

  /** A limit of the file, with its selector. */
  Optional<Limit> ofFile(YamlNode node, List<SelectorParser.LabelUse> uses) {
    Set<String> known = new HashSet<>(KEYS);
    known.addAll(SelectorParser.KEYS);
    known.add("when");
    return map(node)
        .flatMap(
            map -> {
              Fields fields = Fields.of(report, map, "a limit", known);
              Selector selector = new SelectorParser(report).parse(fields, uses);
              List<Condition> when =
                  fields.node("when").map(new WhenParser(report)::parse).orElse(List.of());
              return draft(fields).map(draft -> draft.of(selector, when, null));
            });
  }

  private Optional<YamlNode.Mapping> map(YamlNode node) {
    return values.mapping(node, "limits", "Write `{ calls: 5, per: session }`.");
  }

  private Optional<Draft> draft(Fields fields) {
    Optional<Limit.Bound> bound = bound(fields);
    Optional<Per> per = fields.node("per").map(n -> per(n)).orElse(Optional.of(Per.SESSION));
    Optional<Duration> within =
        fields.node("within").flatMap(n -> values.read(n, "within", Times::within));
    if (per.isPresent() && per.get() != Per.SESSION && !fields.has("within")) {
      report.error(
          fields.at(),
          "window-missing",
          "A limit per " + per.get().word() + " needs a window.",
          "Add `within:`, at most 24h, or write `per: session`.");
      return Optional.empty();
    }
    if (bound.isEmpty() || per.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Draft(bound.get(), within.orElse(null), per.get(), fields.at()));
  }

  private Optional<Limit.Bound> bound(Fields fields) {
    if (fields.has("calls") == fields.has("sum") || fields.has("sum") != fields.has("le")) {
      report.error(
          fields.at(),
          "bad-limit",
          "A limit needs either `calls`, or `sum` and `le`.",
          "Write `calls: 5`, or `sum: args.amount, le: 2000`.");
      return Optional.empty();
    }
    Optional<YamlNode> calls = fields.node("calls");
    if (calls.isPresent()) {
      return values.whole(calls.get(), "calls", 0).map(Limit.Calls::new);
    }
    Optional<Path> of = fields.node("sum").flatMap(n -> values.read(n, "sum", LimitParser::single));
    Optional<BigDecimal> most = fields.node("le").flatMap(n -> values.number(n, "le"));
    if (most.isPresent() && most.get().signum() < 0) {
      report.error(
          fields.at("le"), "bad-number", "A sum can never be below 0.", "Write 0 or more.");
    }
    return of.flatMap(path -> most.map(number -> new Limit.Sum(path, number)));
  }

  /** A path to one value of the arguments. */
  static Path single(String text) {
    Path path = Paths.parse(text, "args");
    if (path.steps().stream().anyMatch(Path.Each.class::isInstance)) {
      throw new BadValue(
          "bad-path",
          "\"" + text + "\" names many values; here one is needed.",
          "Write a path without [*].");
    }
    return path;
  }

  private Optional<Per> per(YamlNode node) {
    Map<String, Per> words = new LinkedHashMap<>();
    for (Per per : Per.values()) {
      words.put(per.word(), per);
    }
    return values.word(node, "per", words);
  }
}
