package io.securegateway.core.policy.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes: an answer, with findings where there is no policy. */
class FuzzTest {
  private static final Path CLEAN = Path.of("src/test/resources/diagnostics/clean");

  @Property(tries = 2000)
  void answersForAnyBytes(@ForAll @Size(max = 200) byte[] bytes, @ForAll SourceKind kind) {
    answers(kind, bytes);
  }

  @Property(tries = 2000)
  void answersForAnythingLikeYaml(@ForAll("yamlish") String text, @ForAll SourceKind kind) {
    answers(kind, text.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void answersForMutatedFiles(@ForAll("mutations") List<Mutation> all, @ForAll SourceKind kind) {
    byte[] bytes = clean(kind).getBytes(StandardCharsets.UTF_8);
    for (Mutation mutation : all) {
      bytes = mutation.apply(bytes);
    }
    answers(kind, bytes);
  }

  @Property(tries = 50)
  void answersForNestingOfAnyKind(@ForAll("openings") String opening) {
    Compiled compiled =
        answers(SourceKind.POLICIES, opening.repeat(3000).getBytes(StandardCharsets.UTF_8));
    assertEquals(false, compiled.isUsable());
  }

  private static Compiled answers(SourceKind kind, byte[] bytes) {
    Source source = Source.of(kind, "acme", bytes);
    Compiled compiled = PolicyCompiler.compile(new SourceSet(List.of(source), Set.of()), "acme");
    boolean errors = compiled.findings().stream().anyMatch(Finding::isError);
    assertEquals(!errors, compiled.isUsable());
    for (Finding finding : compiled.findings()) {
      assertNotNull(finding.mend());
      assertEquals(true, finding.at().line() >= 1 && finding.at().column() >= 1);
    }
    return compiled;
  }

  /** Cuts, doubles or overwrites a stretch. */
  record Mutation(int kind, int at, int length, String text) {
    byte[] apply(byte[] bytes) {
      if (bytes.length == 0) {
        return bytes;
      }
      String old = new String(bytes, StandardCharsets.ISO_8859_1);
      int from = Math.floorMod(at, old.length());
      int to = Math.min(old.length(), from + length);
      String middle =
          switch (kind) {
            case 0 -> "";
            case 1 -> old.substring(from, to).repeat(2);
            default -> text;
          };
      return (old.substring(0, from) + middle + old.substring(to))
          .getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  @Provide
  Arbitrary<List<Mutation>> mutations() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers(),
            Arbitraries.integers().between(0, 20),
            tokens())
        .as(Mutation::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> openings() {
    return Arbitraries.of("[", "{", "{a: ", "- ", "? ", "[[{", "a:\n ", "\"", "'", "&a [", "!!x [");
  }

  @Provide
  Arbitrary<String> yamlish() {
    return tokens().list().ofMaxSize(60).map(parts -> String.join("", parts));
  }

  private static Arbitrary<String> tokens() {
    return Arbitraries.of(
        "rules:",
        "\n",
        "  ",
        "- ",
        "{ ",
        " }",
        "[",
        "]",
        ", ",
        ": ",
        "\"",
        "'",
        "id",
        "tools",
        "effect: deny",
        "when",
        "args.x",
        "eq",
        "5",
        "1e9",
        "-",
        "|",
        ">",
        "#",
        "&a",
        "*a",
        "!!str",
        "<<",
        "---",
        "\t",
        "\u00e9",
        "limits",
        "calls",
        "within",
        "24h",
        "per",
        "re2",
        "(",
        "{1,1000}",
        "glob",
        "[!",
        "cidr",
        "10.0.0.0/8",
        "::",
        "host_in",
        "between",
        "08:00-18:00",
        "session",
        "touched",
        "models",
        "keys",
        "key",
        "sha256",
        "labels",
        "\\",
        "null",
        "~",
        "true",
        "no");
  }

  private static String clean(SourceKind kind) {
    try {
      return Files.readString(CLEAN.resolve(kind.word() + ".acme.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
