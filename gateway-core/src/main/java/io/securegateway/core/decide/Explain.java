package io.securegateway.core.decide;

import io.securegateway.api.Effect;
import io.securegateway.core.call.Call;
import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Operand;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.SessionCondition;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.LimitState;
import io.securegateway.core.session.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a decision in full, computed again from the same policy, facts and call. Pure. */
public final class Explain {
  private static final int MOST = 160;

  private Explain() {}

  /** The decision with each part of every rule, the nearest allow and the terms of the risk. */
  public static Explanation explain(Policy policy, Facts facts, Call call) {
    Decision decision = Decide.decide(policy, facts, call);
    try {
      return explain(policy, facts, call, decision);
    } catch (RuntimeException | StackOverflowError e) {
      return new Explanation(decision, List.of(), null, List.of());
    }
  }

  private static Explanation explain(Policy policy, Facts facts, Call call, Decision decision) {
    ToolIndex index = ToolIndex.of(policy);
    String uid = facts.uid(call.caller(), call.session(), call.time());
    Past past = Past.of(facts, call, index);
    String asked = Approvals.of(facts, call, uid).asked();
    if (asked != null) {
      past = past.owning(asked);
    }
    List<Explanation.RuleTrace> traces = new ArrayList<>();
    for (Judgement.Found found : Judgement.of(past, uid, decision.risk()).found()) {
      traces.add(trace(found.rule(), found.outcome(), past, uid, decision.risk()));
    }
    List<String> terms = Risk.terms(past).stream().map(Risk.Term::toString).toList();
    Explanation.RuleTrace nearest =
        decision.effect() == Effect.DENY ? nearest(policy, past, uid, decision.risk()) : null;
    return new Explanation(decision, List.copyOf(traces), nearest, terms);
  }

  /** The enforced allow with the fewest parts that fail; those for other tools included. */
  private static Explanation.@Nullable RuleTrace nearest(
      Policy policy, Past past, String uid, int risk) {
    Explanation.RuleTrace nearest = null;
    long fewest = Long.MAX_VALUE;
    List<Rule> allows =
        policy.rules().stream()
            .filter(rule -> rule.effect() == Effect.ALLOW && !rule.shadow())
            .sorted(java.util.Comparator.comparing(Rule::id))
            .toList();
    for (Rule rule : allows) {
      Explanation.RuleTrace trace = trace(rule, Decision.Outcome.NOT_MATCHED, past, uid, risk);
      long failed = trace.parts().stream().filter(part -> !part.outcome().equals("true")).count();
      if (failed < fewest) {
        nearest =
            new Explanation.RuleTrace(
                trace.rule(),
                trace.effect(),
                trace.shadow(),
                outcome(trace),
                trace.place(),
                trace.parts());
        fewest = failed;
      }
    }
    return nearest;
  }

  private static Decision.Outcome outcome(Explanation.RuleTrace trace) {
    boolean failed = trace.parts().stream().anyMatch(part -> part.outcome().equals("false"));
    boolean erred = trace.parts().stream().anyMatch(part -> part.outcome().equals("error"));
    boolean onlyLimits =
        trace.parts().stream()
            .allMatch(part -> part.outcome().equals("true") || part.part().startsWith("limit"));
    if (failed) {
      return onlyLimits ? Decision.Outcome.NO_ROOM : Decision.Outcome.NOT_MATCHED;
    }
    return erred ? Decision.Outcome.ERROR : Decision.Outcome.MATCHED;
  }

  private static Explanation.RuleTrace trace(
      Rule rule, Decision.Outcome outcome, Past past, String uid, int risk) {
    List<Explanation.Part> parts = new ArrayList<>();
    Asked asked = Asked.of(past.call());
    ToolIndex.About about = past.index().about(asked.tool());
    parts.add(
        part(
            "tools and labels",
            Kleene.of(ToolIndex.selects(rule.selector(), asked.tool(), about.labels())),
            asked.tool()));
    parts.add(
        part(
            "models and keys",
            Kleene.of(ToolIndex.selects(rule.selector(), asked.model(), asked.key())),
            asked.model() + ", " + asked.key()));
    if (rule.expires() != null) {
      parts.add(
          part(
              "expires " + rule.expires(),
              Kleene.of(asked.time() < rule.expires().toEpochMilli()),
              java.time.Instant.ofEpochMilli(asked.time()).toString()));
    }
    if (rule.closed() != null) {
      List<String> others =
          asked.arguments().propertyNames().stream()
              .filter(name -> !rule.closed().contains(name))
              .toList();
      parts.add(part("closed", Kleene.of(others.isEmpty()), "other arguments: " + others));
    }
    for (Condition condition : rule.when()) {
      parts.add(
          part(
              "when " + ConditionText.of(condition),
              Conditions.test(condition, asked),
              read(condition.operand(), asked)));
    }
    SessionReading reading = new SessionReading(past, risk);
    for (SessionCondition condition : rule.session()) {
      Kleene truth = SessionConditions.test(condition, rule, past, risk);
      parts.add(
          part(
              "session " + ConditionText.of(condition), truth, reading.of(condition, rule, truth)));
    }
    for (Limit limit : rule.limits()) {
      Room.Answer answer = Room.of(limit, past, uid);
      parts.add(part("limit " + ConditionText.of(limit), answer.room(), read(limit, answer, past)));
    }
    return new Explanation.RuleTrace(
        rule.id(),
        rule.effect().word(),
        rule.shadow(),
        outcome,
        rule.at().toString(),
        List.copyOf(parts));
  }

  private static String read(Operand operand, Asked asked) {
    return switch (operand) {
      case Operand.Model() -> asked.model();
      case Operand.ClientName() -> asked.client() == null ? "absent" : asked.client();
      case Operand.Time() -> java.time.Instant.ofEpochMilli(asked.time()).toString();
      case Operand.Argument(var path) -> {
        var values = Values.all(asked.arguments(), path);
        yield values.isEmpty()
            ? "absent"
            : values.size() == 1 ? values.get(0).toString() : values.toString();
      }
    };
  }

  private static String read(Limit limit, Room.Answer answer, Past past) {
    Charge charge = answer.charge();
    if (charge == null) {
      return "the summand is missing, no number, or negative";
    }
    LimitState state = past.facts().limits().get(limit.id());
    Window window =
        state == null
            ? LimitFill.window(limit, charge.group(), past)
            : state.window(charge.group());
    return window.sum(past.call().time(), LimitFill.width(limit)).toPlainString()
        + " taken, this call takes "
        + charge.amount().toPlainString();
  }

  private static Explanation.Part part(String what, Kleene truth, String read) {
    return new Explanation.Part(shown(what), truth.name().toLowerCase(Locale.ROOT), shown(read));
  }

  /** On one line, without control characters, shortened. */
  private static String shown(String text) {
    String plain = text.replaceAll("\\p{Cntrl}", " ");
    return plain.length() <= MOST ? plain : plain.substring(0, MOST) + "…";
  }
}
