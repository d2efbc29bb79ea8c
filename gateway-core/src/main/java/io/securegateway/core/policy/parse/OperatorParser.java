package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Operator;
import io.securegateway.core.policy.Operator.Relation;
import io.securegateway.core.policy.yaml.ScalarKind;
import io.securegateway.core.policy.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Operators over values: everything but the hours of {@code time}. */
final class OperatorParser {
  /** Those that make sense of text. */
  static final Set<String> ON_TEXT =
      Set.of("eq", "ne", "in", "not_in", "prefix", "suffix", "contains", "glob", "re2");

  /** Those of one value inside a call's arguments, without {@code any} and {@code all}. */
  static final Set<String> ON_VALUE =
      union(
          ON_TEXT,
          Set.of(
              "lt", "le", "gt", "ge", "host_in", "path_under", "cidr", "size", "exists", "type"));

  /** Those of an argument. */
  static final Set<String> ON_ARGUMENT = union(ON_VALUE, Set.of("any", "all"));

  private static final Set<String> TYPES =
      Set.of("null", "boolean", "number", "string", "list", "object");

  private final Report report;
  private final Values values;

  OperatorParser(Report report) {
    this.report = report;
    this.values = new Values(report);
  }

  /** The operators of a mapping whose keys were checked already. */
  List<Operator> parse(YamlNode.Mapping map, Set<String> known, boolean textOnly) {
    List<Operator> operators = new ArrayList<>();
    for (YamlNode.Entry entry : map.entries()) {
      if (known.contains(entry.key().text())) {
        operator(entry.key().text(), entry.value(), textOnly).ifPresent(operators::add);
      }
    }
    if (map.entries().isEmpty()) {
      report.error(
          map.at(),
          "no-operator",
          "No operator stands here, so nothing is asked.",
          "Write one, such as `eq: \"x\"`, or remove the key.");
    }
    Intervals.check(report, map.at(), operators);
    return List.copyOf(operators);
  }

  private Optional<Operator> operator(String name, YamlNode node, boolean textOnly) {
    return switch (name) {
      case "eq" -> scalar(node, name, textOnly).map(Operator.Eq::new);
      case "ne" -> scalar(node, name, textOnly).map(Operator.Ne::new);
      case "in" -> scalars(node, name, textOnly).map(Operator.In::new);
      case "not_in" -> scalars(node, name, textOnly).map(Operator.NotIn::new);
      case "lt" -> compare(node, name, Relation.LT);
      case "le" -> compare(node, name, Relation.LE);
      case "gt" -> compare(node, name, Relation.GT);
      case "ge" -> compare(node, name, Relation.GE);
      case "prefix" -> part(node, name).map(Operator.Prefix::new);
      case "suffix" -> part(node, name).map(Operator.Suffix::new);
      case "contains" ->
          scalar(node, name, textOnly).flatMap(v -> nonEmpty(v, node)).map(Operator.Contains::new);
      case "glob" -> some(values.readAll(node, name, GlobPattern::of)).map(Operator.GlobMatch::new);
      case "re2" -> values.read(node, name, Regexes::compile).map(Operator.Re2Match::new);
      case "host_in" -> some(values.readAll(node, name, Places::host)).map(Operator.HostIn::new);
      case "path_under" ->
          some(values.readAll(node, name, Places::root)).map(Operator.PathUnder::new);
      case "cidr" -> some(values.readAll(node, name, Places::block)).map(Operator.Cidr::new);
      case "size" -> size(node);
      case "exists" -> values.bool(node, name).map(Operator.Exists::new);
      case "type" -> type(node);
      case "any" -> each(node, name).map(Operator.Any::new);
      case "all" -> each(node, name).map(Operator.All::new);
      default -> throw new IllegalStateException("an operator without a parser: " + name);
    };
  }

  private Optional<JsonNode> scalar(YamlNode node, String name, boolean textOnly) {
    if (!textOnly) {
      return values.scalar(node, name);
    }
    return values.text(node, name).map(JsonNodeFactory.instance::stringNode);
  }

  private Optional<List<JsonNode>> scalars(YamlNode node, String name, boolean textOnly) {
    List<JsonNode> members = new ArrayList<>();
    for (YamlNode item : values.each(node, name)) {
      scalar(item, name, textOnly).ifPresent(members::add);
    }
    return some(members);
  }

  private Optional<Operator> compare(YamlNode node, String name, Relation relation) {
    return values.number(node, name).map(bound -> new Operator.Compare(relation, bound));
  }

  private Optional<String> part(YamlNode node, String name) {
    Optional<String> text = values.text(node, name);
    if (text.isPresent() && text.get().isEmpty()) {
      emptyText(node, name);
      return Optional.empty();
    }
    return text;
  }

  private Optional<JsonNode> nonEmpty(JsonNode value, YamlNode node) {
    if (value.isString() && value.stringValue().isEmpty()) {
      emptyText(node, "contains");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  private void emptyText(YamlNode node, String name) {
    report.error(
        node.at(),
        "empty-text",
        "`" + name + "` is empty text, which every text has.",
        "Write at least one character; to ask for any text use `type: string`.");
  }

  private Optional<Operator> size(YamlNode node) {
    Optional<YamlNode.Mapping> map =
        values.mapping(node, "size", "Write `size: { ge: 1, le: 9 }`.");
    if (map.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = Fields.of(report, map.get(), "`size`", Set.of("ge", "le"));
    Optional<Integer> least = fields.node("ge").flatMap(n -> values.whole(n, "ge", 0));
    Optional<Integer> most = fields.node("le").flatMap(n -> values.whole(n, "le", 0));
    if (least.isEmpty() && most.isEmpty()) {
      report.error(
          fields.at(), "no-bound", "`size` has no bound.", "Write `size: { ge: 1, le: 9 }`.");
      return Optional.empty();
    }
    if (least.isPresent() && most.isPresent() && least.get() > most.get()) {
      report.error(
          fields.at(),
          "empty-interval",
          "No size is at least " + least.get() + " and at most " + most.get() + ".",
          "Exchange the bounds.");
    }
    return Optional.of(
        new Operator.Size(
            least.map(Integer::longValue).orElse(null), most.map(Integer::longValue).orElse(null)));
  }

  private Optional<Operator> type(YamlNode node) {
    Set<String> types = new TreeSet<>();
    for (YamlNode item : values.each(node, "type")) {
      if (item instanceof YamlNode.Scalar s
          && s.kind() == ScalarKind.NULL
          && s.text().equals("null")) {
        types.add("null");
        continue;
      }
      values
          .read(
              item,
              "type",
              text -> {
                if (!TYPES.contains(text)) {
                  throw new BadValue(
                      "bad-value",
                      "\"" + text + "\" is not a type.",
                      Words.suggestion(text, TYPES));
                }
                return text;
              })
          .ifPresent(types::add);
    }
    return types.isEmpty() ? Optional.empty() : Optional.of(new Operator.TypeIs(Set.copyOf(types)));
  }

  private Optional<List<Operator>> each(YamlNode node, String name) {
    return values
        .mapping(node, name, "Write operators for the elements, such as `" + name + ": { eq: 1 }`.")
        .map(
            map -> {
              Fields.of(report, map, "`" + name + "` (one list level only)", ON_VALUE);
              return parse(map, ON_VALUE, false);
            })
        .filter(list -> !list.isEmpty());
  }

  private static <T> Optional<List<T>> some(List<T> list) {
    return list.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(list));
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> both = new LinkedHashSet<>(one);
    both.addAll(other);
    return Set.copyOf(both);
  }
}
