package io.securegateway.bench;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decide;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.json.StrictJson;
import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.Fold;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tools.jackson.databind.JsonNode;

/**
 * A decision over a session with {@value #EVENTS} events, by number of rules; every tenth rule is
 * about the tool that is called. Microseconds a call.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DecideBench {
  static final int EVENTS = 200;
  private static final String PROJECT = "p";
  private static final Caller CALLER = new Caller(PROJECT, "m1", "k1");
  private static final long START = 1_795_000_000_000L;

  /** How many rules the policy has. */
  @Param({"10", "100", "1000"})
  public int rules;

  private Policy policy = compiled(1);
  private Facts facts = Facts.empty(PROJECT);
  private JsonNode arguments = arguments();
  private int strangers;
  private long seq;

  /** Makes the policy and the session's past, and checks that the call is allowed. */
  @Setup
  public void history() {
    policy = compiled(rules);
    facts = Fold.activate(Facts.empty(PROJECT), policy);
    arguments = arguments();
    for (int i = 0; i < EVENTS / 2; i++) {
      Call call = call("tool0.run");
      facts = folded(call, Decide.decide(policy, facts, call));
      facts =
          Fold.fold(
              facts,
              new Recorded(
                  ++seq,
                  START + seq,
                  PROJECT,
                  new Event.CallResult(call.id(), Event.Outcome.OK, arguments, null, null, 1)));
    }
    Decision decision = Decide.decide(policy, facts, call("tool0.run"));
    if (decision.effect() != Effect.ALLOW) {
      throw new IllegalStateException("the measured call must be allowed: " + decision.reason());
    }
  }

  /** Decides alone. */
  @Benchmark
  public Decision decide() {
    return Decide.decide(policy, facts, call("tool0.run"));
  }

  /** Decides and folds the decision into the facts, which are then let go. */
  @Benchmark
  public Facts decideAndFold() {
    Call call = call("tool0.run");
    return folded(call, Decide.decide(policy, facts, call));
  }

  /** Decides about a tool that was never seen before. */
  @Benchmark
  public Decision decideStranger() {
    return Decide.decide(policy, facts, call("stranger" + ++strangers));
  }

  private Facts folded(Call call, Decision decision) {
    return Fold.fold(
        facts,
        new Recorded(
            ++seq,
            call.time(),
            PROJECT,
            new Event.CallDecided(
                call, facts.uid(CALLER, "s1", call.time()), decision, true, null)));
  }

  private Call call(String tool) {
    return new Call("c" + seq, START + seq, CALLER, "s1", tool, arguments, null, null);
  }

  private static Policy compiled(int rules) {
    StringBuilder yaml = new StringBuilder("version: 1\nrules:\n");
    for (int i = 0; i < rules; i++) {
      yaml.append(
          i == 0
              ? "  - { id: r0, effect: allow, tools: [tool0.*] }\n"
              : "  - { id: r%d, effect: deny, tools: [tool%d.*], when: { args.amount: { gt: %d } } }\n"
                  .formatted(i, i % 10, 1_000 + i));
    }
    Compiled compiled =
        PolicyCompiler.compile(
            new SourceSet(
                List.of(Source.of(SourceKind.POLICIES, PROJECT, yaml.toString())), Set.of()),
            PROJECT);
    Policy policy = compiled.policy();
    if (policy == null) {
      throw new IllegalStateException(compiled.findings().toString());
    }
    return policy;
  }

  private static JsonNode arguments() {
    byte[] text = "{\"amount\":12,\"to\":\"a\"}".getBytes(StandardCharsets.UTF_8);
    return switch (StrictJson.parse(text)) {
      case StrictJson.Parsed parsed -> parsed.tree();
      case StrictJson.Refused refused -> throw new IllegalStateException(refused.message());
    };
  }
}
