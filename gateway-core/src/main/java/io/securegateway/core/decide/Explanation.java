package io.securegateway.core.decide;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decision told in full, for people with the admin role: it holds values and thresholds.
 *
 * @param decision the same that {@code decide} gives
 * @param rules every rule looked at, by (effect, id)
 * @param nearest for a denial, the allow with the fewest failed conditions
 * @param riskTerms what the risk is made of, such as {@code egress +20}
 */
public record Explanation(
    Decision decision, List<RuleTrace> rules, @Nullable RuleTrace nearest, List<String> riskTerms) {

  /** One rule with each of its parts. {@code place} is {@code file:line:column}. */
  public record RuleTrace(
      String rule,
      String effect,
      boolean shadow,
      Decision.Outcome outcome,
      String place,
      List<Part> parts) {}

  /**
   * One part of a rule: a selector, a condition or a limit.
   *
   * @param part such as {@code when args.amount le 500}
   * @param outcome true, false or error
   * @param read the fact or value it read, shortened, or what went wrong
   */
  public record Part(String part, String outcome, String read) {}
}
