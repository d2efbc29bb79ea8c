package io.securegateway.core.replay;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A verdict in short, for comparing.
 *
 * @param rule the first deciding rule; null if none decided, or none was recorded
 * @param code why; null if it was not recorded
 * @param reason for people; empty if it was not recorded
 */
public record Ruling(Effect effect, @Nullable String rule, @Nullable Reason code, String reason) {
  /** Of a decision. */
  public static Ruling of(Decision decision) {
    return new Ruling(decision.effect(), decision.rule(), decision.code(), decision.reason());
  }

  /** The recorded verdict on a call; without a rule and a code if none were recorded. */
  static Ruling of(Event.CallDecided event) {
    Decision decision = event.decision();
    boolean bare = decision.digest().isEmpty() && decision.rule() == null;
    return bare ? new Ruling(decision.effect(), null, null, decision.reason()) : of(decision);
  }

  /** Whether both have the same effect for the same cause, as far as this one recorded it. */
  boolean isCause(Ruling now) {
    boolean rules = (rule == null && code == null) || Objects.equals(rule, now.rule());
    return rules && (code == null || code == now.code());
  }
}
