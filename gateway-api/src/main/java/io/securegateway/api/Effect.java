package io.securegateway.api;

import java.util.Locale;

/** What the policy says of a call. */
public enum Effect {
  /** The call may be forwarded. */
  ALLOW,
  /** The call is refused. */
  DENY,
  /** The call waits for a person. */
  ASK;

  /** The word used in files, events and answers. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The effect with that word. */
  public static Effect of(String word) {
    return switch (word) {
      case "allow" -> ALLOW;
      case "deny" -> DENY;
      case "ask" -> ASK;
      default -> throw new IllegalArgumentException("unknown effect: " + word);
    };
  }
}
