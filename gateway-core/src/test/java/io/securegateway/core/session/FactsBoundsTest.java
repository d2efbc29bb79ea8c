package io.securegateway.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.decide.Decide;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Facts stay bounded whatever callers name, and what was dropped closes. */
class FactsBoundsTest {
  private static final String ALL = "rules:\n- {id: all, tools: ['*'], effect: allow}\n";

  @Test
  void toolNamesOfCallersDoNotGrowTheFacts() {
    World w = new World("limits:\n- {tools: ['*'], calls: 9, within: 1m, per: tool}\n" + ALL);
    for (int i = 0; i < 6_000; i++) {
      w.result(w.start("tool" + i, "{}"), Event.Outcome.OK, "1");
    }
    assertTrue(w.facts.scope().tools().size() <= Scope.MAX_TOOLS);
    assertTrue(
        w.facts.limits().values().iterator().next().groups().size() <= LimitState.MAX_GROUPS);
    SessionFacts session = w.facts.session("k1", "s1", w.time);
    assertEquals(Draft.MAX_SESSION_CALLS, session == null ? 0 : session.scope().calls().size());
  }

  @Test
  void deniedNamesDoNotHideWhatWasTouched() {
    World w =
        new World(
            "labels: {untrusted: [web]}\nrules:\n- {tools: [web, mail], effect: allow}\n",
            "- {tools: [mail], effect: deny, session: {lacks: {tools: [web]}}}");
    w.done("web", "{}", "1");
    for (int i = 0; i < 2_000; i++) {
      w.make("junk" + i, "{}");
    }
    assertEquals(Effect.ALLOW, w.effect("mail", "{}"));
  }

  @Test
  void droppedResultsAreAnErrorThatCloses() {
    World w =
        new World(
            ALL,
            "- {tools: [pay], effect: deny, session: {value_of: args.to, not_from: {tools: [list],"
                + " at: result.v}}}");
    w.done("list", "{}", "{'v': 'DE89'}");
    assertEquals(Effect.ALLOW, w.effect("pay", "{'to': 'DE89'}"));
    for (int i = 0; i < 6; i++) {
      w.done("read", "{}", "'" + "x".repeat(60_000) + "'");
    }
    Decision closed = w.would("pay", "{'to': 'DE89'}");
    assertEquals(Effect.DENY, closed.effect());
    assertEquals(Decision.Outcome.ERROR, closed.trace().get(1).outcome());
    assertTrue(w.facts.bytes() <= 300_000);
  }

  @Test
  void resultsThatComeLateKeepTheBudget() {
    World w = new World(ALL);
    List<String> flying = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      flying.add(w.start("read", "{}"));
    }
    for (String id : flying.reversed()) {
      w.result(id, Event.Outcome.OK, "'" + "x".repeat(60_000) + "'");
    }
    assertTrue(w.facts.bytes() <= Draft.MAX_SESSION_BYTES);
    SessionFacts session = w.facts.session("k1", "s1", w.time);
    assertEquals(w.facts.bytes(), session == null ? -1 : session.bytes());
  }

  @Test
  void longestIdleSessionEndsFirst() {
    World w = new World(ALL);
    for (int i = 0; i < Draft.MAX_SESSIONS + 5; i++) {
      w.session = "s" + i;
      w.prompt("x");
    }
    assertEquals(Draft.MAX_SESSIONS, w.facts.key("k1").sessions().size());
    assertNull(w.facts.session("k1", "s4", w.time));
    assertEquals(Draft.MAX_SESSIONS, w.facts.key("k1").byActivity().size());
  }

  @Test
  void openApprovalsAreBounded() {
    World w = new World(ALL + "- {id: q, tools: [pay], effect: ask}");
    for (int i = 0; i < 1_100; i++) {
      w.make("pay", "{'n': " + i + "}");
    }
    assertEquals(1_000, w.facts.key("k1").approvals().size());
    assertEquals(1_000, w.facts.held().size());
    assertEquals(1_000, w.facts.approvals().size());
  }

  @Test
  void sessionStartsAnewAfterItEndedOrSleptADay() {
    World w = new World(ALL, "- {tools: [t], effect: deny, session: {calls: {ge: 1}}}");
    w.make("u", "{}");
    String uid = w.uid();
    assertEquals(Effect.DENY, w.effect("t", "{}"));
    assertEquals(Effect.DENY, w.after(Facts.SESSION_IDLE - 1).effect("t", "{}"));
    assertEquals(Effect.ALLOW, w.after(1).effect("t", "{}"));
    assertNotEquals(uid, w.uid());
    w.make("u", "{}");
    assertEquals(Effect.DENY, w.effect("t", "{}"));
    w.happen(new Event.SessionEnded(w.caller(), w.session, w.uid()));
    assertEquals(Effect.ALLOW, w.effect("t", "{}"));
  }

  @Test
  void implicitSessionsFollowEachOtherAfterHalfAnHour() {
    World w = new World(ALL);
    assertEquals("~1", w.facts.implicitSession(w.caller(), w.time));
    w.session = "~1";
    w.make("t", "{}");
    assertEquals("~1", w.facts.implicitSession(w.caller(), w.time + Facts.IMPLICIT_IDLE - 1));
    assertEquals("~2", w.facts.implicitSession(w.caller(), w.time + Facts.IMPLICIT_IDLE));
    w.happen(new Event.SessionEnded(w.caller(), "~1", w.uid()));
    assertEquals("~2", w.facts.implicitSession(w.caller(), w.time));
  }

  @Test
  void keysCannotEnterEachOthersSessions() {
    World w = new World(ALL, "- {tools: [t], effect: deny, session: {lacks: {tools: [u]}}}");
    w.done("u", "{}", "1");
    assertEquals(Effect.ALLOW, w.effect("t", "{}"));
    w.key = "k2";
    assertEquals(Effect.DENY, w.effect("t", "{}"));
  }

  @Test
  void shadowRulesOnlyNote() {
    World w =
        new World(
            ALL
                + "- {id: sh, tools: [t], effect: deny, mode: shadow}\n"
                + "- {id: lim, tools: [t], effect: allow, mode: shadow, limits: [{calls: 1, per: session}]}");
    Decision decision = w.make(w.call("t", "{}", null));
    assertEquals(Effect.ALLOW, decision.effect());
    assertTrue(decision.charges().isEmpty());
    Decision.Shadow shadow = decision.shadow();
    assertEquals(Effect.DENY, shadow == null ? null : shadow.effect());
    assertEquals("sh", shadow == null ? null : shadow.rule());
  }

  @Test
  void observedDenialIsFoldedAsAdmitted() {
    World w = new World("rules:\n- {id: no, tools: ['*'], effect: deny}");
    var call = w.call("t", "{}", null);
    w.happen(
        new Event.CallDecided(call, w.uid(), Decide.decide(w.policy, w.facts, call), false, null));
    assertTrue(w.facts.held().containsKey(call.id()));
    assertEquals(0, w.facts.scope().denied());
  }

  @Test
  void eventsOfOtherProjectsChangeNothing() {
    World w = new World(ALL);
    w.start("t", "{}");
    Recorded other = new Recorded(99, w.time, "q", w.events.get(0).event());
    assertEquals(w.facts, Fold.fold(w.facts, other));
    Recorded started =
        new Recorded(100, w.time, Recorded.GATEWAY, new Event.GatewayStarted("1", "e", "i"));
    assertTrue(Fold.fold(w.facts, started).held().isEmpty());
  }

  @Test
  void refusesASnapshotOfAnotherFold() {
    var tree = FactsCodec.write(Facts.empty("p"));
    tree.put("fold", -1);
    assertThrows(IllegalArgumentException.class, () -> FactsCodec.read(tree));
    assertThrows(IllegalArgumentException.class, () -> FactsCodec.read(World.json("{'fold': 1}")));
  }

  @Test
  void limitOverForgottenCallsErrsUntilTheyLeaveTheWindow() {
    World w = new World(ALL);
    for (int i = 0; i < Draft.MAX_KEY_CALLS + 1; i++) {
      w.session = "s" + i % 50;
      w.start("t", "{}");
    }
    w.activate(
        "rules:\n- {tools: ['*'], effect: allow, limits: [{calls: 900000, within: 1m, per: key}]}",
        "[]");
    assertEquals(Reason.NO_RULE, w.would("t", "{}").code());
    assertEquals(Effect.ALLOW, w.after(60_000).effect("t", "{}"));
  }
}
