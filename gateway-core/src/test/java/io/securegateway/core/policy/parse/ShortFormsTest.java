package io.securegateway.core.policy.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.yaml.YamlNode;
import io.securegateway.core.policy.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code short-forms.txt} shows every short form beside its long form; both must mean the same. */
class ShortFormsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/short-forms.txt");
  private static final List<String> POLICIES =
      List.of(
          "{ model: \"gpt-4*\", allow_tools: [\"calendar.*\"] }",
          "{ model: \"gpt-4*\", allow_tools: [\"search.*\"], active_hours: \"08:00-18:00\" }",
          "{ model: \"gpt-4*\", deny_tools: [\"db.write*\"] }",
          "{ model: \"gpt-4*\", max_calls_per_session: 5 }",
          "{ allow_tools: [\"a\", \"b\"] }",
          "{ model: m, allow_tools: [\"a\"], deny_tools: [\"b\"], max_calls_per_session: 5,"
              + " active_hours: \"22:00-06:00\" }");
  private static final List<String> CONTEXTUAL =
      List.of(
          "{ when_tool: \"db\\\\.write\", block_if_prompt_contains: [\"internal\"] }",
          "{ when_tool: \"db\\\\.write\", block_if_previous_denials: 1 }",
          "{ when_tool: \"db\\\\.write\", require_prior_successful_tool: \"search.query\" }",
          "{ when_tool: \"db\\\\..*\", block_if_prompt_contains: [\"a\", \"b\"],"
              + " block_if_previous_denials: 2, require_prior_successful_tool: \"search.*\" }");

  @Test
  void showsEveryShortFormBesideItsLongForm() throws IOException {
    StringBuilder shown = new StringBuilder();
    POLICIES.forEach(rule -> show(rule, SourceKind.POLICIES, shown));
    CONTEXTUAL.forEach(rule -> show(rule, SourceKind.CONTEXTUAL_POLICIES, shown));
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(GOLDEN, shown);
    }
    assertEquals(Files.readString(GOLDEN), shown.toString());
  }

  @Test
  void meansTheSameInBothForms() {
    POLICIES.forEach(
        rule ->
            assertEquals(
                Policies.of().rules("p", "rules: [" + rule + "]").policy("p").behaviour(),
                Policies.of()
                    .rules("p", longForm(rule, SourceKind.POLICIES))
                    .policy("p")
                    .behaviour()));
    CONTEXTUAL.forEach(
        rule ->
            assertEquals(
                Policies.of().contextual("p", "- " + rule).policy("p").behaviour(),
                Policies.of()
                    .contextual("p", longForm(rule, SourceKind.CONTEXTUAL_POLICIES))
                    .policy("p")
                    .behaviour()));
  }

  private static void show(String rule, SourceKind kind, StringBuilder shown) {
    shown.append("# ").append(kind.word()).append("\nshort:\n  ").append(rule).append("\nlong:\n");
    longForm(rule, kind).lines().forEach(l -> shown.append("  ").append(l).append('\n'));
    shown.append('\n');
  }

  private static String longForm(String rule, SourceKind kind) {
    YamlNode.Mapping map =
        (YamlNode.Mapping) Objects.requireNonNull(YamlReader.read("f", rule).root());
    ShortForms.Rewritten rewritten = new ShortForms(new Report()).rewrite(map, kind);
    return list("rules", rewritten.rules()) + list("limits", rewritten.limits());
  }

  private static String list(String key, List<YamlNode.Mapping> maps) {
    return maps.isEmpty()
        ? ""
        : maps.stream()
            .map(m -> "  - " + flow(m) + "\n")
            .collect(Collectors.joining("", key + ":\n", ""));
  }

  private static String flow(YamlNode node) {
    return switch (node) {
      case YamlNode.Scalar s ->
          s.plain() ? s.text() : '"' + s.text().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      case YamlNode.Sequence list ->
          list.items().stream()
              .map(ShortFormsTest::flow)
              .collect(Collectors.joining(", ", "[", "]"));
      case YamlNode.Mapping map ->
          map.entries().stream()
              .map(e -> e.key().text() + ": " + flow(e.value()))
              .collect(Collectors.joining(", ", "{ ", " }"));
    };
  }
}
