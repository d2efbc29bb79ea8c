package io.securegateway.server.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.format.Format;
import com.networknt.schema.format.Formats;
import io.securegateway.core.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What a caller sends must not decide how long a check takes. */
class BoundedCheckTest {
  private static final String DRAFT_7 = "\"$schema\":\"http://json-schema.org/draft-07/schema#\",";

  private static Check check(String schema, String value) {
    ToolSchema compiled = ToolSchema.of(tree(schema));
    assertEquals("", compiled.problem().orElse(""));
    return compiled.check(tree(value));
  }

  private static JsonNode tree(String text) {
    return assertInstanceOf(
            StrictJson.Parsed.class, StrictJson.parse(text.getBytes(StandardCharsets.UTF_8)))
        .tree();
  }

  /** Strings that all have one hash: Aa and BB have the same. */
  private static String colliding(int bits) {
    StringBuilder array = new StringBuilder("[");
    for (int i = 0; i < 1 << bits; i++) {
      array.append(i == 0 ? "\"" : ",\"");
      for (int bit = 0; bit < bits; bit++) {
        array.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      array.append('"');
    }
    return array.append(']').toString();
  }

  /** The library's own would compare each with each here; ours is in its place in both drafts. */
  @Test
  void comparesItemsWithEqualHashesWithoutComparingEachWithEach() {
    for (SpecificationVersion draft :
        List.of(SpecificationVersion.DRAFT_2020_12, SpecificationVersion.DRAFT_7)) {
      assertInstanceOf(
          UniqueItems.class, BoundedDialects.of(draft).getKeywords().get("uniqueItems"));
    }
    assertInstanceOf(Check.Fits.class, check("{\"uniqueItems\":true}", colliding(14)));
    assertInstanceOf(
        Check.Fits.class, check("{" + DRAFT_7 + "\"uniqueItems\":true}", colliding(14)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1, 1.0] | false",
        "[0, -0.0] | false",
        "[{\"a\":1,\"b\":2}, {\"b\":2.0,\"a\":1}] | false",
        "[[1,2], [1,2]] | false",
        "[\"1\", 1] | true",
        "[true, 1] | true",
        "[null, false] | true",
        "[[1,2], [2,1]] | true",
        "[1e2, 100.5] | true",
        "[] | true",
        "{\"a\":1} | true",
      })
  void readsUniqueItemsByValueInBothDrafts(String value, boolean unique) {
    for (String draft : List.of("", DRAFT_7)) {
      Check asked = check("{" + draft + "\"uniqueItems\":true}", value);
      assertEquals(unique, asked instanceof Check.Fits, draft + asked);
      Check notAsked = check("{" + draft + "\"uniqueItems\":false}", value);
      assertInstanceOf(Check.Fits.class, notAsked);
    }
  }

  @Test
  void namesTheArrayWhoseItemsAreNotUnique() {
    Check check =
        check("{\"properties\":{\"to\":{\"uniqueItems\":true}}}", "{\"to\":[\"a\",\"a\"]}");
    Check.Failure failure = assertInstanceOf(Check.Fails.class, check).failures().getFirst();
    assertEquals("/to", failure.path());
    assertTrue(failure.message().contains("unique"), failure.message());
  }

  @Test
  void refusesAValueThatWouldTakeTooManySteps() {
    String branch = "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/n\"}},\"required\":[\"%s\"]}";
    String schema =
        "{\"$defs\":{\"n\":{\"anyOf\":[{\"type\":\"string\"},%s,%s]}},\"$ref\":\"#/$defs/n\"}"
            .formatted(branch.formatted("y"), branch.formatted("z"));
    String value = "{\"a\":".repeat(60) + "1" + "}".repeat(60);
    Check check = check(schema, value);
    String reason = assertInstanceOf(Check.Broken.class, check).reason();
    assertTrue(reason.contains("1000000 steps"), reason);
  }

  @Test
  void refusesASchemaThatIsItsOwnReference() {
    assertInstanceOf(Check.Broken.class, check("{\"$ref\":\"#\"}", "1"));
  }

  @Test
  void followsARecursiveSchemaAsDeepAsValuesMayBe() {
    String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"allOf\":[{\"$ref\":\"#\"}]}}}";
    int depth = StrictJson.MAX_DEPTH - 1;
    String value = "{\"a\":".repeat(depth) + "{}" + "}".repeat(depth);
    assertInstanceOf(Check.Fits.class, check(schema, value));
  }

  static Stream<String> formats() {
    return Formats.DEFAULT.stream().map(Format::getName);
  }

  /** Half of a usual thread's stack is enough for the longest text that any format looks at. */
  @ParameterizedTest
  @MethodSource("formats")
  void answersForTextsOfEveryLengthWithoutOverflowingTheStack(String format) throws Exception {
    for (String unit : List.of("a", "a.", "a-", "/a", "1:", "%61", "{a}", "\u00e4.", "@", " ")) {
      for (int length : new int[] {253, 500, 2_040, 100_000}) {
        String text = unit.repeat(length / unit.length());
        AtomicReference<Check> result = new AtomicReference<>(new Check.NoSchema());
        Thread small =
            new Thread(
                null,
                () -> result.set(check("{\"format\":\"" + format + "\"}", "\"" + text + "\"")),
                "small-stack",
                512 * 1024);
        small.start();
        small.join();
        Check check = result.get();
        assertTrue(
            check instanceof Check.Fits || check instanceof Check.Fails,
            () -> format + " " + unit + " " + length + ": " + check);
      }
    }
  }

  @Test
  void assertsFormatsInBothDrafts() {
    for (String draft : List.of("", DRAFT_7)) {
      String schema = "{" + draft + "\"format\":\"%s\"}";
      assertInstanceOf(Check.Fails.class, check(schema.formatted("email"), "\"nobody\""));
      assertInstanceOf(Check.Fits.class, check(schema.formatted("email"), "\"a@example.org\""));
      assertInstanceOf(Check.Fails.class, check(schema.formatted("hostname"), "\"a..b\""));
      assertInstanceOf(Check.Fits.class, check(schema.formatted("hostname"), "\"a.example\""));
      assertInstanceOf(Check.Fits.class, check(schema.formatted("email"), "17"));
    }
  }
}
