package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.yaml.ScalarKind;
import io.securegateway.core.policy.yaml.YamlNode;
import io.securegateway.core.policy.yaml.YamlNode.Scalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Nodes become typed values, or a finding and nothing. */
final class Values {
  private final Report report;

  Values(Report report) {
    this.report = report;
  }

  /** Text. Numbers and booleans without quotes are refused: nobody can tell what was meant. */
  Optional<String> text(YamlNode node, String what) {
    if (node instanceof Scalar s
        && (s.kind() == ScalarKind.STRING || s.kind() == ScalarKind.AMBIGUOUS)) {
      return Optional.of(s.text());
    }
    String mend =
        node instanceof Scalar s && s.kind() != ScalarKind.NULL
            ? "Put it in quotes: \"" + s.text() + "\"."
            : "Write text.";
    return wrong(node, what, "text", mend);
  }

  /** Text that a function makes a value of, or refuses with {@link BadValue}. */
  <T> Optional<T> read(YamlNode node, String what, Function<String, T> reader) {
    return text(node, what).flatMap(text -> apply(node, text, reader));
  }

  /** One or several texts; an empty list is an error. */
  <T> List<T> readAll(YamlNode node, String what, Function<String, T> reader) {
    return each(node, what).stream().flatMap(n -> read(n, what, reader).stream()).toList();
  }

  /** The items of a list, or the single value itself. */
  List<YamlNode> each(YamlNode node, String what) {
    if (node instanceof YamlNode.Sequence list) {
      if (list.items().isEmpty()) {
        report.error(
            node.at(),
            "empty-list",
            "`" + what + "` is an empty list, which selects nothing.",
            "List at least one, or remove the key.");
      }
      return list.items();
    }
    return List.of(node);
  }

  Optional<Boolean> bool(YamlNode node, String what) {
    if (node instanceof Scalar s && s.kind() == ScalarKind.BOOLEAN) {
      return Optional.of(isTrue(s));
    }
    return wrong(node, what, "true or false", "Write true or false, without quotes.");
  }

  Optional<BigDecimal> number(YamlNode node, String what) {
    if (node instanceof Scalar s && s.kind() == ScalarKind.NUMBER) {
      return apply(node, s.text(), Numbers::exact);
    }
    String mend = "Write a plain decimal number, such as 500 or 0.25.";
    return wrong(node, what, "a number", mend);
  }

  /** A whole number of at least {@code least}. */
  Optional<Integer> whole(YamlNode node, String what, int least) {
    return number(node, what)
        .flatMap(
            number -> {
              try {
                int value = number.intValueExact();
                if (value >= least) {
                  return Optional.of(value);
                }
              } catch (ArithmeticException e) {
                // Reported below, with the range.
              }
              report.error(
                  node.at(),
                  "bad-number",
                  "`" + what + "` is " + number.toPlainString() + ".",
                  "Write a whole number from " + least + " to " + Integer.MAX_VALUE + ".");
              return Optional.empty();
            });
  }

  /** A string, number or boolean as JSON has it. */
  Optional<JsonNode> scalar(YamlNode node, String what) {
    if (!(node instanceof Scalar s)) {
      return wrong(node, what, "a single value", "Write text, a number, true or false.");
    }
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (s.kind()) {
      case STRING -> Optional.of(json.stringNode(s.text()));
      case BOOLEAN -> Optional.of(json.booleanNode(isTrue(s)));
      case NUMBER -> apply(node, s.text(), Numbers::exact).map(json::numberNode);
      case NULL -> wrong(node, what, "a value", "To ask for JSON null write `type: null` instead.");
      case AMBIGUOUS -> {
        report.error(
            node.at(),
            "ambiguous-value",
            "`" + what + "` is " + s.text() + ", which may be text, a boolean or a number.",
            "Put text in quotes; write booleans as true or false and numbers in decimal.");
        yield Optional.empty();
      }
    };
  }

  /** One of some words. */
  <T> Optional<T> word(YamlNode node, String what, Map<String, T> words) {
    return read(
        node,
        what,
        text -> {
          T value = words.get(text);
          if (value == null) {
            throw new BadValue(
                "bad-value",
                "`" + what + "` cannot be \"" + text + "\".",
                Words.suggestion(text, words.keySet()));
          }
          return value;
        });
  }

  Optional<YamlNode.Mapping> mapping(YamlNode node, String what, String mend) {
    if (node instanceof YamlNode.Mapping map) {
      return Optional.of(map);
    }
    return wrong(node, what, "a mapping", mend);
  }

  /** The elements of a list that must be one. */
  List<YamlNode> list(YamlNode node, String what, String mend) {
    if (node instanceof YamlNode.Sequence list) {
      return new ArrayList<>(list.items());
    }
    wrong(node, what, "a list", mend);
    return List.of();
  }

  private <T> Optional<T> wrong(YamlNode node, String what, String wanted, String mend) {
    report.error(
        node.at(),
        "wrong-type",
        "`" + what + "` needs " + wanted + " but is " + node.described() + ".",
        mend);
    return Optional.empty();
  }

  private <T> Optional<T> apply(YamlNode node, String text, Function<String, T> reader) {
    try {
      return Optional.of(reader.apply(text));
    } catch (BadValue bad) {
      report.error(node.at(), bad);
      return Optional.empty();
    }
  }

  private static boolean isTrue(Scalar s) {
    return s.text().charAt(0) == 't' || s.text().charAt(0) == 'T';
  }
}
