package io.securegateway.core.policy;

import java.util.Locale;

/** Whose calls are looked at or counted together. */
public enum Per {
  SESSION,
  KEY,
  MODEL,
  TOOL,
  PROJECT;

  /** The word used in files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
