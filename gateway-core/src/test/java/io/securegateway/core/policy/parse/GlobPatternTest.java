package io.securegateway.core.policy.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.policy.Glob;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobPatternTest {
  @Property(tries = 3000)
  void agreesWithANaiveMatcher(@ForAll("globs") String glob, @ForAll("names") String name) {
    assertEquals(naive(glob, 0, name, 0), GlobPattern.of(glob).matches(name), glob + " " + name);
  }

  @Property
  void matchesOnlyItselfWhenLiteral(@ForAll("names") String name) {
    String escaped = "x" + name.replaceAll("([*?\\[\\]\\\\])", "\\\\$1");
    Glob glob = GlobPattern.of(escaped);
    assertTrue(glob.isLiteral());
    assertEquals("x" + name, glob.literalText());
    assertTrue(glob.matches("x" + name));
    assertFalse(glob.matches("x" + name + "y"));
  }

  @Test
  void endsOnHostilePatterns() {
    Glob glob = GlobPattern.of("*a".repeat(100) + "*b");
    assertFalse(glob.matches("a".repeat(20_000)));
    assertTrue(glob.matches("a".repeat(20_000) + "b"));
  }

  @Test
  void letsStarsRunOverNewlinesAndSlashes() {
    assertTrue(GlobPattern.of("a*c").matches("a\nb/c"));
    assertTrue(GlobPattern.of("*").matches(""));
  }

  @Provide
  Arbitrary<String> globs() {
    return Arbitraries.of("a", "b", "*", "?", "[ab]", "[!a]", "\\*", "/", "\uD83D\uDE00")
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("a", "b", "c", "*", "/", "\n", "\uD83D\uDE00")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  /** Tries every split: slow and plain. */
  private static boolean naive(String glob, int g, String name, int n) {
    if (g == glob.length()) {
      return n == name.length();
    }
    char c = glob.charAt(g);
    if (c == '*') {
      return naive(glob, g + 1, name, n)
          || (n < name.length() && naive(glob, g, name, n + width(name, n)));
    }
    if (n == name.length()) {
      return false;
    }
    int point = name.codePointAt(n);
    int next = n + Character.charCount(point);
    if (glob.startsWith("[ab]", g)) {
      return (point == 'a' || point == 'b') && naive(glob, g + 4, name, next);
    }
    if (glob.startsWith("[!a]", g)) {
      return point != 'a' && naive(glob, g + 4, name, next);
    }
    if (c == '\\') {
      return point == '*' && naive(glob, g + 2, name, next);
    }
    return (c == '?' || point == glob.codePointAt(g))
        && naive(glob, g + width(glob, g), name, next);
  }

  private static int width(String text, int at) {
    return Character.charCount(text.codePointAt(at));
  }

  @ParameterizedTest
  @CsvSource({
    "db.*, db.read, true",
    "db.*, DB.read, false",
    "db.*, xdb.read, false",
    "'[a-c]x', bx, true",
    "'[!a-c]x', bx, false",
    "'[]', '', error",
    "'\\[x]', '[x]', error",
    "'\\[x\\]', '[x]', true",
    "'[\\]]', ']', true",
    "'[a-]', '-', true",
    "gpt-4*, gpt-4, true"
  })
  void readsTheGrammar(String glob, String name, String expected) {
    if (expected.equals("error")) {
      assertThrows(BadValue.class, () -> GlobPattern.of(glob));
    } else {
      assertEquals(Boolean.valueOf(expected), GlobPattern.of(glob).matches(name));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[", "[a", "[!", "]", "a\\", "[z-a]", "[\\"})
  void refusesWhatIsNoGlob(String glob) {
    assertThrows(BadValue.class, () -> GlobPattern.of(glob));
  }
}
