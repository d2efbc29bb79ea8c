package io.securegateway.server.journal;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Times as people and programs write them in filters. */
public final class TimeText {
  /** What is accepted, for messages. */
  public static final String FORMS = "epoch seconds or a time like 2026-11-22T10:00:00Z";

  private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(100_000_000_000L);

  private TimeText() {}

  /**
   * The UTC milliseconds of epoch seconds with or without a fraction, of epoch milliseconds (what
   * would be seconds beyond the year 5138), or of RFC 3339; empty if it is none of them.
   */
  public static Optional<Long> millis(String text) {
    if (text.matches("[0-9]{1,15}(\\.[0-9]{1,9})?")) {
      BigDecimal number = new BigDecimal(text);
      return Optional.of(
          number.compareTo(MOST_SECONDS) < 0
              ? number.movePointRight(3).longValue()
              : number.longValue());
    }
    try {
      return Optional.of(Instant.parse(text).toEpochMilli());
    } catch (DateTimeParseException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
