package io.securegateway.server.alert;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of one try.
 *
 * @param status of HTTP, if it came so far
 * @param detail what went wrong; null if nothing did
 * @param pause what the receiver asked for
 */
record SendResult(
    Kind kind, @Nullable Integer status, @Nullable String detail, @Nullable Duration pause) {
  enum Kind {
    /** The receiver has it. */
    DELIVERED,
    /** It may work later. */
    RETRY,
    /** It will hardly work without somebody's mend: few tries. */
    REFUSED,
    /** It will never work. */
    GONE
  }

  static SendResult delivered(@Nullable Integer status) {
    return new SendResult(Kind.DELIVERED, status, null, null);
  }

  static SendResult retry(String detail) {
    return new SendResult(Kind.RETRY, null, detail, null);
  }

  static SendResult refused(String detail) {
    return new SendResult(Kind.REFUSED, null, detail, null);
  }
}
