package io.securegateway.core.decide;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Rule;

/** Which tools a caller could ever use, whatever the arguments, the session and the time. Pure. */
public final class Reach {
  private Reach() {}

  /**
   * False only if the policy can never allow the call: no allow selects it, or a deny without any
   * condition does, or the key is not for the tool.
   */
  public static boolean couldAllow(Policy policy, Caller caller, String tool) {
    if (!policy.isInScope(caller.model(), tool)) {
      return false;
    }
    boolean allowed = policy.allowByDefault();
    for (Rule rule : ToolIndex.of(policy).about(tool).rules()) {
      if (rule.shadow() || !ToolIndex.selects(rule.selector(), caller.model(), caller.key())) {
        continue;
      }
      boolean always = rule.when().isEmpty() && rule.session().isEmpty() && rule.closed() == null;
      if (rule.effect() == Effect.DENY && always) {
        return false;
      }
      allowed |= rule.effect() == Effect.ALLOW;
    }
    return allowed;
  }
}
