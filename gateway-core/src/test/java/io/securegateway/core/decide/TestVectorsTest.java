package io.securegateway.core.decide;

import static io.securegateway.api.Effect.ALLOW;
import static io.securegateway.api.Effect.ASK;
import static io.securegateway.api.Effect.DENY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.World;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** The cases that implementations get wrong, by their number in the design. */
class TestVectorsTest {
  private static final String ALL = "rules:\n- {id: all, tools: ['*'], effect: allow}\n";

  private static String only(String rest) {
    return "rules:\n- {id: only, tools: [t], effect: allow, " + rest + "}\n";
  }

  @Test
  void case1FalseOutweighsAnError() {
    World w =
        new World(
            ALL + "- {tools: [t], effect: deny, when: {args.amount: {gt: 500}, model: {eq: m1}}}");
    w.model = "m2";
    assertEquals(ALLOW, w.effect("t", "{}"));
    w.model = "m1";
    assertEquals(DENY, w.effect("t", "{}"));
  }

  @Test
  void case2ErrorInsideAnyCloses() {
    World w =
        new World(
            ALL + "- {tools: [t], effect: deny, when: {args.to: {any: {suffix: '@evil.com'}}}}");
    assertEquals(DENY, w.effect("t", "{'to': ['a@ok.com', 5]}"));
    assertEquals(ALLOW, w.effect("t", "{'to': ['a@ok.com']}"));
  }

  @Test
  void case3AllOfNothingHoldsButNotOfSomethingElse() {
    World w = new World(only("when: {args.cc: {all: {suffix: '@acme.com'}}}"));
    assertEquals(ALLOW, w.effect("t", "{'cc': []}"));
    assertEquals(DENY, w.effect("t", "{'cc': 'x@acme.com'}"));
    assertEquals(DENY, w.effect("t", "{}"));
  }

  @Test
  void case4EveryMatchingAllowIsCharged() {
    World w =
        new World(
            "rules:\n"
                + "- {id: A, tools: [t], effect: allow, limits: [{calls: 2, per: session}]}\n"
                + "- {id: B, tools: ['t*'], effect: allow, limits: [{calls: 3, per: session}]}\n");
    for (Effect expected : new Effect[] {ALLOW, ALLOW, ALLOW, DENY}) {
      assertEquals(expected, w.make("t", "{}"));
    }
  }

  private static final String SUM =
      only("limits: [{sum: args.amount, le: 2000, within: 24h, per: project}]");

  @Test
  void case5NegativeSummandIsAnError() {
    World w = new World(SUM);
    w.make("t", "{'amount': 1900}");
    assertEquals(DENY, w.effect("t", "{'amount': -5000}"));
    assertEquals(ALLOW, w.effect("t", "{'amount': 100.0}"));
    assertEquals(DENY, w.effect("t", "{'amount': 100.01}"));
  }

  @Test
  void case6TimeoutStaysChargedRefusedSchemaDoesNot() {
    World a = new World(only("limits: [{calls: 1, per: session}]"));
    a.result(a.start("t", "{}"), Event.Outcome.UNKNOWN, null);
    assertEquals(DENY, a.effect("t", "{}"));
    World b = new World(only("limits: [{calls: 1, per: session}]"));
    b.release(b.start("t", "{}"), Reason.SCHEMA_INPUT);
    assertEquals(ALLOW, b.effect("t", "{}"));
  }

  @Test
  void case7WindowIsHalfOpen() {
    World w = new World(only("limits: [{calls: 1, within: 1m, per: project}]"));
    w.make("t", "{}");
    Decision denied = w.after(59_999).would("t", "{}");
    assertEquals(DENY, denied.effect());
    assertEquals(1L, denied.retryAfter());
    assertEquals(ALLOW, w.after(1).effect("t", "{}"));
  }

  @Test
  void case8ChangedArgumentsReplaceTheirOwnCharge() {
    World w = new World(SUM);
    w.make("t", "{'amount': 1500}");
    String first = w.start("t", "{'amount': 500}");
    assertEquals(ALLOW, w.make(w.call("t", "{'amount': 450}", first)).effect());
    var window = w.facts.limits().values().iterator().next().groups().values().iterator().next();
    assertEquals(0, new BigDecimal(1950).compareTo(window.sum(w.time, 86_400_000)));
    assertEquals(ALLOW, w.effect("t", "{'amount': 50}"));
    assertEquals(DENY, w.effect("t", "{'amount': 51}"));
  }

  private static final String LABELS =
      "labels: {untrusted: [web.*], egress: [email.send], private: [crm.*]}\n";

  @Test
  void case9AskNeverGrants() {
    World w = new World(LABELS + "rules:\n- {labels: [egress], effect: ask}");
    assertEquals(DENY, w.effect("email.send", "{}"));
  }

  @Test
  void case10TouchedWhenReleasedEvenByAnErrorText() {
    World w =
        new World(
            LABELS + ALL, "- {labels: [egress], effect: ask, session: {touched: [untrusted]}}");
    String id = w.start("web.get", "{}");
    assertEquals(ALLOW, w.effect("email.send", "{}"));
    w.result(id, Event.Outcome.ERROR, "'no such page'");
    assertEquals(ASK, w.effect("email.send", "{}"));
  }

  @Test
  void touchedByWhatIsStreamedBeforeTheResultOfACallInFlight() {
    World w =
        new World(
            LABELS + ALL, "- {labels: [egress], effect: ask, session: {touched: [untrusted]}}");
    String id = w.start("web.get", "{}");
    assertEquals(ALLOW, w.effect("email.send", "{}"));
    w.stream(id);
    assertEquals(ASK, w.effect("email.send", "{}"));
  }

  /** The pattern's program has hundreds of instructions; a thousand rules would take seconds. */
  @Test
  void patternsThatCostTooMuchForOneCallCloseIt() {
    StringBuilder rules = new StringBuilder(ALL);
    for (int i = 0; i < 1_000; i++) {
      rules
          .append("- {tools: [t], effect: deny, when: {args.a: {re2: '(x?){200}(x+x+)+y")
          .append(i)
          .append("'}}}\n");
    }
    World w = new World(rules.toString());
    assertEquals(ALLOW, w.effect("t", "{'a': 'xxxx'}"));
    assertEquals(DENY, w.effect("t", "{'a': '" + "x".repeat(20_000) + "'}"));
    assertEquals(ALLOW, w.effect("t", "{'a': 'xxxx'}"));
  }

  @Test
  void case11CallInFlightIsNotOkButAdmitted() {
    String rule =
        "- {tools: [db.write], effect: deny, session: {lacks: {tools: [db.read], status: %s}}}";
    World ok = new World(ALL, rule.formatted("ok"));
    ok.start("db.read", "{}");
    assertEquals(DENY, ok.effect("db.write", "{}"));
    World admitted = new World(ALL, rule.formatted("admitted"));
    admitted.start("db.read", "{}");
    assertEquals(ALLOW, admitted.effect("db.write", "{}"));
  }

  @Test
  void case12OnlyAnEqualLeafAtThePathCounts() {
    World w =
        new World(
            ALL,
            "- {tools: [pay], effect: deny, session: {value_of: args.to, not_from: {tools:"
                + " [list_payees], at: 'result.payees[*].iban'}}}");
    w.done("list_payees", "{}", "{'payees': [{'iban': 'DE89', 'memo': 'XX66'}]}");
    w.reported("list_payees", "{'payees': [{'iban': 'EV11'}]}");
    for (String bad : new String[] {"XX66", "DE 89", "", "EV11"}) {
      assertEquals(DENY, w.effect("pay", "{'to': '" + bad + "'}"), bad);
    }
    assertEquals(ALLOW, w.effect("pay", "{'to': 'DE89'}"));
  }

  @Test
  void case13LockOutDoesNotFeedItself() {
    World w =
        new World(
            ALL + "- {id: no, tools: [bad], effect: deny}",
            "- {id: lock, tools: ['*'], effect: deny, session: {denials: {ge: 5, within: 10m}}}");
    w.at("2026-11-22T12:00:00Z");
    for (int i = 0; i < 5; i++) {
      assertEquals(DENY, w.make("bad", "{}"));
      w.after(60_000);
    }
    w.at("2026-11-22T12:09:00Z");
    assertEquals(DENY, w.make("t", "{}"));
    w.at("2026-11-22T12:10:00Z");
    assertEquals(ALLOW, w.make("t", "{}"));
  }

  @Test
  void case14DistinctIncludesThePresentValueNotDeniedOnes() {
    World w =
        new World(
            ALL + "- {tools: [send], effect: deny, when: {args.to: {eq: d}}}",
            "- {tools: [send], effect: deny, session: {distinct: {of: args.to, gt: 3}}}");
    for (String to : new String[] {"a", "b", "c"}) {
      assertEquals(ALLOW, w.make("send", "{'to': '" + to + "'}"));
    }
    assertEquals(DENY, w.make("send", "{'to': 'd'}"));
    assertEquals(ALLOW, w.effect("send", "{'to': 'a'}"));
    assertEquals(DENY, w.effect("send", "{'to': 'e', 'x': 1}"));
  }

  @Test
  void case15NumbersByValueTypesStrict() {
    World w = new World(only("when: {args.amount: {in: [500]}}"));
    assertEquals(ALLOW, w.effect("t", "{'amount': 5e2}"));
    assertEquals(ALLOW, w.effect("t", "{'amount': 500.0}"));
    assertEquals(DENY, w.effect("t", "{'amount': '500'}"));
    World deny = new World(ALL + "- {tools: [t], effect: deny, when: {args.amount: {eq: 500}}}");
    assertEquals(DENY, deny.effect("t", "{'amount': '500'}"));
  }

  @Test
  void case16PathsByWholeSegments() {
    World w = new World(only("when: {args.path: {path_under: /data}}"));
    for (String bad : new String[] {"/database/x", "/data/a/../b", "/data/%2e%2e/x", "data/x"}) {
      assertEquals(DENY, w.effect("t", "{'path': '" + bad + "'}"), bad);
    }
    assertEquals(ALLOW, w.effect("t", "{'path': '/data//./b'}"));
  }

  @Test
  void case17HostsWithoutAnyDoubt() {
    World w = new World(only("when: {args.url: {host_in: [ok.com, '*.in.ok.com']}}"));
    String[] bad = {
      "https://ok.com@evil.com",
      "https://evil.com\\\\@ok.com",
      "https://ok.com.evil.com",
      "https://ok.com:80@evil.com/",
      "//ok.com",
      "https://in.ok.com",
      "https://ok.com..",
      "https://ok%2ecom",
      "https:///ok.com",
      "https://evil.com#@ok.com",
      "https://ok.com:x/",
      " https://ok.com",
      "https://0x7f.1",
      "https://ok.com\\u0009.evil.com"
    };
    for (String url : bad) {
      assertEquals(DENY, w.effect("t", "{'url': '" + url + "'}"), url);
    }
    assertEquals(ALLOW, w.effect("t", "{'url': 'https://OK.com.:443/x'}"));
    assertEquals(ALLOW, w.effect("t", "{'url': 'https://a.in.ok.com?x'}"));
  }

  @Test
  void case18NightBelongsToTheDayItStarts() {
    World w =
        new World(only("when: {time: {between: '22:00-06:00', days: [fri], zone: Europe/Berlin}}"));
    assertEquals(ALLOW, w.at("2026-11-28T01:30:00Z").effect("t", "{}"));
    assertEquals(DENY, w.at("2026-11-27T01:30:00Z").effect("t", "{}"));
  }

  @Test
  void case18bDoubledHoursMatchTwiceSkippedOnesNever() {
    World w = new World(only("when: {time: {between: '02:00-03:00', zone: Europe/Berlin}}"));
    assertEquals(ALLOW, w.at("2026-10-25T00:30:00Z").effect("t", "{}"));
    assertEquals(ALLOW, w.at("2026-10-25T01:30:00Z").effect("t", "{}"));
    for (int minute = 0; minute < 24 * 60; minute += 15) {
      assertEquals(DENY, w.at("2026-03-28T23:00:00Z").after(minute * 60_000L).effect("t", "{}"));
    }
  }

  @Test
  void case19PromptsAreFolded() {
    World w =
        new World(
            ALL, "- {when_tool: 'db\\.read|db\\.write', block_if_prompt_contains: [exfiltrate]}");
    w.prompt("please ＥＸfil\u200btrate it");
    assertEquals(DENY, w.effect("db.write", "{}"));
    assertEquals(ALLOW, w.effect("db.write_x", "{}"));
  }

  @Test
  void approvalSatisfiesTheAskOnceAndOnlyForTheSameCall() {
    World w = new World(ALL + "- {id: q, tools: [pay], effect: ask}");
    var call = w.call("pay", "{'n': 1}", null);
    assertEquals(ASK, w.make(call).effect());
    assertEquals(call.id(), w.would("pay", "{'n': 1.0}").approval());
    w.happen(new Event.ApprovalResolved(call.id(), true, "ana", ""));
    assertEquals(ASK, w.effect("pay", "{'n': 2}"));
    Decision used = w.make(w.call("pay", "{'n': 1}", call.id()));
    assertEquals(Reason.APPROVED, used.code());
    assertEquals(ASK, w.effect("pay", "{'n': 1}"));
  }

  @Test
  void refusedApprovalGivesBackAndCountsAsDenial() {
    World w =
        new World(
            "rules:\n- {tools: [pay], effect: allow, limits: [{calls: 1, per: session}]}\n"
                + "- {id: q, tools: [pay], effect: ask}",
            "- {tools: [x], effect: deny, session: {denials: {ge: 1}}}");
    String id = w.start("pay", "{'n': 1}");
    assertEquals(DENY, w.effect("pay", "{'n': 2}"));
    w.happen(new Event.ApprovalResolved(id, false, "ana", ""));
    assertEquals(ASK, w.effect("pay", "{'n': 2}"));
    assertEquals(1, w.facts.key("k1").scope().denied());
    assertEquals(Facts.empty("p").held(), w.facts.held());
  }
}
