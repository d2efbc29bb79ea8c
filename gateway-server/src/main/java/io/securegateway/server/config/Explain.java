package io.securegateway.server.config;

import java.util.Locale;

/** How much callers are told of the rules that were looked at. */
public enum Explain {
  /** Effect, reason and rule. */
  NONE,
  /** Also every rule looked at, matched or not. */
  BRIEF,
  /** Also whether a rule erred or had no room. */
  FULL;

  /** The word used in {@code gateway.yaml}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
