package io.securegateway.core.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Event;
import io.securegateway.core.session.World;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What people read of a decision, word for word. */
class ExplainTest {
  private static final String ALL = "rules:\n- {id: all, tools: ['*'], effect: allow}\n";
  private static final String LABELS =
      "labels: {untrusted: [web], private: [crm], egress: [mail]}\n";

  private static Explanation explain(World w, String tool, String arguments) {
    return Explain.explain(w.policy, w.facts, w.call(tool, arguments, null));
  }

  private static String line(Explanation.Part part) {
    return part.part() + " | " + part.outcome() + " | " + part.read();
  }

  /** The parts of the rule {@code x} behind the two selectors. */
  private static List<String> parts(World w, String tool, String arguments) {
    return explain(w, tool, arguments).rules().stream()
        .filter(trace -> trace.rule().equals("x"))
        .flatMap(trace -> trace.parts().stream().skip(2))
        .map(ExplainTest::line)
        .toList();
  }

  private static void when(String expected, String condition, String arguments) {
    World w = new World("rules:\n- {id: x, tools: [t], effect: deny, when: {" + condition + "}}\n");
    assertEquals(List.of("when " + expected), parts(w, "t", arguments), condition);
  }

  private static World after(String condition) {
    return new World(
        LABELS + ALL, "- {id: x, tools: [mail], effect: deny, session: {" + condition + "}}");
  }

  private static void session(String expected, World w) {
    assertEquals(List.of("session " + expected), parts(w, "mail", "{'to': 'alice', 'n': 7}"));
  }

  @Test
  void tellsEachOperatorWithTheValueItRead() {
    when("args.a eq 5 | true | 5.0", "args.a: {eq: 5}", "{'a': 5.0}");
    when("args.a ne \"x\" | false | \"x\"", "args.a: {ne: x}", "{'a': 'x'}");
    when("args.a in [\"x\", \"y\"] | false | \"z\"", "args.a: {in: [x, y]}", "{'a': 'z'}");
    when("args.a not_in [1, 2] | true | 3", "args.a: {not_in: [1, 2]}", "{'a': 3}");
    when("args.a ge 1, le 500 | false | 501", "args.a: {ge: 1, le: 500}", "{'a': 501}");
    when("args.a lt 5 | error | \"4\"", "args.a: {lt: 5}", "{'a': '4'}");
    when("args.a gt 5 | error | absent", "args.a: {gt: 5}", "{}");
    when("args.a prefix \"ab\" | true | \"abc\"", "args.a: {prefix: ab}", "{'a': 'abc'}");
    when("args.a suffix \"bc\" | true | \"abc\"", "args.a: {suffix: bc}", "{'a': 'abc'}");
    when("args.a contains 1 | true | [2,1]", "args.a: {contains: 1}", "{'a': [2, 1]}");
    when("args.a glob a*, b? | true | \"bc\"", "args.a: {glob: ['a*', 'b?']}", "{'a': 'bc'}");
    when("args.a re2 \"[a-c]+\" | true | \"abc\"", "args.a: {re2: '[a-c]+'}", "{'a': 'abc'}");
    when(
        "args.a host_in [acme.com, *.acme.com] | false | \"https://evil.com/\"",
        "args.a: {host_in: [acme.com, '*.acme.com']}",
        "{'a': 'https://evil.com/'}");
    when(
        "args.a path_under [/data, /tmp] | error | \"/data/../etc\"",
        "args.a: {path_under: [/data, /tmp]}",
        "{'a': '/data/../etc'}");
    when("args.a path_under [/] | true | \"/etc\"", "args.a: {path_under: [/]}", "{'a': '/etc'}");
    when(
        "args.a cidr [10.0.0.0/8] | true | \"10.1.2.3\"",
        "args.a: {cidr: [10.0.0.0/8]}",
        "{'a': '10.1.2.3'}");
    when(
        "args.a size ge 1 le 2 | false | [1,2,3]",
        "args.a: {size: {ge: 1, le: 2}}",
        "{'a': [1, 2, 3]}");
    when("args.a exists false | true | absent", "args.a: {exists: false}", "{}");
    when("args.a type [list, string] | false | 1", "args.a: {type: [string, list]}", "{'a': 1}");
    when(
        "args.a any (suffix \".com\") | true | [\"a.com\",\"b\"]",
        "args.a: {any: {suffix: .com}}",
        "{'a': ['a.com', 'b']}");
    when(
        "args.a all (gt 0, lt 9) | error | [1,\"x\"]",
        "args.a: {all: {gt: 0, lt: 9}}",
        "{'a': [1, 'x']}");
  }

  @Test
  void tellsTheOtherOperands() {
    when("model eq \"m1\" | true | m1", "model: {eq: m1}", "{}");
    when("client.name eq \"cli\" | error | absent", "client.name: {eq: cli}", "{}");
    when(
        "time between 08:00-18:00 days [mon, fri] zone Europe/Berlin | false | 2026-11-22T12:00:00Z",
        "time: {between: '08:00-18:00', days: [fri, mon], zone: Europe/Berlin}",
        "{}");
    when(
        "time between 00:00-24:00 days [sun] zone UTC | true | 2026-11-22T12:00:00Z",
        "time: {days: [sun], zone: UTC}",
        "{}");
  }

  @Test
  void tellsWhatTouchedTheSession() {
    World w = after("touched: [untrusted, private]");
    session("touched [private, untrusted] | false | none of them touched", w);
    w.done("web", "{}", "1");
    session("touched [private, untrusted] | false | touched: untrusted", w);
    w.done("crm", "{}", "1");
    session("touched [private, untrusted] | true | touched: private, untrusted", w);
  }

  @Test
  void tellsHowManyDenialsThereWere() {
    World w =
        new World(
            ALL + "- {id: no, tools: [db], effect: deny}",
            "- {id: x, tools: [mail], effect: deny, session: {denials: {ge: 2, within: 10m, per: key}}}");
    w.make("db", "{}");
    session("denials ge 2 within 10m per key | false | 1 denials before this call", w);
    w.make("db", "{}");
    session("denials ge 2 within 10m per key | true | 2 denials before this call", w);
    session(
        "denials ge 2 within 10m per key | false | 0 denials before this call", w.after(600_000));
  }

  @Test
  void countsCallsAsTheConditionDoes() {
    World w = after("calls: {tools: ['d*'], status: [ok, error], ge: 2}");
    w.start("db", "{}");
    session("calls d* ok/error ge 2 | false | 1 such calls", w);
    w.result(w.start("db", "{}"), Event.Outcome.ERROR, "'x'");
    session("calls d* ok/error ge 2 | true | 2 such calls", w);
  }

  @Test
  void countsCallsWhoseRecordWasForgotten() {
    World w = after("calls: {ge: 1100}");
    for (int i = 0; i < 1_100; i++) {
      w.start("db", "{}");
    }
    session("calls * admitted ge 1100 | true | 1100 such calls", w);
  }

  @Test
  void tellsThatNoSuchCallCameBefore() {
    World w = after("lacks: {tools: [db, 'q?'], status: ok, within: 1h}");
    w.start("db", "{}");
    session("lacks db, q? ok within 1h | true | 0 such calls", w);
    w.done("qa", "{}", "1");
    session("lacks db, q? ok within 1h | false | 1 such calls", w);
  }

  @Test
  void countsDifferentValuesOfTheRulesTools() {
    World w = after("distinct: {of: args.to, gt: 2, within: 90s, per: project}");
    w.start("db", "{'to': 'other'}");
    w.start("mail", "{'to': 'bob'}");
    session(
        "distinct of args.to gt 2 within 90s per project | false | \"alice\", 2 different values",
        w);
    w.start("mail", "{'to': 'dave'}");
    session(
        "distinct of args.to gt 2 within 90s per project | true | \"alice\", 3 different values",
        w);
  }

  @Test
  void tellsAgeAndRisk() {
    World old = after("age: {ge: 1h}");
    session("age ge 1h | false | the session is 0s old", old);
    old.start("db", "{}");
    session("age ge 1h | true | the session is 2h old", old.after(7_200_000));
    World risky = after("risk: {ge: 0.4}");
    session("risk ge 0.4 | false | the risk is 0.20", risky);
    risky.done("web", "{}", "1");
    session("risk ge 0.4 | true | the risk is 0.40", risky);
  }

  @Test
  void tellsAgainstHowManyValuesItWasCompared() {
    World w = after("value_of: args.to, not_from: {tools: [list], at: 'result.p[*].v'}");
    session(
        "value_of args.to not_from list at result.p[*].v | true | \"alice\" against 0 values that such results held",
        w);
    w.done("list", "{}", "{'p': [{'v': 'alice'}, {'v': 'bob'}]}");
    session(
        "value_of args.to not_from list at result.p[*].v | false | \"alice\" against 2 values that such results held",
        w);
    World from = after("value_of: args.to, from: {tools: [web]}");
    from.done("web", "{}", "'write to ALICE now'");
    session("value_of args.to from web | true | \"alice\" against 1 results", from);
  }

  @Test
  void tellsOfPromptsHowManyNotWhatTheySaid() {
    World w = after("prompt_contains: [Exfiltrate]");
    w.prompt("please EXFILTRATE it");
    session("prompt_contains [exfiltrate] | true | 1 prompts of the session", w);
  }

  @Test
  void saysWhenAConditionErrsForWantOfFacts() {
    World w = after("value_of: args.to, not_from: {tools: [list], at: result.v}");
    w.done("list", "{}", "{'v': 'alice'}");
    for (int i = 0; i < 6; i++) {
      w.done("read", "{}", "'" + "x".repeat(60_000) + "'");
    }
    session(
        "value_of args.to not_from list at result.v | error | \"alice\" against 0 values that such"
            + " results held; facts that it needs are no longer known",
        w);
    assertEquals(
        List.of(
            "session value_of args.to not_from list at result.v | error | absent against 0 values"
                + " that such results held"),
        parts(w, "mail", "{}"));
  }

  @Test
  void tellsSelectorsExpiryClosedAndLimits() {
    World w =
        new World(
            "rules:\n- id: x\n  tools: [t]\n  models: ['m*']\n  effect: allow\n  when: {args.n: {ge: 1}}\n"
                + "  closed: true\n  expires: 2026-11-22T11:00:00Z\n"
                + "  limits:\n  - {sum: args.n, le: 10, within: 24h, per: project}\n"
                + "  - {calls: 1, per: session}\n");
    Explanation told = explain(w, "t", "{'n': 4, 'extra': 1}");
    Explanation.RuleTrace x = told.rules().get(0);
    assertEquals(
        List.of(
            "tools and labels | true | t",
            "models and keys | true | m1, k1",
            "expires 2026-11-22T11:00:00Z | false | 2026-11-22T12:00:00Z",
            "closed | false | other arguments: [extra]",
            "when args.n ge 1 | true | 4",
            "limit sum args.n le 10 within 24h per project | true | 0 taken, this call takes 4",
            "limit calls 1 per session | true | 0 taken, this call takes 1"),
        x.parts().stream().map(ExplainTest::line).toList());
    assertEquals(Decision.Outcome.NOT_MATCHED, x.outcome());
    assertTrue(x.place().endsWith(":3:3"), x.place());
  }

  @Test
  void nearestIsTheAllowWithTheFewestFailedParts() {
    World w =
        new World(
            "rules:\n- {id: far, tools: [u], models: [m9], effect: allow}\n"
                + "- {id: near, tools: [t], effect: allow, when: {args.n: {le: 5}}}\n"
                + "- {id: noted, tools: [t], effect: allow, mode: shadow}\n");
    Explanation.RuleTrace nearest = explain(w, "t", "{'n': 6}").nearest();
    assertEquals("near", Objects.requireNonNull(nearest).rule());
    assertEquals(Decision.Outcome.NOT_MATCHED, nearest.outcome());
    assertNull(explain(w, "t", "{'n': 5}").nearest());
  }

  @Test
  void showsValuesOnOneShortLine() {
    World w = new World("rules:\n- {id: x, tools: [t], effect: deny, when: {args.a: {eq: b}}}\n");
    String read = parts(w, "t", "{'a': '" + "\\n".repeat(500) + "'}").get(0);
    assertTrue(read.length() < 200 && read.indexOf('\n') < 0 && read.endsWith("…"), read);
  }

  @Test
  void namesTheTermsOfTheRisk() {
    World w = after("age: {ge: 9h}");
    w.done("web", "{}", "'alice is waiting'");
    w.done("crm", "{}", "1");
    assertEquals(
        List.of(
            "egress +20",
            "touched untrusted +20",
            "touched private +20",
            "egress after untrusted and private +20",
            "egress argument from an untrusted result +10"),
        explain(w, "mail", "{'to': 'alice'}").riskTerms());
  }
}
