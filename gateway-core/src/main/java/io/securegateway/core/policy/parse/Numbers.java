package io.securegateway.core.policy.parse;

import java.math.BigDecimal;

/** Exact numbers, bounded like those of arguments. */
final class Numbers {
  private static final int MOST_DIGITS = 40;
  private static final int MOST_EXPONENT = 400;

  private Numbers() {}

  /** The number that a JSON number text writes. */
  static BigDecimal exact(String text) {
    int e = Math.max(text.indexOf('e'), text.indexOf('E'));
    String digits = e < 0 ? text : text.substring(0, e);
    String exponent = e < 0 ? "0" : text.substring(e + 1);
    if (digits.chars().filter(c -> c >= '0' && c <= '9').count() > MOST_DIGITS
        || exponent.length() > 5
        || Math.abs(Integer.parseInt(exponent)) > MOST_EXPONENT) {
      throw new BadValue(
          "bad-number",
          "The number "
              + (text.length() > 50 ? text.substring(0, 50) + "..." : text)
              + " has more than "
              + MOST_DIGITS
              + " digits or an exponent beyond "
              + MOST_EXPONENT
              + ".",
          "Write a smaller number; arguments with larger ones are refused anyway.");
    }
    return new BigDecimal(text);
  }
}
