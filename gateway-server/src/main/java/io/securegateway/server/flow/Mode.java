package io.securegateway.server.flow;

import java.util.Locale;

/** What the switch does with a denial. */
public enum Mode {
  /** It acts. */
  ENFORCE,
  /** It only notes. */
  OBSERVE;

  /** The word used in {@code gateway.yaml}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
