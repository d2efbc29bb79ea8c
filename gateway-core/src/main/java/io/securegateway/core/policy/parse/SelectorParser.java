package io.securegateway.core.policy.parse;

import com.google.re2j.Pattern;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Selector;
import io.securegateway.core.policy.yaml.YamlNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code tools}, {@code tools_re2}, {@code labels}, {@code models} and {@code keys}. */
final class SelectorParser {
  /** The keys of a selector. */
  static final Set<String> KEYS = Set.of("tools", "tools_re2", "labels", "models", "keys");

  private final Values values;

  SelectorParser(Report report) {
    this.values = new Values(report);
  }

  /** A label that something refers to, and where. */
  record LabelUse(String label, Position at) {}

  Selector parse(Fields fields, List<LabelUse> uses) {
    return new Selector(
        globs(fields, "tools"),
        fields.node("labels").map(n -> labels(n, "labels", uses)).orElse(List.of()),
        globs(fields, "models"),
        globs(fields, "keys"),
        fields
            .node("tools_re2")
            .map(n -> values.<Pattern>readAll(n, "tools_re2", Regexes::compile))
            .orElse(List.of()));
  }

  List<Glob> globs(Fields fields, String key) {
    return fields.node(key).map(n -> values.readAll(n, key, GlobPattern::of)).orElse(List.of());
  }

  /**
   * Names of labels, sorted; that they exist is checked when the labels of the project are known.
   */
  List<String> labels(YamlNode node, String what, List<LabelUse> uses) {
    Set<String> labels = new TreeSet<>();
    for (YamlNode item : values.each(node, what)) {
      values
          .text(item, what)
          .ifPresent(
              label -> {
                labels.add(label);
                uses.add(new LabelUse(label, item.at()));
              });
    }
    return List.copyOf(labels);
  }
}
