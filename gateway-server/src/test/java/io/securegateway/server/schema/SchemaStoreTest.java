package io.securegateway.server.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class SchemaStoreTest {
  private static final String DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema";
  private static final String DRAFT_7 = "http://json-schema.org/draft-07/schema#";

  @TempDir Path directory;

  static JsonNode json(String text) {
    return assertInstanceOf(
            StrictJson.Parsed.class, StrictJson.parse(text.getBytes(StandardCharsets.UTF_8)), text)
        .tree();
  }

  private static Check check(String schema, String value) {
    return ToolSchema.of(json(schema)).check(json(value));
  }

  private static void fits(String schema, String value) {
    Check check = check(schema, value);
    assertInstanceOf(Check.Fits.class, check, () -> schema + " " + value + " " + check);
  }

  private static Check.Fails fails(String schema, String value) {
    return assertInstanceOf(Check.Fails.class, check(schema, value), schema + " " + value);
  }

  private static void broken(String schema) {
    ToolSchema compiled = ToolSchema.of(json(schema));
    assertTrue(compiled.problem().isPresent(), schema);
    assertInstanceOf(Check.Broken.class, compiled.check(json("{}")), schema);
  }

  private void file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private SchemaStore store() {
    return SchemaStore.load(directory).store();
  }

  static Stream<String> dialects() {
    return Stream.of("", DRAFT_2020, DRAFT_7, "http://json-schema.org/draft-07/schema");
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void assertsFormats(String dialect) {
    String declared = dialect.isEmpty() ? "" : "\"$schema\":\"" + dialect + "\",";
    for (String[] format :
        new String[][] {
          {"date", "2026-02-28", "2026-02-30"},
          {"date-time", "2026-11-22T10:00:00Z", "yesterday"},
          {"email", "ana@example.com", "not an address"},
          {"ipv4", "127.0.0.1", "256.1.1.1"},
          {"ipv6", "::1", "127.0.0.1"},
          {"uri", "https://example.com/a", "no uri at all"},
        }) {
      String schema = "{" + declared + "\"format\":\"" + format[0] + "\"}";
      fits(schema, "\"" + format[1] + "\"");
      fails(schema, "\"" + format[2] + "\"");
    }
  }

  @Test
  void readsEachDraftByItsOwnRules() {
    String items = "\"items\":[{\"type\":\"string\"}]";
    fails("{\"$schema\":\"" + DRAFT_7 + "\"," + items + "}", "[1]");
    String prefix = "\"prefixItems\":[{\"type\":\"string\"}]";
    fails("{\"$schema\":\"" + DRAFT_2020 + "\"," + prefix + "}", "[1]");
    fails("{" + prefix + "}", "[1]");
    fits("{\"$schema\":\"" + DRAFT_7 + "\"," + prefix + "}", "[1]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}",
        "{\"$schema\":\"https://evil.example/meta\"}",
        "{\"$schema\":5}",
        "{\"$ref\":\"https://evil.example/x.json\"}",
        "{\"properties\":{\"a\":{\"$ref\":\"http://127.0.0.1:1/x\"}}}",
        "{\"$ref\":\"file:///etc/passwd\"}",
        "{\"$ref\":\"other.json\"}",
        "{\"$ref\":\"classpath:logback.xml\"}",
        "{\"allOf\":[{\"$dynamicRef\":\"https://evil.example/x\"}]}",
        "{\"$ref\":\"#/$defs/nowhere\"}",
        "{\"$id\":\"https://evil.example/base\",\"properties\":{\"a\":{\"$ref\":\"#nowhere\"}}}",
        "{\"pattern\":\"(?=a)b\"}",
        "{\"pattern\":\"(a)\\\\1\"}",
        "{\"pattern\":\"[\"}",
        "{\"patternProperties\":{\"(?!a)b\":true}}",
        "{\"type\":\"strnig\"}",
        "{\"properties\":{\"a\":{\"required\":\"b\"}}}",
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"minLength\":-1}",
        "5",
        "[]",
        "null",
      })
  void refusesSchemasThatItCannotHold(String schema) {
    broken(schema);
  }

  @Test
  void refusesPatternsThatAreTooLong() {
    broken("{\"pattern\":\"" + "a".repeat(1_001) + "\"}");
    fits("{\"pattern\":\"" + "a".repeat(1_000) + "\"}", "5");
  }

  @Test
  void refusesSchemasWithTooManyNodes() {
    broken("{\"enum\":[" + "1,".repeat(20_001) + "1]}");
  }

  @Test
  void followsReferencesWithinTheFile() {
    String schema =
        "{\"$defs\":{\"n\":{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#/$defs/n\"}},\"required\":[\"v\"]}},\"$ref\":\"#/$defs/n\"}";
    fits(schema, "{\"v\":1,\"next\":{\"v\":2}}");
    assertEquals("/next", fails(schema, "{\"v\":1,\"next\":{}}").failures().get(0).path());
  }

  @Test
  void aSchemaThatRefersToItselfWithoutEndRefusesInsteadOfFailing() {
    Check check = check("{\"$ref\":\"#\"}", "1");
    assertInstanceOf(Check.Broken.class, check);
  }

  @Test
  void matchesPatternsInLinearTime() {
    String text = "\"" + "a".repeat(200_000) + "!\"";
    fails("{\"pattern\":\"^(a+)+$\"}", text);
    fails("{\"pattern\":\"^(a|aa)+$\"}", text);
    fails("{\"pattern\":\"^(.*a){12}$\"}", text);
  }

  @Test
  void findsPatternsAnywhere() {
    fits("{\"pattern\":\"b\"}", "\"abc\"");
    fails("{\"pattern\":\"^b$\"}", "\"abc\"");
    fails("{\"pattern\":\"^b$\"}", "\"b\\n\"");
    fits("{\"pattern\":\"\\\\p{Greek}\"}", "\"α\"");
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.3, true",
    "0.01, 4.02, true",
    "0.01, 4.021, false",
    "2, 9007199254740993, false",
    "2, 9007199254740994, true",
    "3, 999999999999999999999999999999, true",
    "3, 999999999999999999999999999998, false",
    "0.0000001, 12345.6789012, true",
    "1, 1e300, true",
  })
  void dividesExactly(String divisor, String value, boolean fits) {
    String schema = "{\"multipleOf\":" + divisor + "}";
    if (fits) {
      fits(schema, value);
    } else {
      fails(schema, value);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "maximum, 9007199254740992, 9007199254740993",
    "maximum, 0.3, 0.30000000000000000001",
    "exclusiveMaximum, 1e300, 1e300",
    "const, 1.0, 2",
  })
  void comparesExactly(String keyword, String bound, String beyond) {
    fails("{\"" + keyword + "\":" + bound + "}", beyond);
  }

  /** However it is written: an integer is a number without a fraction (JSON Schema, 6.1.1). */
  @ParameterizedTest
  @ValueSource(strings = {"0", "-0", "-0.0", "1.0", "1e2", "1.10E+2", "-5"})
  void readsIntegersHoweverTheyAreWritten(String value) {
    fits("{\"type\":\"integer\"}", value);
    fits(
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}",
        "{\"a\":" + value + "}");
  }

  @ParameterizedTest
  @CsvSource({"const, 1.0, 1", "const, 1, 1.0", "const, 100, 1e2"})
  void readsEqualNumbersAsEqual(String keyword, String schema, String value) {
    fits("{\"" + keyword + "\":" + schema + "}", value);
    fits("{\"enum\":[" + schema + "]}", value);
  }

  @Test
  void readsWholeDecimalsAsIntegers() {
    fits("{\"type\":\"integer\"}", "1.0");
    fails("{\"type\":\"integer\"}", "1.5");
    fails("{\"type\":\"integer\"}", "\"1\"");
    fails("{\"type\":\"string\"}", "1");
    fails("{\"type\":\"boolean\"}", "\"true\"");
    fails("{\"type\":\"array\"}", "1");
  }

  @Test
  void namesPlacesAsJsonPointers() {
    String schema =
        "{\"properties\":{\"a/b\":{\"properties\":{\"c~d\":{\"items\":{\"type\":\"string\"}}}}}}";
    assertEquals(
        "/a~1b/c~0d/2",
        fails(schema, "{\"a/b\":{\"c~d\":[\"\",\"\",1]}}").failures().get(0).path());
    assertEquals("", fails("{\"type\":\"string\"}", "1").failures().get(0).path());
  }

  @Test
  void namesAtMostTwentyPlaces() {
    String schema = "{\"items\":{\"type\":\"string\"}}";
    assertEquals(20, fails(schema, "[" + "1,".repeat(100) + "1]").failures().size());
    assertEquals(3, fails(schema, "[1,2,3]").failures().size());
  }

  @Test
  void messagesAreShortLinesThatCanBeWritten() {
    for (int pad = 0; pad < 4; pad++) {
      String name = "x".repeat(pad) + "\uD83D\uDE00".repeat(120) + "\\n\\u001b[0m";
      Check.Fails fails = fails("{\"additionalProperties\":false}", "{\"" + name + "\":1}");
      String summary = fails.summary();
      assertTrue(summary.length() < 400, summary);
      assertTrue(summary.chars().noneMatch(Character::isISOControl), summary);
      assertTrue(StandardCharsets.UTF_8.newEncoder().canEncode(summary), summary);
    }
  }

  @Test
  void aToolWithoutSchemaHasNone() {
    assertInstanceOf(
        Check.NoSchema.class, store().check("default", "t", Direction.INPUT, json("{}")));
    assertEquals(Set.of(), store().tools("default"));
    assertEquals(0, SchemaStore.load(directory.resolve("absent")).findings().size());
  }

  @Test
  void aProjectsOwnSchemaStandsInPlaceOfTheCommonOne() throws Exception {
    file("t.json", "{\"type\":\"string\"}");
    file("bank/t.json", "{\"type\":\"number\"}");
    file("bank/u.output.json", "true");
    SchemaStore store = store();
    assertInstanceOf(Check.Fits.class, store.check("default", "t", Direction.INPUT, json("\"\"")));
    assertInstanceOf(Check.Fails.class, store.check("bank", "t", Direction.INPUT, json("\"\"")));
    assertInstanceOf(Check.Fits.class, store.check("bank", "t", Direction.INPUT, json("1")));
    assertInstanceOf(Check.NoSchema.class, store.check("bank", "t", Direction.OUTPUT, json("1")));
    assertEquals(Set.of("t"), store.tools("default"));
    assertEquals(Set.of("t", "u"), store.tools("bank"));
  }

  @Test
  void brokenSchemasCloseTheirToolAndOnlyIt() throws Exception {
    file("bad.json", "{\"type\":");
    file("good.json", "true");
    file("twice.json", "{\"type\":\"string\",\"type\":\"number\"}");
    SchemaStore.Loaded loaded = SchemaStore.load(directory);
    SchemaStore store = loaded.store();
    assertEquals(2, loaded.findings().size());
    assertTrue(loaded.findings().get(0).at().file().equals("schemas/bad.json"));
    assertInstanceOf(
        Check.Broken.class, store.check("default", "bad", Direction.INPUT, json("{}")));
    assertInstanceOf(
        Check.Broken.class, store.check("default", "twice", Direction.INPUT, json("\"\"")));
    assertInstanceOf(Check.Fits.class, store.check("default", "good", Direction.INPUT, json("{}")));
    assertTrue(store.published("default", "bad", Direction.INPUT).isEmpty());
    assertTrue(store.tree("default", "bad", Direction.INPUT).isEmpty());
  }

  @Test
  void aBrokenSchemaOfAProjectDoesNotFallBackToTheCommonOne() throws Exception {
    file("t.json", "true");
    file("bank/t.json", "nonsense");
    assertInstanceOf(Check.Broken.class, store().check("bank", "t", Direction.INPUT, json("{}")));
  }

  @Test
  void neverFollowsLinks() throws Exception {
    Path outside = Files.writeString(directory.resolveSibling("outside.json"), "true");
    file("own.json", "true");
    Files.createSymbolicLink(directory.resolve("linked.json"), outside);
    Path others = Files.createDirectories(directory.resolveSibling("others"));
    Files.writeString(others.resolve("own.json"), "true");
    Files.createSymbolicLink(directory.resolve("bank"), others);
    SchemaStore.Loaded loaded = SchemaStore.load(directory);
    assertEquals(2, loaded.findings().size(), loaded.findings().toString());
    assertInstanceOf(
        Check.Broken.class, loaded.store().check("default", "linked", Direction.INPUT, json("{}")));
    assertInstanceOf(
        Check.Broken.class, loaded.store().check("bank", "own", Direction.INPUT, json("{}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bank/t.json", "a b.json", "t.yaml", "t.JSON", "bank/sub/t.json"})
  void reportsForeignNames(String name) throws Exception {
    file(name, "true");
    assertEquals(1, SchemaStore.load(directory).findings().size(), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", ".t.json.swp", "t.json~"})
  void passesOverWhatEditorsAndPeopleLeave(String name) throws Exception {
    file(name, "nonsense");
    assertEquals(0, SchemaStore.load(directory).findings().size(), name);
  }

  @Test
  void closesEveryToolWhenTheDirectoryCannotBeRead() throws Exception {
    Path file = Files.writeString(directory.resolve("schemas"), "no directory");
    SchemaStore.Loaded loaded = SchemaStore.load(file);
    assertEquals(1, loaded.findings().size());
    assertInstanceOf(
        Check.Broken.class, loaded.store().check("p", "t", Direction.INPUT, json("{}")));
  }

  @Test
  void refusesFilesThatAreTooLarge() throws Exception {
    file("t.json", "{\"title\":\"" + "x".repeat(256 * 1024) + "\"}");
    assertInstanceOf(Check.Broken.class, store().check("p", "t", Direction.INPUT, json("{}")));
  }

  @Test
  void entityTagsStayWhileTheContentDoes() throws Exception {
    file("t.json", "{\"type\": \"string\", \"maxLength\": 5}");
    Published first = store().published("p", "t", Direction.INPUT).orElseThrow();
    file("t.json", "{\n  \"type\":\"string\",\n  \"maxLength\":5\n}\n");
    Published again = store().published("p", "t", Direction.INPUT).orElseThrow();
    assertEquals(first.etag(), again.etag());
    assertTrue(first.etag().matches("\"[0-9a-f]{32}\""), first.etag());
    assertEquals(
        "{\"type\":\"string\",\"maxLength\":5}", new String(first.bytes(), StandardCharsets.UTF_8));
    file("t.json", "{\"type\":\"string\",\"maxLength\":6}");
    assertNotEquals(
        first.etag(), store().published("p", "t", Direction.INPUT).orElseThrow().etag());
    assertFalse(store().published("p", "t", Direction.OUTPUT).isPresent());
  }
}
