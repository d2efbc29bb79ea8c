package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Rule;

/** Rules with another id. */
final class Rules {
  private Rules() {}

  /** The same rule under that id. */
  static Rule named(Rule rule, String id) {
    return new Rule(
        id,
        rule.effect(),
        rule.shadow(),
        rule.selector(),
        rule.when(),
        rule.session(),
        rule.closed(),
        rule.limits(),
        rule.expires(),
        rule.reason(),
        rule.at());
  }
}
