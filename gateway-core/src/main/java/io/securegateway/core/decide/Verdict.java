package io.securegateway.core.decide;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The combination of judged rules: a call needs an allow with room and room in all limits of the
 * policy; then deny before ask before allow.
 *
 * @param rules the deciding ones, sorted by id
 * @param approval the approval that was used or already waits
 */
record Verdict(
    Effect effect,
    Reason code,
    List<Rule> rules,
    @Nullable Limit limit,
    @Nullable Long retryAfter,
    @Nullable String approval) {

  /**
   * Combines.
   *
   * @param shadow whether shadow rules count
   */
  static Verdict of(
      Judgement judgement, boolean shadow, boolean allowByDefault, Approvals approvals) {
    List<Rule> denies = matched(judgement, Effect.DENY, shadow);
    if (!denies.isEmpty()) {
      return new Verdict(Effect.DENY, Reason.RULE_DENIED, denies, null, null, null);
    }
    List<Rule> allows = matched(judgement, Effect.ALLOW, shadow);
    List<Judgement.Found> crowded = allows.isEmpty() ? crowded(judgement, shadow) : List.of();
    if (!crowded.isEmpty()) {
      return new Verdict(
          Effect.DENY,
          Reason.LIMIT_REACHED,
          crowded.stream().map(Judgement.Found::rule).toList(),
          null,
          soonest(crowded),
          null);
    }
    if (allows.isEmpty() && !allowByDefault) {
      return new Verdict(Effect.DENY, Reason.NO_RULE, List.of(), null, null, null);
    }
    if (judgement.full() != null) {
      return new Verdict(
          Effect.DENY,
          Reason.LIMIT_REACHED,
          List.of(),
          judgement.full(),
          judgement.fullRetry(),
          null);
    }
    List<Rule> asks = matched(judgement, Effect.ASK, shadow);
    Reason granted = allows.isEmpty() ? Reason.DEFAULT_ALLOWED : Reason.RULE_ALLOWED;
    if (asks.isEmpty()) {
      return new Verdict(Effect.ALLOW, granted, allows, null, null, null);
    }
    Approvals.Standing standing = approvals.of(Set.copyOf(asks.stream().map(Rule::id).toList()));
    return standing.approved()
        ? new Verdict(Effect.ALLOW, Reason.APPROVED, allows, null, null, standing.id())
        : new Verdict(Effect.ASK, Reason.RULE_ASKS, asks, null, null, standing.id());
  }

  /** The key is not for the tool: no rule can grant it. */
  static Verdict outOfScope() {
    return new Verdict(Effect.DENY, Reason.TOOL_OUT_OF_SCOPE, List.of(), null, null, null);
  }

  private static List<Judgement.Found> crowded(Judgement judgement, boolean shadow) {
    return judgement.found().stream()
        .filter(f -> f.outcome() == Decision.Outcome.NO_ROOM && (shadow || !f.rule().shadow()))
        .toList();
  }

  private static List<Rule> matched(Judgement judgement, Effect effect, boolean shadow) {
    List<Rule> rules = new ArrayList<>();
    for (Judgement.Found found : judgement.found()) {
      Rule rule = found.rule();
      if (rule.effect() == effect && found.matched() && (shadow || !rule.shadow())) {
        rules.add(rule);
      }
    }
    return rules;
  }

  private static @Nullable Long soonest(List<Judgement.Found> crowded) {
    Long soonest = null;
    for (Judgement.Found found : crowded) {
      Long wait = found.retryAfter();
      if (wait != null && (soonest == null || wait < soonest)) {
        soonest = wait;
      }
    }
    return soonest;
  }

  /** The id of the first deciding rule, or null if none decided. */
  @Nullable String first() {
    return rules.isEmpty() ? null : rules.get(0).id();
  }

  /** Whether session rules on denials see it: not if only rules decided that read denials. */
  boolean countsAsDenial() {
    return effect == Effect.DENY
        && !(code == Reason.RULE_DENIED && rules.stream().allMatch(Rule::readsDenials));
  }
}
