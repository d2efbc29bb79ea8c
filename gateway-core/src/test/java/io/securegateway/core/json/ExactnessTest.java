package io.securegateway.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.json.StrictJson.Parsed;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ExactnessTest {
  private static JsonNode tree(String text) {
    return assertInstanceOf(
            Parsed.class, StrictJson.parse(text.getBytes(StandardCharsets.UTF_8)), text)
        .tree();
  }

  private static boolean exact(String text) {
    return Exactness.problem(tree(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "0.0",
        "0e0",
        "1",
        "0.1",
        "0.3",
        "100.00",
        "1e2",
        "1e308",
        "-1e308",
        "4.9e-324",
        "5e-324",
        "1e-323",
        "-2e-323",
        "2147483648",
        "9007199254740991",
        "9007199254740992",
        "-9007199254740992",
        "9007199254740994",
        "-9223372036854775808",
        "1.7976931348623157e308",
        "1e22",
        "1e23",
        "123456789012345",
        "0.123456789012345",
        "1180591620717411303424",
        "0.5",
        "0.0009765625",
        "1e300"
      })
  void passesWhatADoubleHolds(String text) {
    assertTrue(exact(text), text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740993",
        "-9007199254740993",
        "9223372036854775807",
        "1e309",
        "-1e400",
        "1e400",
        "1e-400",
        "5e-325",
        "3e-324",
        "0.1000000000000000055511151231257827",
        "0.30000000000000001",
        "123456789012345678901234567890",
        "9007199254740992.5",
        "1.0000000000000000000001",
        "1.79769313486231581e308"
      })
  void refusesWhatADoubleWouldChange(String text) {
    assertTrue(Exactness.problem(tree(text)).isPresent(), text);
    assertTrue(Exactness.problem(tree("{\"a\":[[" + text + "]]}")).isPresent(), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"9007199254740993\"", "null", "true", "[]", "{\"9007199254740993\":1}"})
  void looksAtNumbersOnly(String text) {
    assertTrue(exact(text), text);
  }

  @Test
  void saysWhichNumberInBoundedText() {
    String problem = Exactness.problem(tree("[1e400]")).orElseThrow();
    assertTrue(problem.contains("The number 1e400 "), problem);
    assertTrue(problem.length() < 250, problem);
    String padded = Exactness.problem(tree("[1e" + "0".repeat(900) + "400]")).orElseThrow();
    assertTrue(padded.length() < 250, padded);
  }

  @Property(tries = 2_000)
  void everyDoubleIsExactAsItsShortestText(@ForAll double value) {
    if (Double.isFinite(value)) {
      assertTrue(exact(Double.toString(value)), Double.toString(value));
    }
  }

  @Property(tries = 2_000)
  void integersAreExactIfAndOnlyIfTheyAreDoubles(
      @ForAll long value, @ForAll @IntRange(max = 60) int zeros) {
    BigInteger whole = BigInteger.valueOf(value).shiftLeft(zeros);
    boolean isDouble = new BigDecimal(whole.doubleValue()).compareTo(new BigDecimal(whole)) == 0;
    boolean isShortest =
        new BigDecimal(Double.toString(whole.doubleValue())).compareTo(new BigDecimal(whole)) == 0;
    assertEquals(isDouble || isShortest, exact(whole.toString()), whole.toString());
  }

  @Property(tries = 2_000)
  void decimalsOfFifteenDigitsAreExact(
      @ForAll @LongRange(min = -999_999_999_999_999L, max = 999_999_999_999_999L) long digits,
      @ForAll @IntRange(min = -250, max = 250) int exponent) {
    assertTrue(exact(digits + "e" + exponent));
  }
}
