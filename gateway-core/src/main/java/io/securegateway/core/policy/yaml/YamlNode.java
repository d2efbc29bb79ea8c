package io.securegateway.core.policy.yaml;

import io.securegateway.core.policy.Position;
import java.util.List;
import java.util.Optional;

/** A node of the tree, immutable, with the place where it was written. */
public sealed interface YamlNode {
  /** Where it starts. */
  Position at();

  /** What it is, for messages: such as {@code a list} or {@code the number 7}. */
  String described();

  /**
   * A single value.
   *
   * @param text its content without quotes
   * @param plain whether it was written without quotes, so that its type follows from its text
   */
  record Scalar(String text, boolean plain, Position at) implements YamlNode {
    /** What the YAML 1.2 core schema makes of it, narrowed to what JSON can say. */
    public ScalarKind kind() {
      return plain ? ScalarKind.ofPlain(text) : ScalarKind.STRING;
    }

    @Override
    public String described() {
      return switch (kind()) {
        case NULL -> "nothing";
        case BOOLEAN -> "the boolean " + text;
        case NUMBER -> "the number " + text;
        case AMBIGUOUS, STRING -> "\"" + shortened(text) + "\"";
      };
    }

    private static String shortened(String text) {
      return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> items, Position at) implements YamlNode {
    /** Copies the list. */
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String described() {
      return items.isEmpty() ? "an empty list" : "a list";
    }
  }

  /** A mapping; its keys are different. */
  record Mapping(List<Entry> entries, Position at) implements YamlNode {
    /** Copies the list. */
    public Mapping {
      entries = List.copyOf(entries);
    }

    /** The value of a key. */
    public Optional<YamlNode> value(String key) {
      return entry(key).map(Entry::value);
    }

    /** The entry of a key. */
    public Optional<Entry> entry(String key) {
      for (Entry entry : entries) {
        if (entry.key().text().equals(key)) {
          return Optional.of(entry);
        }
      }
      return Optional.empty();
    }

    @Override
    public String described() {
      return "a mapping";
    }
  }

  /** One key of a mapping and its value. */
  record Entry(Scalar key, YamlNode value) {}
}
