package io.securegateway.core.decide;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.session.Facts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one function that decides. Pure and thread-safe. */
public final class Decide {
  private Decide() {}

  /** What the policy says of the call, given what happened before. Never throws: it denies. */
  public static Decision decide(Policy policy, Facts facts, Call call) {
    try {
      return evaluate(policy, facts, call);
    } catch (RuntimeException | StackOverflowError e) {
      return failed(policy);
    }
  }

  private static Decision evaluate(Policy policy, Facts facts, Call call) {
    ToolIndex index = ToolIndex.of(policy);
    String uid = facts.uid(call.caller(), call.session(), call.time());
    Approvals approvals = Approvals.of(facts, call, uid);
    String asked = approvals.asked();
    Past past = Past.of(facts, call, index);
    if (asked != null) {
      past = past.owning(asked);
    }
    int risk = Risk.of(Risk.terms(past));
    Judgement judgement = Judgement.of(past, uid, risk);
    boolean scoped = policy.isInScope(call.caller().model(), call.tool());
    Verdict verdict =
        scoped
            ? Verdict.of(judgement, false, policy.allowByDefault(), approvals)
            : Verdict.outOfScope();
    Decision.Shadow shadow = null;
    if (index.shadows() && scoped) {
      Verdict other = Verdict.of(judgement, true, policy.allowByDefault(), approvals);
      shadow = new Decision.Shadow(other.effect(), other.code(), other.first());
    }
    boolean reserves =
        verdict.effect() == Effect.ALLOW
            || (verdict.effect() == Effect.ASK && verdict.approval() == null);
    List<String> ids = new ArrayList<>(verdict.rules().size());
    for (Rule rule : verdict.rules()) {
      ids.add(rule.id());
    }
    List<String> rules = List.copyOf(ids);
    List<Charge> charges = reserves ? judgement.charges() : List.of();
    List<Decision.Looked> trace = new ArrayList<>(judgement.found().size());
    for (Judgement.Found found : judgement.found()) {
      Rule rule = found.rule();
      trace.add(new Decision.Looked(rule.id(), rule.effect(), rule.shadow(), found.outcome()));
    }
    return decision(
        verdict.effect(),
        verdict.code(),
        sentence(verdict, judgement),
        rules,
        policy.revision(),
        risk,
        charges,
        verdict.countsAsDenial(),
        verdict.approval(),
        verdict.retryAfter(),
        shadow,
        List.copyOf(trace));
  }

  private static Decision failed(Policy policy) {
    return decision(
        Effect.DENY,
        Reason.POLICY_ERROR,
        Reason.POLICY_ERROR.meaning(),
        List.of(),
        policy.revision(),
        100,
        List.of(),
        true,
        null,
        null,
        null,
        List.of());
  }

  private static Decision decision(
      Effect effect,
      Reason code,
      String reason,
      List<String> rules,
      String revision,
      int risk,
      List<Charge> charges,
      boolean countsAsDenial,
      @Nullable String approval,
      @Nullable Long retryAfter,
      Decision.@Nullable Shadow shadow,
      List<Decision.Looked> trace) {
    String digest =
        Digest.of(
            effect,
            code,
            rules,
            revision,
            risk,
            charges,
            countsAsDenial,
            approval,
            retryAfter,
            shadow,
            trace);
    return new Decision(
        effect,
        code,
        reason,
        rules.isEmpty() ? null : rules.get(0),
        rules,
        revision,
        risk,
        charges,
        countsAsDenial,
        approval,
        retryAfter,
        shadow,
        trace,
        digest);
  }

  private static String sentence(Verdict verdict, Judgement judgement) {
    Limit limit = verdict.limit();
    if (limit != null) {
      return judgement.fullErred()
          ? "The limit at " + limit.at() + " cannot be judged for this call."
          : "The limit at " + limit.at() + " has no room for this call.";
    }
    if (verdict.rules().isEmpty()) {
      return verdict.code().meaning();
    }
    Rule rule = verdict.rules().get(0);
    String own = rule.reason();
    if (own != null) {
      return own;
    }
    String shown = rule.shown();
    return switch (verdict.effect()) {
      case ALLOW ->
          verdict.code() == Reason.APPROVED
              ? verdict.code().meaning()
              : "Allowed by " + shown + ".";
      case DENY ->
          verdict.code() == Reason.LIMIT_REACHED
              ? "The limits of " + shown + " have no room for this call."
              : "Denied by " + shown + ".";
      case ASK -> "A person has to approve this call: asked by " + shown + ".";
    };
  }
}
