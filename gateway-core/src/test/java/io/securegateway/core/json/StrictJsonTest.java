package io.securegateway.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.json.StrictJson.Parsed;
import io.securegateway.core.json.StrictJson.Refused;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of texts that readers of JSON disagree about. */
class StrictJsonTest {
  private static StrictJson.Result parse(String text) {
    return StrictJson.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String shown(String text) {
    return text.length() > 60 ? text.substring(0, 60) : text;
  }

  private static String code(StrictJson.Result result) {
    return switch (result) {
      case Parsed parsed -> "ok";
      case Refused refused -> refused.code();
    };
  }

  @TestFactory
  Stream<DynamicTest> acceptsWhatTheStandardAllows() {
    return Stream.of(
            "null",
            "true",
            " false ",
            "0",
            "-0",
            "-1",
            "1E2",
            "1e+2",
            "1.50",
            "\"\"",
            "[]",
            "{}",
            "\t[\n1\r,2 ]",
            "{\"a\":{\"b\":[{\"c\":null}]}}",
            "\"\\u0041\\n\\/\"",
            "{\"\":1}",
            "\"\\ud83d\\ude00\"",
            "\"😀\"",
            "\"\u2028\"",
            "\"\\u0000\"",
            "\"\u007f\"",
            "{\"a\":1,\"b\":1}",
            "{\"A\":1,\"B\":2}",
            "[\"a\",\"a\"]",
            "\"\uFEFF\"",
            "{\"__proto__\":{\"$ref\":\"${jndi:ldap://x}\"}}")
        .map(text -> DynamicTest.dynamicTest(text, () -> assertEquals("ok", code(parse(text)))));
  }

  @TestFactory
  Stream<DynamicTest> refusesWhatTheStandardDoesNotAllow() {
    return Stream.of(
            "[1,]",
            "[,1]",
            "[1 2]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "{'a':1}",
            "{1:1}",
            "[",
            "]",
            "{",
            "\"",
            "\"\n\"",
            "\"\t\"",
            "\"\u0000\"",
            "\"\\x41\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"\\\"",
            "tru",
            "True",
            "NULL",
            "nul",
            "undefined",
            "NaN",
            "Infinity",
            "-Infinity",
            "+1",
            ".5",
            "1.",
            "01",
            "-01",
            "-",
            "1e",
            "1e+",
            "0x10",
            "1_000",
            "１",
            "// x\n1",
            "/* x */1",
            "# x\n1",
            "[1]/**/",
            "\u00a0[1]",
            "\u000b1",
            "{\"a\":1;\"b\":2}",
            "[NaN]",
            "{\"a\":Infinity}",
            "'a'",
            "`a`",
            "\u001b[0m1",
            "{]",
            "[}",
            "\"a\" : 1",
            ":",
            ",",
            "-Infinity",
            "--1",
            "1e5.5",
            "{\"a\"::1}",
            "\\u0031")
        .map(
            text ->
                DynamicTest.dynamicTest(
                    text, () -> assertInstanceOf(Refused.class, parse(text), text)));
  }

  @TestFactory
  Stream<DynamicTest> namesWhatIsWrong() {
    return Map.ofEntries(
            Map.entry("", "json.empty"),
            Map.entry(" \r\n\t ", "json.empty"),
            Map.entry("{\"a\":1,\"a\":1}", "json.duplicate"),
            Map.entry("{\"a\":1,\"\\u0061\":2}", "json.duplicate"),
            Map.entry("[{\"x\":{\"amount\":1,\"amo\\u0075nt\":2}}]", "json.duplicate"),
            Map.entry("{\"a\":1,\"A\":2}", "json.colliding"),
            Map.entry("{\"method\":1,\"Method\":2}", "json.colliding"),
            Map.entry("{\"param\u017f\":1,\"params\":2}", "json.colliding"),
            Map.entry("{\"\u212aey\":1,\"key\":2}", "json.colliding"),
            Map.entry("{\"\u00e9\":1,\"e\u0301\":2}", "json.colliding"),
            Map.entry("{\"ﬁle\":1,\"file\":2}", "json.colliding"),
            Map.entry("{\"ａ\":1,\"a\":2}", "json.colliding"),
            Map.entry("{\"a\u200b\":1,\"a\":2}", "json.colliding"),
            Map.entry("{\"a\\u0000\":1,\"a\":2}", "json.colliding"),
            Map.entry("{\"a b\":1,\"a\u00a0b\":2}", "json.colliding"),
            Map.entry("{\"stra\u00dfe\":1,\"STRASSE\":2}", "json.colliding"),
            Map.entry("{\"o\":[{\"σ\":1,\"ς\":2}]}", "json.colliding"),
            Map.entry("1 2", "json.trailing"),
            Map.entry("{}{}", "json.trailing"),
            Map.entry("{}\n[]", "json.trailing"),
            Map.entry("\"\\ud83d\"", "json.surrogate"),
            Map.entry("\"\\ude00\\ud83d\"", "json.surrogate"),
            Map.entry("\"\\ud83dx\"", "json.surrogate"),
            Map.entry("{\"\\ude00\":1}", "json.malformed"),
            Map.entry("[[\"a\\udfff\"]]", "json.surrogate"),
            Map.entry("1e401", "json.number"),
            Map.entry("1e-401", "json.number"),
            Map.entry("[1e2147483647]", "json.number"),
            Map.entry("0e999", "json.number"),
            Map.entry("9".repeat(41), "json.number"),
            Map.entry("-" + "9".repeat(41), "json.number"),
            Map.entry("0." + "9".repeat(41), "json.number"),
            Map.entry("1." + "0".repeat(40), "json.number"),
            Map.entry("[".repeat(65) + "]".repeat(65), "json.depth"),
            Map.entry("{\"a\":".repeat(65) + "1" + "}".repeat(65), "json.depth"),
            Map.entry("[".repeat(100_000), "json.depth"))
        .entrySet()
        .stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getValue() + " " + shown(entry.getKey()),
                    () ->
                        assertEquals(
                            entry.getValue(), code(parse(entry.getKey())), shown(entry.getKey()))));
  }

  @Test
  void acceptsUpToEachBound() {
    assertEquals("ok", code(parse("[".repeat(64) + "]".repeat(64))));
    assertEquals("ok", code(parse("{\"a\":".repeat(64) + "1" + "}".repeat(64))));
    assertEquals("ok", code(parse("9".repeat(40))));
    assertEquals("ok", code(parse("-" + "9".repeat(40))));
    assertEquals("ok", code(parse("0." + "9".repeat(40))));
    assertEquals("ok", code(parse("1e400")));
    assertEquals("ok", code(parse("-1e-400")));
    assertEquals("ok", code(parse("{\"" + "n".repeat(256) + "\":1}")));
  }

  @Test
  void refusesNamesBeyondTheBound() {
    assertInstanceOf(Refused.class, parse("{\"" + "n".repeat(257) + "\":1}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e99999999999",
        "1e-99999999999",
        "0e99999999999",
        "1e2147483648",
        "1e-2147483648"
      })
  void refusesExponentsThatNoReaderHolds(String text) {
    assertInstanceOf(Refused.class, parse(text));
  }

  @Test
  void refusesEndlessNumbersWithoutReadingThemAsOne() {
    assertInstanceOf(Refused.class, parse("1".repeat(1_000_000)));
    assertInstanceOf(Refused.class, parse("0." + "1".repeat(1_000_000)));
    assertInstanceOf(Refused.class, parse("1e" + "1".repeat(1_000_000)));
  }

  @ParameterizedTest
  @CsvSource({
    "a byte order mark, efbbbf7b7d",
    "overlong slash, 22c0af22",
    "overlong NUL, 22c08022",
    "three-byte overlong, 22e080af22",
    "surrogate in UTF-8, 22eda08022",
    "beyond Unicode, 22f490808022",
    "lone continuation, 2280 22",
    "cut sequence, 22e282",
    "0xff, ff",
    "Latin-1, 22e922",
  })
  void refusesBytesThatAreNotPlainUtf8(String what, String hex) {
    assertEquals(
        "json.encoding",
        code(StrictJson.parse(HexFormat.of().parseHex(hex.replace(" ", "")))),
        what);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
  void refusesOtherEncodings(String charset) {
    assertInstanceOf(
        Refused.class, StrictJson.parse("{\"a\":1}".getBytes(Charset.forName(charset))), charset);
  }

  @Test
  void saysWhereWithoutRepeatingContent() {
    Refused refused =
        assertInstanceOf(
            Refused.class, parse("{\n  \"secret-4711\": \"x\",\n  \"secret-4711\": 1}"));
    assertTrue(refused.message().contains("line 3"), refused.message());
    assertFalse(refused.message().contains("4711"), refused.message());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e400",
        "1e2",
        "1E2",
        "1e+2",
        "1.10E+2",
        "1e-400",
        "123456789e391",
        "1.50",
        "-0",
        "-0.0",
        "0e0",
        "1e100",
        "0.00000001",
        "1234567890123456789012345678901234567890"
      })
  void writesNumbersAsTheyWere(String text) {
    String object = "{\"a\":[" + text + "]," + "\"b\":" + text + "}";
    Parsed parsed = assertInstanceOf(Parsed.class, parse(object));
    assertEquals(object, StrictJson.text(parsed.tree()));
    assertEquals(object, StrictJson.text(parsed.tree().deepCopy()));
    assertEquals(text, StrictJson.text(assertInstanceOf(Parsed.class, parse(text)).tree()));
  }

  @Test
  void writesNoMoreThanWasReadManyTimesOver() {
    String text = "[" + "1e400,".repeat(1_000) + "1e-400]";
    Parsed parsed = assertInstanceOf(Parsed.class, parse(text));
    assertTrue(StrictJson.write(parsed.tree()).length < 2 * text.length());
  }
}
