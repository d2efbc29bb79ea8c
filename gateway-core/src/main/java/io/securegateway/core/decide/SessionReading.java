package io.securegateway.core.decide;

import io.securegateway.core.policy.CallStatus;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Per;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.SessionCondition;
import io.securegateway.core.session.CallFact;
import io.securegateway.core.session.CallState;
import io.securegateway.core.session.Scope;
import io.securegateway.core.session.SessionFacts;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which facts a session condition read, in a few words for people. Decides nothing. */
final class SessionReading {
  private final Past past;
  private final int risk;

  SessionReading(Past past, int risk) {
    this.past = past;
    this.risk = risk;
  }

  /** What the condition of the rule read, and why it errs if it does. */
  String of(SessionCondition condition, Rule rule, Kleene truth) {
    String read = read(condition, rule);
    return truth == Kleene.ERROR && isReadable(condition)
        ? read + "; facts that it needs are no longer known"
        : read;
  }

  /** False if the value itself is why the condition errs. */
  private boolean isReadable(SessionCondition condition) {
    return switch (condition) {
      case SessionCondition.Distinct c -> all(c.of()).stream().anyMatch(value -> !value.isNull());
      case SessionCondition.NotFrom c ->
          !all(c.value()).isEmpty() && all(c.value()).stream().allMatch(Values::isScalar);
      case SessionCondition.From c ->
          !all(c.value()).isEmpty() && all(c.value()).stream().noneMatch(JsonNode::isNull);
      case SessionCondition.Touched _,
          SessionCondition.Denials _,
          SessionCondition.Calls _,
          SessionCondition.Lacks _,
          SessionCondition.Age _,
          SessionCondition.Risk _,
          SessionCondition.PromptContains _ ->
          true;
    };
  }

  private String read(SessionCondition condition, Rule rule) {
    return switch (condition) {
      case SessionCondition.Touched c -> touched(c);
      case SessionCondition.Denials c -> denials(c);
      case SessionCondition.Calls c ->
          tally(c.tools(), c.status(), true, c.per(), c.within()) + " such calls";
      case SessionCondition.Lacks c ->
          tally(c.tools(), c.status(), false, c.per(), c.within()) + " such calls";
      case SessionCondition.Distinct c ->
          values(c.of()) + ", " + distinct(c, rule) + " different values";
      case SessionCondition.Age c -> "the session is " + ConditionText.time(age()) + " old";
      case SessionCondition.Risk c -> "the risk is " + java.math.BigDecimal.valueOf(risk, 2);
      case SessionCondition.NotFrom c ->
          values(c.value()) + " against " + released(c) + " values that such results held";
      case SessionCondition.From c ->
          values(c.value())
              + " against "
              + count(c.tools(), c.per(), c.within(), fact -> fact.result() != null)
              + " results";
      case SessionCondition.PromptContains c -> prompts() + " prompts of the session";
    };
  }

  private String touched(SessionCondition.Touched c) {
    long since = past.since(c.within());
    Set<String> seen = new TreeSet<>();
    past.scope(c.per())
        .tools()
        .forEach(
            (tool, tally) -> {
              if (tally.released() > since) {
                past.index().about(tool).labels().stream()
                    .filter(c.labels()::contains)
                    .forEach(seen::add);
              }
            });
    return seen.isEmpty() ? "none of them touched" : "touched: " + String.join(", ", seen);
  }

  private String denials(SessionCondition.Denials c) {
    Scope scope = past.scope(c.per());
    long since = past.since(c.within());
    long count =
        c.within() == null
            ? scope.denied()
            : scope.denials().stream().filter(time -> time > since).count();
    return count + " denials before this call";
  }

  /** Counts as the condition does: without a window over the whole life of the scope. */
  private long tally(
      List<Glob> tools, Set<CallStatus> status, boolean early, Per per, @Nullable Duration within) {
    return within == null
        ? SessionConditions.ever(past, past.scope(per), tools, status, early)
        : count(tools, per, within, fact -> fact.state().isOneOf(status, early));
  }

  private long count(
      List<Glob> tools, Per per, @Nullable Duration within, Predicate<CallFact> wanted) {
    return calls(tools, per, within).filter(wanted).count();
  }

  private Stream<CallFact> calls(List<Glob> tools, Per per, @Nullable Duration within) {
    long since = past.since(within);
    return past.scope(per).calls().values().stream()
        .filter(fact -> fact.time() > since && !past.isOwn(fact))
        .filter(fact -> tools.isEmpty() || Conditions.matches(tools, fact.tool()));
  }

  private long released(SessionCondition.NotFrom c) {
    return calls(c.tools(), c.per(), c.within())
        .filter(fact -> fact.state() == CallState.OK && fact.result() != null)
        .mapToLong(
            fact -> fact.result() == null ? 0 : Values.all(fact.result().json(), c.result()).size())
        .sum();
  }

  /** How many, the present ones included. */
  private int distinct(SessionCondition.Distinct c, Rule rule) {
    Set<String> values = new HashSet<>();
    SessionConditions.collect(past.call().arguments(), c.of(), values);
    calls(List.of(), c.per(), c.within())
        .filter(fact -> fact.state().admitted())
        .filter(
            fact ->
                ToolIndex.selects(
                    rule.selector(), fact.tool(), past.index().about(fact.tool()).labels()))
        .flatMap(fact -> Asked.of(fact).stream())
        .forEach(before -> SessionConditions.collect(before.arguments(), c.of(), values));
    return values.size();
  }

  private List<JsonNode> all(Path path) {
    return Values.all(past.call().arguments(), path);
  }

  private String values(Path path) {
    List<JsonNode> values = all(path);
    return values.isEmpty()
        ? "absent"
        : values.size() == 1 ? values.get(0).toString() : values.toString();
  }

  private Duration age() {
    SessionFacts session = past.session();
    return session == null
        ? Duration.ZERO
        : Duration.ofMillis(past.call().time() - session.started());
  }

  private int prompts() {
    SessionFacts session = past.session();
    return session == null ? 0 : session.prompts().size();
  }
}
