package io.securegateway.core.anomaly;

import java.util.Locale;

/** How bad. In rising order. */
public enum Severity {
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  /** As configuration, API and events write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The severity with that word. */
  public static Severity of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
