package io.securegateway.core.policy.parse;

import io.securegateway.core.policy.Rule;
import org.jspecify.annotations.Nullable;

/** Rules with another id or origin. */
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
        rule.written(),
        rule.at());
  }

  /** The same rule, rewritten from that key of the short form. */
  static Rule writtenAs(Rule rule, @Nullable String key) {
    return new Rule(
        rule.id(),
        rule.effect(),
        rule.shadow(),
        rule.selector(),
        rule.when(),
        rule.session(),
        rule.closed(),
        rule.limits(),
        rule.expires(),
        rule.reason(),
        key,
        rule.at());
  }
}
