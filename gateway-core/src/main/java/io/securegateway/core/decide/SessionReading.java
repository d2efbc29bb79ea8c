package io.securegateway.core.decide;

import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Per;
import io.securegateway.core.policy.SessionCondition;
import io.securegateway.core.session.CallFact;
import io.securegateway.core.session.CallState;
import io.securegateway.core.session.Scope;
import io.securegateway.core.session.SessionFacts;
import java.time.Duration;
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

  String of(SessionCondition condition) {
    return switch (condition) {
      case SessionCondition.Touched c -> touched(c);
      case SessionCondition.Denials c -> denials(c);
      case SessionCondition.Calls c ->
          count(c.tools(), c.per(), c.within(), fact -> fact.state().isOneOf(c.status(), true))
              + " such calls";
      case SessionCondition.Lacks c ->
          count(c.tools(), c.per(), c.within(), fact -> fact.state().isOneOf(c.status(), false))
              + " such calls";
      case SessionCondition.Distinct c -> "the present value is " + values(c.of());
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

  private String values(Path path) {
    List<JsonNode> values = Values.all(past.call().arguments(), path);
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
