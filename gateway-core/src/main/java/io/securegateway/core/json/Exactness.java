package io.securegateway.core.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Whether a tool that reads numbers as IEEE doubles would read another number than the one that was
 * judged.
 */
public final class Exactness {
  private static final long SAFE = 1L << 53;

  private Exactness() {}

  /**
   * What is wrong, or empty. A number must be a double's own value (as 2^70 is) or that of its
   * shortest text (as 0.1 is); all with at most 15 digits in the normal range are.
   */
  public static Optional<String> problem(JsonNode node) {
    if (node.isContainer()) {
      for (JsonNode child : node.values()) {
        Optional<String> problem = problem(child);
        if (problem.isPresent()) {
          return problem;
        }
      }
      return Optional.empty();
    }
    return !node.isNumber() || isExact(node)
        ? Optional.empty()
        : Optional.of(
            "The number "
                + Excerpt.of(node.decimalValue().toString(), 60)
                + " is another one for tools that read doubles; send it as a string, or declare exact_numbers for the tool.");
  }

  private static boolean isExact(JsonNode node) {
    if (node.isInt()) {
      return true;
    }
    if (node.isLong() && Math.abs(node.longValue()) <= SAFE) {
      return true;
    }
    BigDecimal value = node.decimalValue();
    double read = value.doubleValue();
    return Double.isFinite(read)
        && (value.signum() == 0 || read != 0)
        && (new BigDecimal(Double.toString(read)).compareTo(value) == 0
            || new BigDecimal(read).compareTo(value) == 0
            || isShortest(value, read));
  }

  /** The shortest text may have one digit, as 5e-324 has; {@link Double#toString} gives two. */
  private static boolean isShortest(BigDecimal value, double read) {
    MathContext one = new MathContext(1);
    return value.stripTrailingZeros().precision() == 1
        && new BigDecimal(read).round(one).compareTo(value) == 0;
  }
}
