package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.parse.ParsedFile.ParsedLimit;
import io.securegateway.core.policy.parse.ParsedFile.ParsedRule;
import io.securegateway.core.policy.parse.SelectorParser.LabelUse;
import io.securegateway.core.policy.yaml.YamlDocument;
import io.securegateway.core.policy.yaml.YamlNode;
import io.securegateway.core.policy.yaml.YamlNode.Mapping;
import io.securegateway.core.policy.yaml.YamlReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One file of any of the three kinds. Never throws for any text. */
final class FileParser {
  private final Source source;
  private final Report report = new Report();
  private final Values values = new Values(report);
  private final Map<String, List<Glob>> labels = new LinkedHashMap<>();
  private final List<ParsedRule> rules = new ArrayList<>();
  private final List<ParsedLimit> limits = new ArrayList<>();
  private ModelKeys keys = new ModelKeys(List.of());
  private boolean extendsDefault;
  private boolean allowByDefault;

  private FileParser(Source source) {
    this.source = source;
  }

  static ParsedFile parse(Source source) {
    FileParser parser = new FileParser(source);
    YamlDocument document = YamlReader.read(source.file(), source.text());
    document.findings().forEach(parser.report::add);
    if (document.root() != null) {
      parser.root(document.root());
    }
    return new ParsedFile(
        source,
        !parser.report.hasErrors(),
        parser.extendsDefault,
        parser.allowByDefault,
        Map.copyOf(parser.labels),
        List.copyOf(parser.rules),
        List.copyOf(parser.limits),
        parser.keys,
        parser.report.findings());
  }

  private void root(YamlNode root) {
    if (source.kind() == SourceKind.CONTEXTUAL_POLICIES && root instanceof YamlNode.Sequence list) {
      list.items().forEach(this::rule);
      return;
    }
    String word = source.kind() == SourceKind.MODEL_KEYS ? "models" : "rules";
    values
        .mapping(root, source.file(), "Write `version: 1` and `" + word + ":`.")
        .ifPresent(
            map -> {
              switch (source.kind()) {
                case POLICIES -> policies(map);
                case CONTEXTUAL_POLICIES -> contextual(map);
                case MODEL_KEYS -> keys(map);
              }
            });
  }

  private void policies(Mapping map) {
    Fields fields =
        head(map, "version", "description", "extends", "default", "labels", "limits", "rules");
    fields
        .node("default")
        .flatMap(n -> values.word(n, "default", Map.of("allow", true, "deny", false)))
        .ifPresent(
            allow -> {
              allowByDefault = allow;
              if (allow) {
                report.warn(
                    fields.at("default"),
                    "default-allow",
                    "Whatever no rule speaks of is allowed.",
                    "Write allow rules for what is needed and remove `default: allow`.");
              }
            });
    extended(fields);
    fields.node("labels").ifPresent(this::labels);
    LimitParser parser = new LimitParser(report);
    for (YamlNode node : list(fields, "limits", "Write `limits: [{ calls: 100, within: 1m }]`.")) {
      limit(parser, node);
    }
    list(fields, "rules", "Write each rule with a - in front.").forEach(this::rule);
  }

  private void contextual(Mapping map) {
    Fields fields = head(map, "version", "description", "extends", "rules");
    extended(fields);
    list(fields, "rules", "Write each rule with a - in front.").forEach(this::rule);
  }

  private void keys(Mapping map) {
    if (map.value("extends").isPresent()) {
      report.error(
          map.entry("extends").map(e -> e.key().at()).orElse(map.at()),
          "extends-in-keys",
          "Keys are never inherited piece by piece.",
          "Remove `extends`, and write the keys of this project.");
    }
    Fields fields = head(map, "version", "description", "extends", "models");
    if (!fields.has("models")) {
      report.error(
          fields.at(), "missing-key", "`models` is missing.", "Add `models:` with their keys.");
    }
    fields.node("models").ifPresent(n -> keys = new KeysParser(report).parse(n));
  }

  private Fields head(Mapping map, String... known) {
    Fields fields = Fields.of(report, map, "this file", Set.of(known));
    fields
        .node("version")
        .ifPresent(
            n ->
                values
                    .number(n, "version")
                    .filter(v -> v.compareTo(BigDecimal.ONE) != 0)
                    .ifPresent(
                        v ->
                            report.error(
                                n.at(),
                                "bad-version",
                                "Version " + v.toPlainString() + " is not known.",
                                "Write `version: 1`.")));
    fields.node("description").ifPresent(n -> values.text(n, "description"));
    return fields;
  }

  private void extended(Fields fields) {
    fields
        .node("extends")
        .flatMap(n -> values.word(n, "extends", Map.of("default", true)))
        .ifPresent(
            yes -> {
              if (source.project().equals("default")) {
                report.error(
                    fields.at("extends"),
                    "extends-itself",
                    "The default file cannot extend itself.",
                    "Remove `extends`.");
              } else {
                extendsDefault = true;
              }
            });
  }

  private List<YamlNode> list(Fields fields, String key, String mend) {
    return fields.node(key).map(n -> values.list(n, key, mend)).orElse(List.of());
  }

  private void labels(YamlNode node) {
    values
        .mapping(node, "labels", "Write `labels: { egress: [\"email.send\"] }`.")
        .ifPresent(
            map ->
                map.entries()
                    .forEach(
                        e ->
                            labels.put(
                                e.key().text(),
                                values.readAll(e.value(), e.key().text(), GlobPattern::of))));
  }

  private void limit(LimitParser parser, YamlNode node) {
    List<LabelUse> uses = new ArrayList<>();
    parser.ofFile(node, uses).ifPresent(l -> limits.add(new ParsedLimit(l, List.copyOf(uses))));
  }

  private void rule(YamlNode node) {
    if (report.isFull()) {
      return;
    }
    values
        .mapping(node, "rules", "Write a rule as keys and values.")
        .ifPresent(
            map -> {
              if (ShortForms.isShort(map, source.kind())) {
                ShortForms.Rewritten rewritten = new ShortForms(report).rewrite(map, source.kind());
                rewritten.rules().forEach(rule -> longRule(rule, keyAt(map, rule.at())));
                rewritten.limits().forEach(l -> limit(new LimitParser(report), l));
              } else {
                longRule(map, null);
              }
            });
  }

  private void longRule(Mapping map, @Nullable String written) {
    new RuleParser(report, source)
        .parse(map)
        .map(
            rule ->
                new ParsedRule(
                    Rules.writtenAs(rule.rule(), written),
                    rule.everywhere(),
                    rule.named(),
                    rule.uses()))
        .ifPresent(rules::add);
  }

  /** The key of a short-form rule that a part of it was rewritten from. */
  private static @Nullable String keyAt(Mapping map, Position at) {
    return map.entries().stream()
        .map(YamlNode.Entry::key)
        .filter(key -> key.at().equals(at))
        .map(YamlNode.Scalar::text)
        .findFirst()
        .orElse(null);
  }

  /**
   * Reports ids given twice where the second stands. Rules in files with errors may be alike only
   * because parts of them could not be read, so nothing is said of those without ids then.
   */
  static void duplicates(List<ParsedRule> rules, boolean whole, Report report) {
    Map<String, Position> seen = new HashMap<>();
    for (ParsedRule rule : rules) {
      Position first = seen.putIfAbsent(rule.rule().id(), rule.rule().at());
      if (first == null) {
        continue;
      }
      if (rule.named()) {
        report.error(
            rule.rule().at(),
            "duplicate-id",
            "The rule id \"" + rule.rule().id() + "\" stands at " + first + " already.",
            "Give every rule its own id.");
      } else if (whole) {
        report.warn(
            rule.rule().at(),
            "duplicate-rule",
            "The same rule stands at " + first + " already.",
            "Remove one of them.");
      }
    }
  }
}
