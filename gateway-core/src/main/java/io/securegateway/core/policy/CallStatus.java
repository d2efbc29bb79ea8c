package io.securegateway.core.policy;

import java.util.Locale;

/** What became of an earlier call, as session rules ask for it. */
public enum CallStatus {
  /** Refused by rules, limits, a plugin or a person. */
  DENIED,
  /** Waits, or waited, for a person. */
  ASKED,
  /** Was let through, whatever came of it: matches in flight, ok, error and unknown alike. */
  ADMITTED,
  /** The tool answered and the answer was accepted. */
  OK,
  /** The tool answered with an error. */
  ERROR,
  /** Nobody knows: timeout, cancel, crash. */
  UNKNOWN;

  /** The word used in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
