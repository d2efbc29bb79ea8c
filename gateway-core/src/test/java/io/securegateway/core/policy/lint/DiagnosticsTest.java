package io.securegateway.core.policy.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every directory of {@code diagnostics} is a set of files {@code KIND.PROJECT.yaml} with what the
 * lint says of them. {@code -Dgolden.update=true} writes it anew.
 */
class DiagnosticsTest {
  private static final Path CASES = Path.of("src/test/resources/diagnostics");
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  private static final Offered TOOLS =
      new Offered(Set.of("email.send", "http.post", "search.query"), Set.of(), Set.of(), Map.of());
  private static final Offered OPEN =
      new Offered(Set.of("mail.send"), Set.of("fs."), Set.of("mail."), Map.of());

  /** What is known of the tools, by the name of the case. */
  private static Offered offered(Path directory, String name) throws IOException {
    return switch (name) {
      case "warnings" -> TOOLS;
      case "open-upstream" -> OPEN;
      case "listed-upstream" ->
          new Offered(Set.of("mail.send"), Set.of(""), Set.of("mail."), Map.of());
      case "schemas" ->
          new Offered(Set.of("plain", "pay", "send"), Set.of("any."), Set.of(), schemas(directory));
      default -> Offered.NOTHING;
    };
  }

  private static Map<String, JsonNode> schemas(Path directory) throws IOException {
    Map<String, JsonNode> schemas = new HashMap<>();
    JsonNode all = new JsonMapper().readTree(directory.resolve("schemas.json"));
    all.properties().forEach(entry -> schemas.put(entry.getKey(), entry.getValue()));
    return schemas;
  }

  private static String hash(String digit) {
    return digit.repeat(64);
  }

  @TestFactory
  List<DynamicTest> saysWhatIsExpected() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> cases = Files.list(CASES)) {
      for (Path directory : cases.sorted().toList()) {
        String name = String.valueOf(directory.getFileName());
        tests.add(DynamicTest.dynamicTest(name, () -> check(directory, name)));
      }
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  private static void check(Path directory, String name) throws IOException {
    Map<String, Offered> offered = Map.of("acme", offered(directory, name));
    Set<String> revoked = name.equals("revoked-keys") ? Set.of(hash("1"), hash("3")) : Set.of();
    String said =
        Renderings.text(
            Lint.lint(
                sources(directory),
                NOW,
                offered,
                project -> project.equals("acme") ? revoked : Set.of()));
    Path expected = directory.resolve("expected.txt");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, said);
    }
    assertEquals(Files.readString(expected), said);
  }

  private static SourceSet sources(Path directory) throws IOException {
    List<Source> sources = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        String[] parts = String.valueOf(file.getFileName()).split("\\.", -1);
        SourceKind kind = SourceKind.valueOf(parts[0].toUpperCase(Locale.ROOT));
        sources.add(Source.of(kind, parts[1], Files.readAllBytes(file)));
      }
    }
    return new SourceSet(sources, Set.of());
  }
}
