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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every directory of {@code diagnostics} is a set of files {@code KIND.PROJECT.yaml} with what the
 * lint says of them. {@code -Dgolden.update=true} writes it anew.
 */
class DiagnosticsTest {
  private static final Path CASES = Path.of("src/test/resources/diagnostics");
  private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
  private static final Map<String, Set<String>> TOOLS =
      Map.of("acme", Set.of("email.send", "http.post", "search.query"));

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
    Map<String, Set<String>> tools = name.equals("warnings") ? TOOLS : Map.of();
    String said = Renderings.text(Lint.lint(sources(directory), NOW, tools));
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
