package io.securegateway.core.session;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decide;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A project under test: decides, folds, and remembers every event. */
public final class World {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Sees every decision before anything comes of it. */
  @FunctionalInterface
  public interface Probe {
    void see(World world, Call call, Decision decision);
  }

  /** Nobody looks, unless a test says so; tests run one after the other. */
  public static Probe probe = (world, call, decision) -> {};

  public final List<Recorded> events = new ArrayList<>();
  public Policy policy;
  public Facts facts;
  public long time = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();
  public String key = "k1";
  public String model = "m1";
  public String session = "s1";
  private long seq;
  private int calls;

  public World(String policies, String contextual) {
    policy = compile(policies, contextual);
    facts = Fold.activate(Facts.empty("p"), policy);
  }

  public World(Policy policy) {
    this.policy = policy;
    facts = Fold.activate(Facts.empty("p"), policy);
  }

  public World(String policies) {
    this(policies, "[]");
  }

  public static Policy compile(String policies, String contextual) {
    Compiled compiled =
        PolicyCompiler.compile(
            new SourceSet(
                List.of(
                    Source.of(SourceKind.POLICIES, "p", "version: 1\n" + policies),
                    Source.of(SourceKind.CONTEXTUAL_POLICIES, "p", contextual)),
                Set.of()),
            "p");
    if (compiled.policy() == null) {
      throw new IllegalArgumentException(compiled.findings().toString());
    }
    return compiled.policy();
  }

  public static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }

  public Caller caller() {
    return new Caller("p", model, key);
  }

  public World at(String instant) {
    time = Instant.parse(instant).toEpochMilli();
    return this;
  }

  public World after(long millis) {
    time += millis;
    return this;
  }

  public void activate(String policies, String contextual) {
    policy = compile(policies, contextual);
    facts = Fold.activate(facts, policy);
  }

  public Call call(String tool, String arguments, @Nullable String replaces) {
    return new Call("c" + ++calls, time, caller(), session, tool, json(arguments), null, replaces);
  }

  /** Decides without any consequence. */
  public Decision would(String tool, String arguments) {
    Call call = call(tool, arguments, null);
    Decision decision = Decide.decide(policy, facts, call);
    probe.see(this, call, decision);
    return decision;
  }

  public Effect effect(String tool, String arguments) {
    return would(tool, arguments).effect();
  }

  /** Decides and folds; answers the decision. */
  public Decision make(Call call) {
    Decision decision = Decide.decide(policy, facts, call);
    probe.see(this, call, decision);
    boolean opens = decision.effect() == Effect.ASK && decision.approval() == null;
    happen(
        new Event.CallDecided(
            call,
            facts.uid(call.caller(), call.session(), time),
            decision,
            true,
            opens ? (Long) (time + 900_000) : null));
    return decision;
  }

  /** Makes a call that stays in flight; answers its id. */
  public String start(String tool, String arguments) {
    Call call = call(tool, arguments, null);
    make(call);
    return call.id();
  }

  public Effect make(String tool, String arguments) {
    return make(call(tool, arguments, null)).effect();
  }

  /** Makes a call and answers it with that result. */
  public void done(String tool, String arguments, String result) {
    result(start(tool, arguments), Event.Outcome.OK, result);
  }

  public void result(String callId, Event.Outcome outcome, @Nullable String output) {
    happen(
        new Event.CallResult(callId, outcome, output == null ? null : json(output), null, null, 1));
  }

  /** Something of the answer reached the caller. */
  public void stream(String callId) {
    happen(new Event.CallStreamed(callId));
  }

  public void release(String callId, Reason code) {
    happen(new Event.CallReleased(callId, code, ""));
  }

  public void prompt(String text) {
    happen(new Event.PromptRecorded(caller(), session, uid(), text));
  }

  public void reported(String tool, String output) {
    happen(new Event.ResultReported(caller(), session, uid(), tool, json(output), null));
  }

  public String uid() {
    return facts.uid(caller(), session, time);
  }

  public void happen(Event event) {
    Recorded recorded = new Recorded(++seq, time, "p", event);
    events.add(recorded);
    facts = Fold.fold(facts, recorded);
  }
}
