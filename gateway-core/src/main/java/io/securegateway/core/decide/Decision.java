package io.securegateway.core.decide;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the policy says of one call, and why.
 *
 * @param effect the verdict
 * @param code the stable reason
 * @param reason one sentence for people; never holds argument values
 * @param rule the first of the deciding rules by id; null if none decided
 * @param rules all deciding rules, sorted
 * @param revision of the policy that decided
 * @param risk hundredths, 0 to 100
 * @param charges what the call reserves; empty for a denial
 * @param countsAsDenial whether session rules on {@code denials} see it
 * @param approval the approval that was used (allow), or that already waits (ask); null if none
 * @param retryAfter milliseconds until the reached limit may have room; null if waiting does not
 *     help or is unknown
 * @param shadow what it would have been with all shadow rules enforced; null if the policy has none
 * @param trace every rule looked at, by (effect, id); empty in a decision that was read from the
 *     journal
 * @param digest over all of the above but {@code reason} texts, lower-case hex: equal for equal
 *     decisions
 */
public record Decision(
    Effect effect,
    Reason code,
    String reason,
    @Nullable String rule,
    List<String> rules,
    String revision,
    int risk,
    List<Charge> charges,
    boolean countsAsDenial,
    @Nullable String approval,
    @Nullable Long retryAfter,
    @Nullable Shadow shadow,
    List<Looked> trace,
    String digest) {

  /** The verdict with all shadow rules enforced. */
  public record Shadow(Effect effect, Reason code, @Nullable String rule) {}

  /** One rule that was looked at. */
  public record Looked(String rule, Effect effect, boolean shadow, Outcome outcome) {}

  /** What came of looking at a rule. */
  public enum Outcome {
    MATCHED,
    NOT_MATCHED,
    /** A condition erred: an allow does not match, a deny or ask does. */
    ERROR,
    /** An allow that matches but has no room in its limits. */
    NO_ROOM;

    /** The word used in answers. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
