package io.securegateway.core.policy.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.securegateway.core.policy.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
  @Test
  void keepsThePlaceOfEveryNode() {
    YamlDocument document = YamlReader.read("f.yaml", "a:\n  - b\n  - { c: d }\n");
    YamlNode.Mapping root = assertInstanceOf(YamlNode.Mapping.class, document.root());
    YamlNode.Sequence list =
        assertInstanceOf(YamlNode.Sequence.class, root.value("a").orElseThrow());
    assertEquals(new Position("f.yaml", 2, 5), list.items().getFirst().at());
    YamlNode.Mapping inner = assertInstanceOf(YamlNode.Mapping.class, list.items().getLast());
    assertEquals(new Position("f.yaml", 3, 10), inner.value("c").orElseThrow().at());
  }

  @ParameterizedTest
  @CsvSource({
    "no, AMBIGUOUS",
    "off, AMBIGUOUS",
    "017, AMBIGUOUS",
    "0x1f, AMBIGUOUS",
    "0o17, AMBIGUOUS",
    "1_000, AMBIGUOUS",
    "+5, AMBIGUOUS",
    ".5, AMBIGUOUS",
    "5., AMBIGUOUS",
    ".inf, AMBIGUOUS",
    "12:30:00, STRING",
    "2001-01-01, STRING",
    "1.2.3, STRING",
    "10.0.0.1, STRING",
    "-, STRING",
    "5, NUMBER",
    "-0.5, NUMBER",
    "1e3, NUMBER",
    "1E+3, NUMBER",
    "true, BOOLEAN",
    "FALSE, BOOLEAN",
    "tRue, STRING",
    "null, NULL",
    "~, NULL",
    "nULL, STRING",
    "24h, STRING"
  })
  void tellsTypesApart(String text, ScalarKind kind) {
    assertEquals(kind, ScalarKind.ofPlain(text));
  }

  @Test
  void takesQuotedScalarsAsText() {
    YamlNode.Mapping root =
        assertInstanceOf(YamlNode.Mapping.class, YamlReader.read("f", "a: \"5\"").root());
    YamlNode.Scalar value = assertInstanceOf(YamlNode.Scalar.class, root.value("a").orElseThrow());
    assertEquals(ScalarKind.STRING, value.kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "a:\n"})
  void refusesDeepNesting(String opening) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      text.append(opening.equals("a:\n") ? " ".repeat(i % 100) : "").append(opening);
    }
    YamlDocument document = YamlReader.read("f", text.toString());
    assertNull(document.root());
    assertEquals(false, document.findings().isEmpty());
  }

  @Test
  void measuresSizeInBytes() {
    String wide = "a: \"" + "\u20AC".repeat(YamlReader.MAX_BYTES / 3) + "\"";
    assertEquals("yaml-size", YamlReader.read("f", wide).findings().getFirst().code());
    String full = "a: \"" + "x".repeat(YamlReader.MAX_BYTES - 5) + "\"";
    assertEquals(0, YamlReader.read("f", full).findings().size());
  }
}
