package io.securegateway.server.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class HeadersTest {
  private static JsonNode json(String text) {
    return ((StrictJson.Parsed) StrictJson.parse(text.getBytes(StandardCharsets.UTF_8))).tree();
  }

  @Property(tries = 500)
  void anyTextComesBackAndIsSafeOnTheWay(@ForAll String text) {
    String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String value = HeaderText.encoded(wellFormed);
    assertTrue(value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e), value);
    assertEquals(Optional.of(wellFormed), HeaderText.decoded(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"=?base64?YQ?=", "=?base64?Y Q==?=", "=?base64?/w==?=", "=?base64?YR==?="})
  void malformedCodesAreRefused(String value) {
    assertEquals(Optional.empty(), HeaderText.decoded(value));
  }

  @Test
  void whatLooksCodedIsCoded() {
    String sly = "=?base64?YQ==?=";
    assertEquals(Optional.of(sly), HeaderText.decoded(HeaderText.encoded(sly)));
    assertEquals(Optional.of("a"), HeaderText.decoded(sly));
  }

  @Test
  void mirrorsArgumentsWhereTheSchemaSaysSo() {
    JsonNode schema =
        json(
            "{\"type\":\"object\",\"properties\":{\"r\":{\"type\":\"string\",\"x-mcp-header\":\"R\"},"
                + "\"o\":{\"properties\":{\"n\":{\"type\":\"integer\",\"x-mcp-header\":\"N\"}}},"
                + "\"x-mcp-header\":{\"type\":\"string\"}}}");
    Map<String, String> headers =
        ParamHeaders.of(schema).orElseThrow().of("t", json("{\"r\":\"é\",\"o\":{\"n\":42}}"));
    assertEquals(
        Map.of("mcp-name", "t", "mcp-param-R", "=?base64?w6k=?=", "mcp-param-N", "42"), headers);
    for (Map.Entry<String, String> written :
        Map.of("42.0", "42", "1e2", "100", "-0", "0", "-0.0", "0", "-1.20E+1", "-12").entrySet()) {
      assertEquals(
          written.getValue(),
          ParamHeaders.of(schema)
              .orElseThrow()
              .of("t", json("{\"o\":{\"n\":" + written.getKey() + "}}"))
              .get("mcp-param-N"),
          written.getKey());
    }
    for (String none : java.util.List.of("1.5", "1e41", "1e-1")) {
      assertEquals(
          1,
          ParamHeaders.of(schema)
              .orElseThrow()
              .of("t", json("{\"o\":{\"n\":" + none + "}}"))
              .size(),
          none);
    }
    assertEquals(
        Map.of("mcp-name", "t"),
        ParamHeaders.of(schema).orElseThrow().of("t", json("{\"r\":null}")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"properties\":{\"a\":{\"type\":\"number\",\"x-mcp-header\":\"A\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A B\"}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":7}}}",
        "{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},"
            + "\"b\":{\"type\":\"string\",\"x-mcp-header\":\"a\"}}}",
        "{\"items\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}",
        "{\"anyOf\":[{\"properties\":{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}]}",
        "{\"type\":\"string\",\"x-mcp-header\":\"A\"}"
      })
  void refusesSchemasThatBreakTheRules(String schema) {
    assertEquals(Optional.empty(), ParamHeaders.of(json(schema)).map(any -> "taken"));
  }

  @Test
  void methodsBelongToTheirWires() {
    assertTrue(Method.of("tools/call").orElseThrow().isIn(Revision.V2026_07_28));
    assertTrue(!Method.of("initialize").orElseThrow().isIn(Revision.V2026_07_28));
    assertTrue(!Method.of("server/discover").orElseThrow().isIn(Revision.V2025_11_25));
    assertEquals(Optional.empty(), Method.of("Tools/call"));
  }
}
