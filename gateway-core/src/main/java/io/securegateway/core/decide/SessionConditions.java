package io.securegateway.core.decide;

import io.securegateway.core.json.Canonical;
import io.securegateway.core.policy.CallStatus;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.SessionCondition;
import io.securegateway.core.session.CallFact;
import io.securegateway.core.session.CallState;
import io.securegateway.core.session.Kept;
import io.securegateway.core.session.Scope;
import io.securegateway.core.session.SessionFacts;
import io.securegateway.core.session.Tally;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * {@code session}: conditions about what happened before. Facts that are needed and no longer held
 * are an error. A call stands at the time of its decision, a touch at the time of its release.
 */
final class SessionConditions {
  private SessionConditions() {}

  /** Whether all conditions of the rule hold. */
  static Kleene all(Rule rule, Past past, int risk) {
    Kleene truth = Kleene.TRUE;
    List<SessionCondition> conditions = rule.session();
    for (int i = 0; i < conditions.size() && truth != Kleene.FALSE; i++) {
      truth = truth.and(test(conditions.get(i), rule, past, risk));
    }
    return truth;
  }

  /** Whether one condition of the rule holds. */
  static Kleene test(SessionCondition condition, Rule rule, Past past, int risk) {
    return switch (condition) {
      case SessionCondition.Touched touched ->
          touched(
              past,
              past.scope(touched.per()),
              touched.labels(),
              touched.any(),
              past.since(touched.within()));
      case SessionCondition.Denials denials ->
          denials(past.scope(denials.per()), denials.atLeast(), past.since(denials.within()));
      case SessionCondition.Calls calls -> calls(calls, past);
      case SessionCondition.Lacks lacks -> lacks(lacks, past);
      case SessionCondition.Distinct distinct -> distinct(distinct, rule, past);
      case SessionCondition.Age age -> {
        SessionFacts session = past.session();
        long old = session == null ? 0 : past.call().time() - session.started();
        yield Kleene.of(old >= age.atLeast().toMillis());
      }
      case SessionCondition.Risk least ->
          Kleene.of(
              least.atLeast().movePointRight(2).compareTo(java.math.BigDecimal.valueOf(risk)) <= 0);
      case SessionCondition.NotFrom notFrom -> notFrom(notFrom, past);
      case SessionCondition.From from -> from(from, past);
      case SessionCondition.PromptContains prompt -> prompt(prompt.folded(), past.session());
    };
  }

  /** Whether results of tools with all (or any) of the labels were released since then. */
  static Kleene touched(Past past, Scope scope, Set<String> labels, boolean any, long since) {
    if (labels.isEmpty() && !any) {
      return Kleene.TRUE;
    }
    if (!past.index().mayBear(labels, any)) {
      return complete(scope.toolsMissing(), since);
    }
    Set<String> missing = null;
    for (Map.Entry<String, Tally> tool : scope.tools().entrySet()) {
      if (tool.getValue().released() <= since) {
        continue;
      }
      Set<String> borne = past.index().about(tool.getKey()).labels();
      if (borne.isEmpty() || Collections.disjoint(borne, labels)) {
        continue;
      }
      missing = missing == null ? new HashSet<>(labels) : missing;
      missing.removeAll(borne);
      if (any || missing.isEmpty()) {
        return Kleene.TRUE;
      }
    }
    return complete(scope.toolsMissing(), since);
  }

  /** False if nothing that counts is missing, else an error. */
  private static Kleene complete(long missing, long since) {
    return missing == Long.MIN_VALUE || missing <= since ? Kleene.FALSE : Kleene.ERROR;
  }

  static Kleene denials(Scope scope, int least, long since) {
    if (since == Long.MIN_VALUE) {
      return Kleene.of(scope.denied() >= least);
    }
    int count = 0;
    for (int i = scope.denials().size() - 1; i >= 0 && count < least; i--) {
      if (scope.denials().get(i) <= since) {
        break;
      }
      count++;
    }
    return count >= least ? Kleene.TRUE : complete(scope.denialsMissing(), since);
  }

  private static Kleene calls(SessionCondition.Calls condition, Past past) {
    Scope scope = past.scope(condition.per());
    long since = past.since(condition.within());
    return atLeast(
        past, scope, condition.tools(), condition.status(), true, condition.atLeast(), since);
  }

  private static Kleene lacks(SessionCondition.Lacks condition, Past past) {
    Scope scope = past.scope(condition.per());
    long since = past.since(condition.within());
    return atLeast(past, scope, condition.tools(), condition.status(), false, 1, since).not();
  }

  private static Kleene atLeast(
      Past past,
      Scope scope,
      List<Glob> tools,
      Set<CallStatus> status,
      boolean early,
      int least,
      long since) {
    if (least <= 0) {
      return Kleene.TRUE;
    }
    return since == Long.MIN_VALUE
        ? everAtLeast(past, scope, tools, status, early, least)
        : lately(past, scope, tools, status, early, least, since);
  }

  /** From the counts, which reach back to the beginning. */
  private static Kleene everAtLeast(
      Past past, Scope scope, List<Glob> tools, Set<CallStatus> status, boolean early, int least) {
    long count = ever(past, scope, tools, status, early);
    if (count >= least) {
      return Kleene.TRUE;
    }
    long missing =
        status.contains(CallStatus.DENIED) ? scope.deniedMissing() : scope.toolsMissing();
    return complete(missing, Long.MIN_VALUE);
  }

  /** How many earlier calls have one of the statuses, over the whole life of the scope. */
  static long ever(
      Past past, Scope scope, List<Glob> tools, Set<CallStatus> status, boolean early) {
    long count = 0;
    for (Map.Entry<String, Tally> tool : scope.tools().entrySet()) {
      if (selects(tools, tool.getKey())) {
        count += tool.getValue().count(status, early);
      }
    }
    if (past.own() != null
        && selects(tools, past.call().tool())
        && past.own().fact().state().isOneOf(status, early)) {
      count--;
    }
    return count;
  }

  /** From the kept calls, newest first. */
  private static Kleene lately(
      Past past,
      Scope scope,
      List<Glob> tools,
      Set<CallStatus> status,
      boolean early,
      int least,
      long since) {
    int count = 0;
    for (CallFact call : scope.calls().descendingMap().values()) {
      if (call.time() <= since) {
        break;
      }
      if (call.state().isOneOf(status, early)
          && selects(tools, call.tool())
          && !past.isOwn(call)
          && ++count >= least) {
        return Kleene.TRUE;
      }
    }
    return complete(scope.missing(), since);
  }

  private static boolean selects(List<Glob> tools, String tool) {
    return tools.isEmpty() || Conditions.matches(tools, tool);
  }

  /** Over the earlier admitted calls that the rule's tools and labels select. */
  private static Kleene distinct(SessionCondition.Distinct condition, Rule rule, Past past) {
    Set<String> values = new HashSet<>();
    if (!collect(past.call().arguments(), condition.of(), values)) {
      return Kleene.ERROR;
    }
    Scope scope = past.scope(condition.per());
    long since = past.since(condition.within());
    boolean dropped = false;
    for (CallFact call : scope.calls().descendingMap().values()) {
      if (call.time() <= since || values.size() > condition.moreThan()) {
        break;
      }
      if (call.state().admitted()
          && !past.isOwn(call)
          && ToolIndex.selects(
              rule.selector(), call.tool(), past.index().about(call.tool()).labels())) {
        Kept arguments = call.arguments();
        if (arguments == null) {
          dropped = true;
        } else {
          collect(arguments.json(), condition.of(), values);
        }
      }
    }
    if (values.size() > condition.moreThan()) {
      return Kleene.TRUE;
    }
    return dropped ? Kleene.ERROR : complete(scope.missing(), since);
  }

  /** Adds the values at the path, and tells whether there were any but null. */
  static boolean collect(JsonNode arguments, Path path, Set<String> values) {
    boolean found = false;
    for (JsonNode value : Values.all(arguments, path)) {
      if (!value.isNull()) {
        values.add(Canonical.text(value));
        found = true;
      }
    }
    return found;
  }

  private static Kleene notFrom(SessionCondition.NotFrom condition, Past past) {
    List<JsonNode> values = Values.all(past.call().arguments(), condition.value());
    if (values.isEmpty() || !values.stream().allMatch(Values::isScalar)) {
      return Kleene.ERROR;
    }
    Kleene truth = Kleene.FALSE;
    for (JsonNode value : values) {
      truth = truth.or(isLeaf(value, condition, past).not());
    }
    return truth;
  }

  private static Kleene isLeaf(JsonNode value, SessionCondition.NotFrom condition, Past past) {
    Scope scope = past.scope(condition.per());
    long since = past.since(condition.within());
    boolean dropped = false;
    for (CallFact call : scope.calls().descendingMap().values()) {
      if (call.time() <= since) {
        break;
      }
      if (call.state() == CallState.OK && selects(condition.tools(), call.tool())) {
        Kept result = call.result();
        dropped |= call.resultDropped();
        if (result != null) {
          for (JsonNode leaf : Values.all(result.json(), condition.result())) {
            if (Values.isScalar(leaf) && Canonical.equal(leaf, value)) {
              return Kleene.TRUE;
            }
          }
        }
      }
    }
    return dropped ? Kleene.ERROR : complete(scope.missing(), since);
  }

  private static Kleene from(SessionCondition.From condition, Past past) {
    List<JsonNode> values = Values.all(past.call().arguments(), condition.value());
    if (values.isEmpty() || values.stream().anyMatch(JsonNode::isNull)) {
      return Kleene.ERROR;
    }
    Kleene truth = Kleene.FALSE;
    for (JsonNode value : values) {
      truth =
          truth.or(
              Origins.from(
                  value,
                  past,
                  past.scope(condition.per()),
                  past.since(condition.within()),
                  tool -> selects(condition.tools(), tool)));
    }
    return truth;
  }

  private static Kleene prompt(List<String> wanted, @Nullable SessionFacts session) {
    if (session == null) {
      return Kleene.FALSE;
    }
    for (String prompt : session.prompts()) {
      for (String text : wanted) {
        if (prompt.contains(text)) {
          return Kleene.TRUE;
        }
      }
    }
    return session.promptsComplete() ? Kleene.FALSE : Kleene.ERROR;
  }
}
