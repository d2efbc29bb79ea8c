package io.securegateway.server.config;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.yaml.ScalarKind;
import io.securegateway.core.policy.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of {@code gateway.yaml} being read: typed access by key, findings for what is wrong,
 * and for every key that nobody asked for. Not thread-safe.
 */
final class Section {
  private final YamlNode.Mapping mapping;
  private final String path;
  private final Map<String, String> environment;
  private final List<Finding> findings;
  private final Set<String> asked = new HashSet<>();

  Section(
      YamlNode.Mapping mapping,
      String path,
      Map<String, String> environment,
      List<Finding> findings) {
    this.mapping = mapping;
    this.path = path;
    this.environment = environment;
    this.findings = findings;
  }

  Position at() {
    return mapping.at();
  }

  /** The keys that were written. */
  List<String> keys() {
    return mapping.entries().stream().map(entry -> entry.key().text()).toList();
  }

  boolean has(String key) {
    asked.add(key);
    return mapping.value(key).isPresent();
  }

  /** A string, with {@code ${NAME}} replaced. */
  @Nullable String text(String key) {
    return value(key).map(node -> textOf(node, key)).orElse(null);
  }

  String text(String key, String otherwise) {
    String text = text(key);
    return text == null ? otherwise : text;
  }

  /** A list of strings. */
  List<String> texts(String key) {
    return value(key)
        .map(node -> items(node, key).stream().map(item -> textOf(item, key)).toList())
        .orElse(List.of());
  }

  /** A whole number within bounds. */
  long whole(String key, long otherwise, long least, long most) {
    return value(key)
        .map(
            node -> {
              if (node instanceof YamlNode.Scalar scalar && scalar.kind() == ScalarKind.NUMBER) {
                try {
                  long number = Long.parseLong(scalar.text());
                  if (number >= least && number <= most) {
                    return number;
                  }
                } catch (NumberFormatException e) {
                  // falls through to the finding
                }
              }
              wrong(
                  node.at(),
                  key,
                  "must be a whole number from "
                      + least
                      + " to "
                      + most
                      + ", not "
                      + node.described());
              return otherwise;
            })
        .orElse(otherwise);
  }

  boolean flag(String key, boolean otherwise) {
    return value(key)
        .map(
            node -> {
              if (node instanceof YamlNode.Scalar scalar && scalar.kind() == ScalarKind.BOOLEAN) {
                return scalar.text().equalsIgnoreCase("true");
              }
              wrong(node.at(), key, "must be true or false, not " + node.described());
              return otherwise;
            })
        .orElse(otherwise);
  }

  /** One of a set of words. */
  <T> T word(String key, T otherwise, Map<String, T> words) {
    return value(key)
        .map(
            node -> {
              T found = words.get(textOf(node, key));
              if (found == null) {
                wrong(
                    node.at(),
                    key,
                    "must be one of "
                        + words.keySet().stream().sorted().toList()
                        + ", not "
                        + node.described());
                return otherwise;
              }
              return found;
            })
        .orElse(otherwise);
  }

  /** A variable of the environment. */
  @Nullable String variable(String name) {
    return environment.get(name);
  }

  /** A mapping below. */
  Optional<Section> section(String key) {
    return value(key).flatMap(node -> sectionOf(node, path(key)));
  }

  /** A list of mappings below, read one by one. */
  <T> List<T> sections(String key, Function<Section, Optional<T>> read) {
    List<T> all = new ArrayList<>();
    value(key)
        .ifPresent(
            node ->
                items(node, key)
                    .forEach(
                        item ->
                            sectionOf(item, path(key) + "[]").flatMap(read).ifPresent(all::add)));
    return all;
  }

  /** Says that the keys nobody asked for are unknown. Called last. */
  void end() {
    for (YamlNode.Entry entry : mapping.entries()) {
      String key = entry.key().text();
      if (!asked.contains(key)) {
        findings.add(
            new Finding(
                "unknown-key",
                Severity.ERROR,
                entry.key().at(),
                "Unknown key \"" + key + "\"" + (path.isEmpty() ? "" : " in " + path) + ".",
                "Known here: " + String.join(", ", asked.stream().sorted().toList()) + "."));
      }
    }
  }

  void wrong(Position at, String key, String what) {
    findings.add(
        new Finding(
            "config-value",
            Severity.ERROR,
            at,
            path(key) + " " + what + ".",
            "See docs/operations.md for this key."));
  }

  Position positionOf(String key) {
    return mapping.entry(key).map(entry -> entry.value().at()).orElse(mapping.at());
  }

  private Optional<Section> sectionOf(YamlNode node, String name) {
    if (node instanceof YamlNode.Mapping below) {
      return Optional.of(new Section(below, name, environment, findings));
    }
    findings.add(
        new Finding(
            "config-value",
            Severity.ERROR,
            node.at(),
            name + " must be a mapping, not " + node.described() + ".",
            "Write key: value pairs below it."));
    return Optional.empty();
  }

  private List<YamlNode> items(YamlNode node, String key) {
    if (node instanceof YamlNode.Sequence sequence) {
      return sequence.items();
    }
    wrong(node.at(), key, "must be a list, not " + node.described());
    return List.of();
  }

  private Optional<YamlNode> value(String key) {
    asked.add(key);
    return mapping.value(key);
  }

  private String textOf(YamlNode node, String key) {
    if (node instanceof YamlNode.Scalar scalar && scalar.kind() != ScalarKind.NULL) {
      return substituted(scalar, key);
    }
    wrong(node.at(), key, "must be text, not " + node.described());
    return "";
  }

  private String substituted(YamlNode.Scalar scalar, String key) {
    StringBuilder out = new StringBuilder();
    String text = scalar.text();
    int from = 0;
    int start = text.indexOf("${");
    while (start >= 0) {
      int end = text.indexOf('}', start);
      if (end < 0) {
        break;
      }
      String name = text.substring(start + 2, end);
      String found = environment.get(name);
      if (found == null) {
        wrong(scalar.at(), key, "names the environment variable " + name + ", which is not set");
        found = "";
      }
      out.append(text, from, start).append(found);
      from = end + 1;
      start = text.indexOf("${", from);
    }
    return out.append(text.substring(from)).toString();
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
