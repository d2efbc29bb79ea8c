package io.securegateway.server.front;

import java.util.Locale;
import java.util.Optional;

/** Levels of log messages (RFC 5424), the least important first. */
enum LogLevel {
  DEBUG,
  INFO,
  NOTICE,
  WARNING,
  ERROR,
  CRITICAL,
  ALERT,
  EMERGENCY;

  static Optional<LogLevel> of(String word) {
    for (LogLevel level : values()) {
      if (level.word().equals(word)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /** As it stands on the wire. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a message of a level is told; what bears none that is known is not. */
  boolean admits(String word) {
    return of(word).filter(level -> level.compareTo(this) >= 0).isPresent();
  }
}
