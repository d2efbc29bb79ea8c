package io.securegateway.core.replay;

import io.securegateway.api.Effect;
import java.util.Locale;

/** How the candidate's verdict on a recorded call differs from the recorded one. */
public enum Change {
  UNCHANGED,
  /** The same effect; another rule, or another reason, decides. */
  SAME_EFFECT_OTHER_RULE,
  /** Was allowed or asked about, would be denied. */
  NEWLY_DENIED,
  /** Was denied, would be allowed. */
  NEWLY_ALLOWED,
  /** Was allowed or denied, would wait for a person. */
  NEWLY_ASKS,
  /** Waited for a person, would be allowed at once. */
  ASK_REMOVED,
  /** Would be denied or not, by what came of calls that were never made. */
  MAYBE_DENIED,
  /** Would be allowed or not, by what came of calls that were never made. */
  MAYBE_ALLOWED,
  /** Would wait for a person or not, by what came of calls that were never made. */
  MAYBE_ASKS,
  /** Rests on a value, or on an earlier form of the call, that would not be there any more. */
  CASCADED,
  /** The gateway would not have judged it: its name or its arguments are none. */
  UNREPLAYABLE;

  /** The word used in reports and options, such as {@code newly_denied}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the session goes another way from here on. */
  public boolean diverges() {
    return this != UNCHANGED && this != SAME_EFFECT_OTHER_RULE && this != UNREPLAYABLE;
  }

  /** Whether the call would certainly not be made without a person. */
  public boolean blocks() {
    return this == NEWLY_DENIED || this == NEWLY_ASKS || this == CASCADED;
  }

  /** The change from one effect to another. */
  static Change of(Effect was, Effect now) {
    if (was == now) {
      return UNCHANGED;
    }
    return switch (now) {
      case DENY -> NEWLY_DENIED;
      case ASK -> NEWLY_ASKS;
      case ALLOW -> was == Effect.ASK ? ASK_REMOVED : NEWLY_ALLOWED;
    };
  }

  /** The possible change to an effect. */
  static Change maybe(Effect now) {
    return switch (now) {
      case DENY -> MAYBE_DENIED;
      case ASK -> MAYBE_ASKS;
      case ALLOW -> MAYBE_ALLOWED;
    };
  }
}
