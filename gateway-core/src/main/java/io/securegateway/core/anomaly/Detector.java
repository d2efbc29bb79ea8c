package io.securegateway.core.anomaly;

import java.util.Locale;

/** What is looked for. Names are stable: configuration, alerts and receivers use them. */
public enum Detector {
  /** Many denials of one key in a short time. */
  DENIAL_BURST("denial spike", new Settings(true, 10, 120_000, Severity.HIGH)),
  /** One key tries many different tools that it may not use or that do not exist. */
  TOOL_ENUMERATION("tool enumeration", new Settings(true, 8, 300_000, Severity.MEDIUM)),
  /** A key that was revoked, has expired or belongs to another project is presented. */
  KEY_MISUSE("key misuse", new Settings(true, 1, 600_000, Severity.HIGH)),
  /** After several denials a call of the same tool got through: perhaps a way around a rule. */
  DENY_THEN_ALLOW("deny then allow", new Settings(true, 5, 600_000, Severity.MEDIUM)),
  /** A tool changed after it was accepted, hides text or bears the name of another. */
  SUSPECT_TOOL("suspect tool", new Settings(true, 1, 600_000, Severity.HIGH));

  private final String title;
  private final Settings defaults;

  Detector(String title, Settings defaults) {
    this.title = title;
    this.defaults = defaults;
  }

  /**
   * When it speaks up.
   *
   * @param threshold how many within the window
   * @param within the window's length, milliseconds
   */
  public record Settings(boolean enabled, int threshold, long within, Severity severity) {}

  /** As configuration and events write it, such as {@code denial_burst}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For people and receivers, such as {@code denial spike}. */
  public String title() {
    return title;
  }

  /** Unless a project says otherwise. */
  public Settings defaults() {
    return defaults;
  }

  /** The detector with that word. */
  public static Detector of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
