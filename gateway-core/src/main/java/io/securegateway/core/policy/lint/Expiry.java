package io.securegateway.core.policy.lint;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys and rules that are over, or soon will be. */
final class Expiry {
  private static final Duration SOON = Duration.ofDays(14);

  private final Instant now;
  private final List<Finding> findings;

  Expiry(Instant now, List<Finding> findings) {
    this.now = now;
    this.findings = findings;
  }

  void check(Rule rule) {
    check(
        "rule",
        "Rule \"" + rule.id() + "\"",
        rule.expires(),
        rule.at(),
        "Remove the rule, or move the date.");
  }

  void check(ModelKeys.Key key) {
    check(
        "key",
        "Key \"" + key.id() + "\"",
        key.expires(),
        key.at(),
        "Make a new key with `securegateway keys new`, then remove this one.");
  }

  private void check(
      String what, String name, @Nullable Instant expires, Position at, String mend) {
    if (expires == null) {
      return;
    }
    if (!expires.isAfter(now)) {
      findings.add(
          Lint.warning(what + "-expired", at, name + " has expired at " + expires + ".", mend));
    } else if (!expires.isAfter(now.plus(SOON))) {
      findings.add(
          Lint.warning(what + "-expires-soon", at, name + " expires at " + expires + ".", mend));
    }
  }
}
