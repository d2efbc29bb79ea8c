package io.securegateway.core.json;

import java.math.BigDecimal;

/**
 * A number that is written again as it was: 1e2 and not 1E+2, -0.0 and not 0.0. In all else it is
 * the number that it says. Immutable.
 */
final class WrittenNumber extends BigDecimal {
  private static final long serialVersionUID = 1L;
  private final String text;

  private WrittenNumber(String text) {
    super(text);
    this.text = text;
  }

  /** The number of that text, which is one by RFC 8259. */
  static BigDecimal of(String text) {
    BigDecimal plain = new BigDecimal(text);
    return plain.toString().equals(text) ? plain : new WrittenNumber(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
