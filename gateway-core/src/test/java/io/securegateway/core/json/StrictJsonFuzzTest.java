package io.securegateway.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.json.StrictJson.Parsed;
import io.securegateway.core.json.StrictJson.Refused;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What holds for any bytes and any tree. */
class StrictJsonFuzzTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int ROUNDS = Boolean.getBoolean("securegateway.full") ? 2_000_000 : 40_000;

  private static final List<String> SEEDS =
      List.of(
          "{\"tool_name\":\"bank.send\",\"input\":{\"amount\":12.50,\"to\":[\"a\",null,true]}}",
          "[1e400,-1e-400,9007199254740993,0.1,\"\\ud83d\\ude00\",\"\\u0000\"]",
          "{\"Key\":1,\"kEy2\":{\"\\u212aey\":[[[[{}]]]]}}",
          "\"\u00e9\u2028\uFEFF😀\"");

  @Property(tries = 5_000)
  void anyBytesAreParsedOrRefused(@ForAll @Size(max = 64) byte[] bytes) {
    holds(bytes);
  }

  @Test
  void mutatedTextsAreParsedOrRefused() {
    Random random = new Random(20261122);
    int parsed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = mutated(SEEDS.get(round % SEEDS.size()), random);
      parsed += holds(bytes) ? 1 : 0;
    }
    assertTrue(parsed > ROUNDS / 100, "mutations that stay JSON: " + parsed);
    assertTrue(parsed < ROUNDS - ROUNDS / 100, "mutations that stay JSON: " + parsed);
  }

  private static byte[] mutated(String seed, Random random) {
    byte[] bytes = seed.getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = bytes[random.nextInt(bytes.length)];
        default -> bytes = Arrays.copyOf(bytes, at + 1);
      }
    }
    return bytes;
  }

  /**
   * Whatever passes is a value that is written and read as itself; whatever does not has a code.
   */
  private static boolean holds(byte[] bytes) {
    return switch (StrictJson.parse(bytes)) {
      case Parsed parsed -> {
        Parsed again =
            assertInstanceOf(Parsed.class, StrictJson.parse(StrictJson.write(parsed.tree())));
        assertEquals(Canonical.text(parsed.tree()), Canonical.text(again.tree()));
        assertEquals(Exactness.problem(parsed.tree()), Exactness.problem(again.tree()));
        yield true;
      }
      case Refused refused -> {
        assertTrue(refused.code().startsWith("json."), refused.code());
        assertFalse(refused.message().isBlank());
        yield false;
      }
    };
  }

  @Property(tries = 1_000)
  void treesComeBackAsTheyWereWritten(@ForAll("trees") JsonNode tree) {
    byte[] written = StrictJson.write(tree);
    Parsed again = assertInstanceOf(Parsed.class, StrictJson.parse(written));
    assertTrue(Canonical.equal(tree, again.tree()), () -> StrictJson.text(tree));
    assertEquals(StrictJson.text(tree), new String(written, StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<JsonNode> trees() {
    Arbitrary<JsonNode> numbers =
        Arbitraries.oneOf(
            Arbitraries.longs().map(JSON::numberNode),
            Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(39).negate(), BigInteger.TEN.pow(39))
                .map(JSON::numberNode),
            Arbitraries.integers()
                .between(-360, 360)
                .flatMap(
                    exponent ->
                        Arbitraries.longs()
                            .map(
                                digits ->
                                    JSON.numberNode(
                                        new BigDecimal(BigInteger.valueOf(digits), exponent)))));
    Arbitrary<JsonNode> texts =
        Arbitraries.strings()
            .ofMaxLength(20)
            .filter(StrictJsonFuzzTest::isWhole)
            .map(JSON::stringNode);
    Arbitrary<JsonNode> leaves =
        Arbitraries.oneOf(
            numbers,
            texts,
            Arbitraries.of(true, false).map(JSON::booleanNode),
            Arbitraries.just(JSON.nullNode()));
    Arbitrary<JsonNode> trees = leaves;
    for (int level = 0; level < 4; level++) {
      Arbitrary<JsonNode> below = trees;
      trees =
          Arbitraries.oneOf(
              leaves,
              below.list().ofMaxSize(4).map(items -> JSON.arrayNode().addAll(items)),
              below.list().ofMaxSize(4).map(StrictJsonFuzzTest::object));
    }
    return trees;
  }

  private static ObjectNode object(List<JsonNode> values) {
    ObjectNode object = JSON.objectNode();
    for (int i = 0; i < values.size(); i++) {
      object.set("Name-" + i + "-é", values.get(i));
    }
    return object;
  }

  private static boolean isWhole(String text) {
    return StandardCharsets.UTF_16BE.newEncoder().canEncode(text);
  }
}
