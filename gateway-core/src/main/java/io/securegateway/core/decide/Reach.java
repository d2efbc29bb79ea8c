package io.securegateway.core.decide;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Operand;
import io.securegateway.core.policy.Operator;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Rule;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What a caller could ever use, whatever the session, the time and what is not known. Pure. */
public final class Reach {
  private final List<Rule> rules;
  private final boolean allowByDefault;
  private final String model;
  private final PatternWork work = new PatternWork();

  private Reach(List<Rule> rules, boolean allowByDefault, String model) {
    this.rules = rules;
    this.allowByDefault = allowByDefault;
    this.model = model;
  }

  /**
   * False only if the policy can never allow a call of the tool: no allow selects it, or a deny
   * without any open condition does, or the key is not for the tool.
   */
  public static boolean couldAllow(Policy policy, Caller caller, String tool) {
    return calls(policy, caller, tool).test(JsonNodeFactory.instance.objectNode());
  }

  /**
   * The same of calls whose arguments have these members, and maybe others. All tests of one
   * predicate spend one budget for patterns; beyond it nothing counts as allowed. Not thread-safe.
   */
  public static Predicate<ObjectNode> calls(Policy policy, Caller caller, String tool) {
    if (!policy.isInScope(caller.model(), tool)) {
      return known -> false;
    }
    List<Rule> rules =
        ToolIndex.of(policy).about(tool).rules().stream()
            .filter(rule -> !rule.shadow())
            .filter(rule -> ToolIndex.selects(rule.selector(), caller.model(), caller.key()))
            .toList();
    return new Reach(rules, policy.allowByDefault(), caller.model())::couldAllow;
  }

  private boolean couldAllow(ObjectNode known) {
    boolean allowed = allowByDefault;
    for (Rule rule : rules) {
      Kleene truth = Kleene.TRUE;
      boolean open = !rule.session().isEmpty() || rule.closed() != null;
      for (Condition condition : rule.when()) {
        Kleene one = test(condition, known);
        open |= one == null;
        truth = one == null ? truth : truth.and(one);
      }
      if (rule.effect() == Effect.DENY && !open && truth != Kleene.FALSE) {
        return false;
      }
      allowed |= rule.effect() == Effect.ALLOW && truth == Kleene.TRUE;
    }
    return allowed;
  }

  /** Null if it depends on what is not known. */
  private @Nullable Kleene test(Condition condition, ObjectNode known) {
    JsonNode value =
        switch (condition.operand()) {
          case Operand.Model() -> StringNode.valueOf(model);
          case Operand.Argument(Path path) when path.steps().size() == 1 ->
              path.steps().getFirst() instanceof Path.Member(String name) ? known.get(name) : null;
          default -> null;
        };
    if (value == null) {
      return null;
    }
    Kleene truth = Kleene.TRUE;
    for (Operator operator : condition.operators()) {
      truth = truth.and(Conditions.value(operator, value, work));
    }
    return truth;
  }
}
