package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.yaml.YamlNode;
import io.securegateway.core.policy.yaml.YamlNode.Entry;
import io.securegateway.core.policy.yaml.YamlNode.Mapping;
import io.securegateway.core.policy.yaml.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Rewrites short forms to the long form, tree to tree: the new nodes keep the places of what was
 * written, so every finding and trace points there.
 */
final class ShortForms {
  private static final Set<String> POLICY_KEYS =
      Set.of("model", "allow_tools", "deny_tools", "max_calls_per_session", "active_hours");
  private static final Set<String> SESSION_KEYS =
      Set.of(
          "when_tool",
          "block_if_prompt_contains",
          "block_if_previous_denials",
          "require_prior_successful_tool");

  private final Report report;

  ShortForms(Report report) {
    this.report = report;
  }

  /** Long rules and limits in place of one short rule. */
  record Rewritten(List<Mapping> rules, List<Mapping> limits) {}

  /** Whether a rule is in the short form of its kind of file. */
  static boolean isShort(Mapping rule, SourceKind kind) {
    Set<String> keys = kind == SourceKind.POLICIES ? POLICY_KEYS : SESSION_KEYS;
    return rule.value("effect").isEmpty()
        && rule.entries().stream().anyMatch(e -> keys.contains(e.key().text()));
  }

  Rewritten rewrite(Mapping rule, SourceKind kind) {
    return kind == SourceKind.POLICIES ? policy(rule) : new Rewritten(contextual(rule), List.of());
  }

  private Rewritten policy(Mapping rule) {
    Fields fields = Fields.of(report, rule, "a short-form rule", POLICY_KEYS);
    List<Mapping> rules = new ArrayList<>();
    List<Mapping> limits = new ArrayList<>();
    fields
        .node("allow_tools")
        .ifPresent(
            tools -> {
              List<Entry> entries = models(fields);
              entries.add(entry("tools", tools, fields.at("allow_tools")));
              entries.add(entry("effect", "allow", fields.at("allow_tools")));
              fields
                  .node("active_hours")
                  .ifPresent(
                      hours -> {
                        Position at = fields.at("active_hours");
                        Mapping time = map(at, entry("between", hours, at));
                        entries.add(entry("when", map(at, entry("time", time, at)), at));
                      });
              rules.add(new Mapping(entries, fields.at("allow_tools")));
            });
    fields
        .node("deny_tools")
        .ifPresent(
            tools -> {
              List<Entry> entries = models(fields);
              entries.add(entry("tools", tools, fields.at("deny_tools")));
              entries.add(entry("effect", "deny", fields.at("deny_tools")));
              rules.add(new Mapping(entries, fields.at("deny_tools")));
            });
    fields
        .node("max_calls_per_session")
        .ifPresent(
            calls -> {
              Position at = fields.at("max_calls_per_session");
              List<Entry> entries = models(fields);
              entries.add(entry("calls", calls, at));
              entries.add(entry("per", "session", at));
              limits.add(new Mapping(entries, at));
            });
    if (fields.has("active_hours") && !fields.has("allow_tools")) {
      report.error(
          fields.at("active_hours"),
          "bad-value",
          "`active_hours` restricts `allow_tools`, which is missing.",
          "Add `allow_tools:`, or write a rule in the long form.");
    }
    if (rules.isEmpty() && limits.isEmpty()) {
      nothing(fields, "`allow_tools`, `deny_tools` or `max_calls_per_session`");
    }
    return new Rewritten(rules, limits);
  }

  private static List<Entry> models(Fields fields) {
    List<Entry> entries = new ArrayList<>();
    fields.node("model").ifPresent(m -> entries.add(entry("models", m, fields.at("model"))));
    return entries;
  }

  private List<Mapping> contextual(Mapping rule) {
    Fields fields = Fields.of(report, rule, "a short-form rule", SESSION_KEYS);
    List<Mapping> rules = new ArrayList<>();
    if (!fields.has("when_tool")) {
      report.error(
          fields.at(),
          "missing-key",
          "`when_tool` is missing, so nobody knows which tools are meant.",
          "Add `when_tool:` with an RE2 pattern over the whole tool name; \".*\" is every tool.");
      return rules;
    }
    deny(fields, "block_if_prompt_contains")
        .forEach(d -> rules.add(d.session("prompt_contains", d.value())));
    deny(fields, "block_if_previous_denials")
        .forEach(d -> rules.add(d.session("denials", map(d.at(), entry("ge", d.value(), d.at())))));
    deny(fields, "require_prior_successful_tool")
        .forEach(
            d ->
                rules.add(
                    d.session(
                        "lacks",
                        map(
                            d.at(),
                            entry("tools", d.value(), d.at()),
                            entry("status", "ok", d.at())))));
    if (rules.isEmpty()) {
      nothing(
          fields, Words.list(SESSION_KEYS.stream().filter(k -> !k.equals("when_tool")).toList()));
    }
    return rules;
  }

  /** What one key of a contextual short rule says. */
  private record Denial(Position at, Entry tools, YamlNode value) {
    Mapping session(String operator, YamlNode operand) {
      return map(
          at,
          tools,
          entry("effect", "deny", at),
          entry("session", map(at, entry(operator, operand, at)), at));
    }
  }

  private List<Denial> deny(Fields fields, String key) {
    return fields.node(key).stream()
        .map(
            value ->
                new Denial(
                    fields.at(key),
                    entry(
                        "tools_re2",
                        fields.node("when_tool").orElse(value),
                        fields.at("when_tool")),
                    value))
        .toList();
  }

  private void nothing(Fields fields, String keys) {
    report.error(fields.at(), "rule-says-nothing", "The rule does nothing.", "Add " + keys + ".");
  }

  private static Mapping map(Position at, Entry... entries) {
    return new Mapping(List.of(entries), at);
  }

  private static Entry entry(String key, YamlNode value, Position at) {
    return new Entry(new Scalar(key, true, at), value);
  }

  private static Entry entry(String key, String word, Position at) {
    return entry(key, new Scalar(word, true, at), at);
  }
}
