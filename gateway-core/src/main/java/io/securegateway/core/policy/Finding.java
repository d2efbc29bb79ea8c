package io.securegateway.core.policy;

import java.util.Locale;

/**
 * What the lint has to say about one place.
 *
 * @param code stable, such as {@code unknown-key}
 * @param severity errors stop a save
 * @param at the place
 * @param message what is wrong, naming the value
 * @param mend what to do about it
 */
public record Finding(String code, Severity severity, Position at, String message, String mend) {
  /** How bad it is. */
  public enum Severity {
    ERROR,
    WARNING;

    /** The word used in reports. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether it stops a save. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  @Override
  public String toString() {
    return at + ": " + severity.word() + " [" + code + "] " + message + " Mend: " + mend;
  }
}
