package io.securegateway.core.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.securegateway.api.Reason;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.session.World;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A candidate that is the policy itself changes nothing, whatever happened. */
class SamePolicyPropertiesTest {
  private static final String POLICIES =
      """
      labels: { untrusted: [web], egress: [mail] }
      limits: [{ tools: ["*"], calls: 12, within: 1m, per: key }]
      rules:
      - { id: free, tools: [web, mail, list], effect: allow }
      - id: pay
        tools: [pay]
        effect: allow
        limits: [{ sum: args.n, le: 9, within: 5m, per: session }]
      - { id: big, tools: [pay], effect: ask, when: { args.n: { ge: 3 } } }
      """;

  private static final String CONTEXT =
      """
      - {id: leak, tools: [mail], effect: deny, session: {touched: [untrusted]}}
      - {id: first, tools: [pay], effect: deny, session: {lacks: {tools: [list], status: ok}}}
      - {id: out, tools: ["*"], effect: deny, session: {denials: {ge: 4, within: 2m}}}
      - {id: many, tools: [list], effect: deny, session: {distinct: {of: args.n, gt: 3, within: 3m}}}
      """;

  private static final Policy POLICY = World.compile(POLICIES, CONTEXT);

  private static World history(List<Integer> steps) {
    World world = new World(POLICY);
    List<String> flying = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (int step : steps) {
      world.session = "s" + step / 7 % 3;
      world.after(step % 11 * 4_000L);
      String input = "{'n': " + step % 5 + "}";
      switch (step % 9) {
        case 0, 1 -> world.done(List.of("web", "list").get(step % 2), input, "'r" + step + "'");
        case 2 -> flying.add(world.start("list", input));
        case 3 -> world.done("mail", input, "'sent'");
        case 4, 5 -> {
          var call = world.call("pay", input, null);
          Decision decision = world.make(call);
          if (decision.code() == Reason.RULE_ASKS && decision.approval() == null) {
            asked.add(call.id());
          }
        }
        case 6 -> {
          if (!flying.isEmpty()) {
            world.result(flying.removeFirst(), Event.Outcome.ERROR, "'bad'");
          }
        }
        case 7 -> {
          if (!asked.isEmpty()) {
            world.happen(new Event.ApprovalResolved(asked.removeFirst(), step % 2 == 0, "ana", ""));
          }
        }
        default -> {
          if (!flying.isEmpty()) {
            world.release(flying.removeFirst(), Reason.SCHEMA_INPUT);
          } else {
            world.prompt("step " + step);
          }
        }
      }
    }
    return world;
  }

  @Property(tries = 300)
  void everyDecisionComesOutEqualInBothModes(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 100_000) Integer> steps) {
    World world = history(steps);
    for (ReplayMode mode : ReplayMode.values()) {
      Course course = new Course(POLICY, mode, "p");
      world.events.forEach(
          event ->
              course
                  .take(event)
                  .ifPresent(
                      judged -> {
                        Event.CallDecided recorded = (Event.CallDecided) event.event();
                        assertEquals(Change.UNCHANGED, judged.change());
                        assertEquals(recorded.decision().digest(), judged.decision().digest());
                      }));
      assertEquals(world.facts.scope(), course.facts().scope());
      assertEquals(world.facts.held().keySet(), course.facts().held().keySet());
    }
  }

  @Property(tries = 100)
  void talliesOfPartsAreTheTallyOfTheWhole(
      @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 100_000) Integer> first,
      @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 100_000) Integer> second) {
    Policy candidate = World.compile(POLICIES.replace("[web, mail, list]", "[web]"), "[]");
    Tally whole = new Tally();
    Tally parts = new Tally();
    for (List<Integer> steps : List.of(first, second)) {
      Tally part = new Tally();
      Course course = new Course(candidate, ReplayMode.COUNTERFACTUAL, "p");
      history(steps)
          .events
          .forEach(
              event ->
                  course
                      .take(event)
                      .ifPresent(
                          judged -> {
                            whole.count(judged);
                            part.count(judged);
                          }));
      parts.merge(part);
    }
    for (Change change : Change.values()) {
      assertEquals(whole.calls(change), parts.calls(change));
      assertEquals(whole.firsts(change), parts.firsts(change));
    }
    assertEquals(whole.rules(), parts.rules());
    assertEquals(whole.tools(), parts.tools());
  }
}
