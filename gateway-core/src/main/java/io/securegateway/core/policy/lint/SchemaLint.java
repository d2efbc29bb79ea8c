package io.securegateway.core.policy.lint;

import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Operand;
import io.securegateway.core.policy.Operator;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.Selector;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Conditions that can never hold, because the schemas of all tools they are about rule out such
 * values. Where one of those tools has no schema, or may not be known, nothing is said.
 */
final class SchemaLint {
  private static final Set<String> STRING = Set.of("string");
  private static final Set<String> NUMBER = Set.of("number");

  private final Policy policy;
  private final Offered offered;
  private final List<Finding> findings;

  SchemaLint(Policy policy, Offered offered, List<Finding> findings) {
    this.policy = policy;
    this.offered = offered;
    this.findings = findings;
  }

  void check(Rule rule) {
    Set<String> tools = tools(rule.selector());
    rule.when().forEach(condition -> check(tools, condition));
    rule.limits().forEach(limit -> sum(tools, limit));
  }

  void check(Limit limit) {
    Set<String> tools = tools(limit.selector());
    limit.when().forEach(condition -> check(tools, condition));
    sum(tools, limit);
  }

  /** The tools that are selected, if all are known and have a schema; else none. */
  private Set<String> tools(Selector selector) {
    if (selector.tools().isEmpty() ? !offered.open().isEmpty() : isOpen(selector)) {
      return Set.of();
    }
    Set<String> tools = new TreeSet<>(offered.names());
    tools.addAll(offered.schemas().keySet());
    tools.removeIf(tool -> !selects(selector, tool));
    return offered.schemas().keySet().containsAll(tools) ? tools : Set.of();
  }

  /** Whether a tool may be selected that only an upstream knows. */
  private boolean isOpen(Selector selector) {
    return selector.tools().stream()
        .filter(glob -> !glob.isLiteral() || !offered.schemas().containsKey(glob.text()))
        .anyMatch(offered::mayBeOpen);
  }

  private boolean selects(Selector selector, String tool) {
    return (selector.tools().isEmpty() || selector.tools().stream().anyMatch(g -> g.matches(tool)))
        && (selector.labels().isEmpty()
            || policy.labelsOf(tool).stream().anyMatch(selector.labels()::contains))
        && (selector.toolPatterns().isEmpty()
            || selector.toolPatterns().stream().anyMatch(p -> p.matches(tool)));
  }

  private void check(Set<String> tools, Condition condition) {
    if (!(condition.operand() instanceof Operand.Argument argument)) {
      return;
    }
    for (Operator operator : condition.operators()) {
      never(tools, argument.path(), operator)
          .ifPresent(why -> report(condition.at(), tools, argument.path(), why));
    }
  }

  private void sum(Set<String> tools, Limit limit) {
    if (limit.bound() instanceof Limit.Sum(Path of, var most)
        && !tools.isEmpty()
        && tools.stream()
            .map(tool -> ArgumentSchema.at(schema(tool), of))
            .allMatch(schema -> schema.absent() || !schema.allows(NUMBER))) {
      report(limit.at(), tools, of, "a sum needs numbers, which the schema does not allow");
    }
  }

  private JsonNode schema(String tool) {
    JsonNode schema = offered.schemas().get(tool);
    return schema == null ? MissingNode.getInstance() : schema;
  }

  private void report(Position at, Set<String> tools, Path path, String why) {
    findings.add(
        new Finding(
            "schema-mismatch",
            Finding.Severity.ERROR,
            at,
            "`"
                + path.text()
                + "` of "
                + String.join(", ", tools.stream().limit(3).toList())
                + (tools.size() > 3 ? " and " + (tools.size() - 3) + " more" : "")
                + ": "
                + why
                + ".",
            "Compare the condition with the schema; one of the two is wrong."));
  }

  /** Why the operator can hold for none of the tools; empty if it can, or nobody knows. */
  private Optional<String> never(Set<String> tools, Path path, Operator operator) {
    Optional<String> why = Optional.empty();
    for (String tool : tools) {
      why = never(ArgumentSchema.at(schema(tool), path), operator);
      if (why.isEmpty()) {
        return why;
      }
    }
    return why;
  }

  private static Optional<String> never(ArgumentSchema schema, Operator operator) {
    if (schema.absent()) {
      return operator instanceof Operator.Exists(boolean expected) && !expected
          ? Optional.empty()
          : Optional.of("the schema has no such argument");
    }
    return switch (operator) {
      case Operator.Eq(JsonNode value) -> value(schema, List.of(value), "eq");
      case Operator.In(var values) -> value(schema, List.copyOf(values), "in");
      case Operator.Ne(JsonNode value) -> type(schema, Set.of(ArgumentSchema.typeOf(value)), "ne");
      case Operator.NotIn(var values) ->
          type(
              schema,
              new TreeSet<>(values.stream().map(ArgumentSchema::typeOf).toList()),
              "not_in");
      case Operator.Compare compare ->
          type(schema, NUMBER, compare.relation().name().toLowerCase(Locale.ROOT));
      case Operator.Prefix prefix -> type(schema, STRING, "prefix");
      case Operator.Suffix suffix -> type(schema, STRING, "suffix");
      case Operator.GlobMatch glob -> type(schema, STRING, "glob");
      case Operator.Re2Match re2 -> type(schema, STRING, "re2");
      case Operator.HostIn host -> type(schema, STRING, "host_in");
      case Operator.PathUnder under -> type(schema, STRING, "path_under");
      case Operator.Cidr cidr -> type(schema, STRING, "cidr");
      case Operator.Contains contains -> type(schema, Set.of("string", "list"), "contains");
      case Operator.Size size -> type(schema, Set.of("string", "list", "object"), "size");
      case Operator.Any any -> type(schema, Set.of("list"), "any");
      case Operator.All all -> type(schema, Set.of("list"), "all");
      case Operator.TypeIs(var types) -> type(schema, types, "type");
      case Operator.Exists exists -> Optional.empty();
      case Operator.Hours hours -> Optional.empty();
    };
  }

  private static Optional<String> value(
      ArgumentSchema schema, List<JsonNode> values, String operator) {
    return schema.allowsAny(values)
        ? Optional.empty()
        : Optional.of("`" + operator + "` names no value that the schema allows");
  }

  private static Optional<String> type(ArgumentSchema schema, Set<String> wanted, String operator) {
    return schema.allows(wanted)
        ? Optional.empty()
        : Optional.of(
            "`"
                + operator
                + "` needs "
                + String.join(" or ", new TreeSet<>(wanted))
                + ", the schema allows "
                + schema.typeWords()
                + " only");
  }
}
