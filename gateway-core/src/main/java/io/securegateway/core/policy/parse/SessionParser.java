package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.CallStatus;
import io.securegateway.core.policy.Folding;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Per;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.SessionCondition;
import io.securegateway.core.policy.yaml.YamlNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code session}: what happened before the call. */
final class SessionParser {
  private static final Set<String> KEYS =
      Set.of(
          "touched",
          "denials",
          "calls",
          "lacks",
          "distinct",
          "age",
          "risk",
          "value_of",
          "not_from",
          "from",
          "prompt_contains");
  private static final Map<String, Per> PERS =
      Map.of("session", Per.SESSION, "key", Per.KEY, "project", Per.PROJECT);

  private final Report report;
  private final Values values;
  private final List<SelectorParser.LabelUse> uses;
  private final List<SessionCondition> conditions = new ArrayList<>();

  SessionParser(Report report, List<SelectorParser.LabelUse> uses) {
    this.report = report;
    this.values = new Values(report);
    this.uses = uses;
  }

  /** Whose past, and how far back. */
  private record Scope(Per per, @Nullable Duration within) {}

  List<SessionCondition> parse(YamlNode node) {
    Optional<YamlNode.Mapping> map =
        values.mapping(node, "session", "Write `session: { touched: [untrusted] }`.");
    if (map.isEmpty()) {
      return List.of();
    }
    Fields fields = Fields.of(report, map.get(), "`session`", KEYS);
    if (map.get().entries().isEmpty()) {
      report.error(
          fields.at(), "no-operator", "`session` asks nothing.", "Add an operator, or remove it.");
    }
    fields.node("touched").ifPresent(n -> touched(n, fields.at("touched")));
    fields.node("denials").ifPresent(n -> denials(n, fields.at("denials")));
    fields.node("calls").ifPresent(n -> calls(n, fields.at("calls")));
    fields.node("lacks").ifPresent(n -> lacks(n, fields.at("lacks")));
    fields.node("distinct").ifPresent(n -> distinct(n, fields.at("distinct")));
    fields.node("age").ifPresent(n -> age(n, fields.at("age")));
    fields.node("risk").ifPresent(n -> risk(n, fields.at("risk")));
    fields.node("prompt_contains").ifPresent(n -> prompt(n, fields.at("prompt_contains")));
    origin(fields);
    return List.copyOf(conditions);
  }

  private void touched(YamlNode node, Position at) {
    if (!(node instanceof YamlNode.Mapping map)) {
      Set<String> labels = labels(node);
      if (!labels.isEmpty()) {
        conditions.add(new SessionCondition.Touched(labels, false, Per.SESSION, null, at));
      }
      return;
    }
    Fields fields = Fields.of(report, map, "`touched`", Set.of("all", "any", "per", "within"));
    if (fields.has("all") == fields.has("any")) {
      report.error(
          at,
          "bad-value",
          "`touched` needs either `all` or `any`.",
          "Write `touched: { any: [untrusted, private] }`.");
      return;
    }
    boolean any = fields.has("any");
    Set<String> labels = fields.node(any ? "any" : "all").map(this::labels).orElse(Set.of());
    Optional<Scope> scope = scope(fields);
    if (scope.isPresent() && !labels.isEmpty()) {
      conditions.add(
          new SessionCondition.Touched(labels, any, scope.get().per(), scope.get().within(), at));
    }
  }

  private Set<String> labels(YamlNode node) {
    return Set.copyOf(new SelectorParser(report).labels(node, "touched", uses));
  }

  private void denials(YamlNode node, Position at) {
    Optional<Fields> fields = fields(node, "denials", "{ ge: 5, within: 10m, per: key }", "ge");
    Optional<Integer> least = fields.flatMap(f -> required(f, "ge", 1));
    fields
        .flatMap(this::scope)
        .ifPresent(
            scope ->
                least.ifPresent(
                    n ->
                        conditions.add(
                            new SessionCondition.Denials(n, scope.per(), scope.within(), at))));
  }

  private void calls(YamlNode node, Position at) {
    Optional<Fields> fields =
        fields(node, "calls", "{ tools: [\"db.*\"], ge: 3 }", "tools", "status", "ge");
    if (fields.isEmpty()) {
      return;
    }
    Optional<Integer> least = required(fields.get(), "ge", 1);
    List<Glob> tools =
        fields.get().has("tools") ? tools(fields.get()) : List.of(GlobPattern.of("*"));
    Set<CallStatus> status = status(fields.get(), CallStatus.ADMITTED);
    Optional<Scope> scope = scope(fields.get());
    if (least.isPresent() && scope.isPresent() && !tools.isEmpty() && !status.isEmpty()) {
      conditions.add(
          new SessionCondition.Calls(
              tools, status, least.get(), scope.get().per(), scope.get().within(), at));
    }
  }

  private void lacks(YamlNode node, Position at) {
    Optional<Fields> fields =
        fields(node, "lacks", "{ tools: [\"db.read*\"], status: ok }", "tools", "status");
    if (fields.isEmpty()) {
      return;
    }
    List<Glob> tools = tools(fields.get());
    Set<CallStatus> status = status(fields.get(), CallStatus.OK);
    Optional<Scope> scope = scope(fields.get());
    if (scope.isPresent() && !tools.isEmpty() && !status.isEmpty()) {
      conditions.add(
          new SessionCondition.Lacks(tools, status, scope.get().per(), scope.get().within(), at));
    }
  }

  private void distinct(YamlNode node, Position at) {
    Optional<Fields> fields =
        fields(node, "distinct", "{ of: args.to, gt: 3, per: session }", "of", "gt");
    if (fields.isEmpty()) {
      return;
    }
    Optional<Path> of = path(fields.get(), "of");
    Optional<Integer> more = required(fields.get(), "gt", 0);
    Optional<Scope> scope = scope(fields.get());
    if (of.isPresent() && more.isPresent() && scope.isPresent()) {
      conditions.add(
          new SessionCondition.Distinct(
              of.get(), more.get(), scope.get().per(), scope.get().within(), at));
    }
  }

  private void age(YamlNode node, Position at) {
    values
        .mapping(node, "age", "Write `age: { ge: 1h }`.")
        .map(map -> Fields.of(report, map, "`age`", Set.of("ge")))
        .flatMap(f -> present(f, "ge"))
        .flatMap(n -> values.read(n, "ge", Times::age))
        .ifPresent(age -> conditions.add(new SessionCondition.Age(age, at)));
  }

  private void risk(YamlNode node, Position at) {
    values
        .mapping(node, "risk", "Write `risk: { ge: 0.6 }`.")
        .map(map -> Fields.of(report, map, "`risk`", Set.of("ge")))
        .flatMap(f -> present(f, "ge"))
        .flatMap(n -> values.number(n, "ge"))
        .ifPresent(
            least -> {
              if (least.signum() < 0 || least.compareTo(BigDecimal.ONE) > 0) {
                report.error(
                    node.at(),
                    "bad-number",
                    "A risk of " + least.toPlainString() + " cannot be.",
                    "Write a number from 0 to 1, such as 0.6.");
              }
              conditions.add(new SessionCondition.Risk(least, at));
            });
  }

  private void prompt(YamlNode node, Position at) {
    List<String> folded =
        values.readAll(
            node,
            "prompt_contains",
            text -> {
              String fold = Folding.fold(text);
              if (fold.isBlank()) {
                throw new BadValue(
                    "empty-text",
                    "`prompt_contains` has a text without visible characters.",
                    "Write at least one visible character.");
              }
              return fold;
            });
    if (!folded.isEmpty()) {
      conditions.add(new SessionCondition.PromptContains(folded, at));
    }
  }

  private void origin(Fields fields) {
    boolean from = fields.has("from");
    boolean notFrom = fields.has("not_from");
    if (!from && !notFrom && !fields.has("value_of")) {
      return;
    }
    if (from == notFrom || !fields.has("value_of")) {
      report.error(
          fields.at(from ? "from" : notFrom ? "not_from" : "value_of"),
          "bad-value",
          "`value_of` stands together with either `from` or `not_from`.",
          "Write `value_of: args.to, not_from: { tools: [\"x.list\"], at: \"result.to\" }`.");
      return;
    }
    Optional<Path> value = path(fields, "value_of");
    String key = from ? "from" : "not_from";
    Optional<Fields> inner =
        fields
            .node(key)
            .flatMap(
                n ->
                    from
                        ? fields(n, key, "{ tools: [\"web.*\"] }", "tools")
                        : fields(n, key, "{ tools: [\"x.list\"], at: result.to }", "tools", "at"));
    if (value.isEmpty() || inner.isEmpty()) {
      return;
    }
    List<Glob> tools = tools(inner.get());
    Optional<Scope> scope = scope(inner.get());
    if (scope.isEmpty() || tools.isEmpty()) {
      return;
    }
    Per per = scope.get().per();
    Duration within = scope.get().within();
    if (from) {
      conditions.add(
          new SessionCondition.From(value.get(), tools, per, within, fields.at("value_of")));
      return;
    }
    present(inner.get(), "at")
        .flatMap(n -> values.read(n, "at", text -> Paths.parse(text, "result")))
        .ifPresent(
            result ->
                conditions.add(
                    new SessionCondition.NotFrom(
                        value.get(), tools, result, per, within, fields.at("value_of"))));
  }

  /** The mapping of an operator that takes {@code per} and {@code within} besides its own keys. */
  private Optional<Fields> fields(YamlNode node, String name, String example, String... own) {
    Set<String> known = new HashSet<>(List.of(own));
    known.add("per");
    known.add("within");
    return values
        .mapping(node, name, "Write `" + name + ": " + example + "`.")
        .map(map -> Fields.of(report, map, "`" + name + "`", known));
  }

  private List<Glob> tools(Fields fields) {
    return present(fields, "tools")
        .map(n -> values.readAll(n, "tools", GlobPattern::of))
        .orElse(List.of());
  }

  private Set<CallStatus> status(Fields fields, CallStatus without) {
    if (!fields.has("status")) {
      return Set.of(without);
    }
    Set<CallStatus> status = EnumSet.noneOf(CallStatus.class);
    Map<String, CallStatus> words = new TreeMap<>();
    for (CallStatus one : CallStatus.values()) {
      words.put(one.word(), one);
    }
    for (YamlNode item : fields.node("status").map(n -> values.each(n, "status")).orElseThrow()) {
      values.word(item, "status", words).ifPresent(status::add);
    }
    return status.isEmpty() ? status : Set.copyOf(status);
  }

  private Optional<Path> path(Fields fields, String key) {
    return present(fields, key).flatMap(n -> values.read(n, key, LimitParser::single));
  }

  private Optional<Integer> required(Fields fields, String key, int least) {
    return present(fields, key).flatMap(n -> values.whole(n, key, least));
  }

  private Optional<YamlNode> present(Fields fields, String key) {
    if (!fields.has(key)) {
      report.error(
          fields.at(), "missing-key", "`" + key + "` is missing here.", "Add `" + key + ":`.");
    }
    return fields.node(key);
  }

  private Optional<Scope> scope(Fields fields) {
    Optional<Per> per =
        fields.node("per").map(n -> values.word(n, "per", PERS)).orElse(Optional.of(Per.SESSION));
    Optional<Duration> within =
        fields.node("within").flatMap(n -> values.read(n, "within", Times::within));
    if (per.isPresent() && per.get() != Per.SESSION && !fields.has("within")) {
      report.error(
          fields.at(),
          "window-missing",
          "`per: " + per.get().word() + "` needs a window.",
          "Add `within:`, at most 24h.");
      return Optional.empty();
    }
    return per.map(p -> new Scope(p, within.orElse(null)));
  }
}
