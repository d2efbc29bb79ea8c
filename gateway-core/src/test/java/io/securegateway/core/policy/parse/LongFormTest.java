package io.securegateway.core.policy.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.securegateway.core.policy.CallStatus;
import io.securegateway.core.policy.Condition;
import io.securegateway.core.policy.Operand;
import io.securegateway.core.policy.Operator;
import io.securegateway.core.policy.Path;
import io.securegateway.core.policy.Per;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.SessionCondition;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongFormTest {
  @Test
  void readsHoursAcrossMidnightAndToTheEndOfTheDay() {
    Operator.Hours night =
        assertInstanceOf(
            Operator.Hours.class,
            operator("time: { between: \"22:00-06:00\", days: [fri], zone: Europe/Berlin }"));
    assertEquals(LocalTime.of(22, 0), night.from());
    assertEquals(LocalTime.of(6, 0), night.to());
    assertEquals(Set.of(DayOfWeek.FRIDAY), night.days());
    Operator.Hours late =
        assertInstanceOf(
            Operator.Hours.class, operator("time: { between: \"18:00-24:00\", zone: UTC }"));
    assertNull(late.to());
    assertEquals(7, late.days().size());
  }

  @Test
  void keepsNumbersExact() {
    Operator.Compare bound =
        assertInstanceOf(Operator.Compare.class, operator("args.x: { le: 0.1000000000000000055 }"));
    assertEquals(new BigDecimal("0.1000000000000000055"), bound.bound());
  }

  @Test
  void normalisesHostsPathsAndBlocks() {
    assertEquals(
        new Operator.HostIn(List.of("*.ok.com", "xn--bcher-kva.de")),
        operator("args.u: { host_in: [\"*.OK.com.\", \"b\u00FCcher.de\"] }"));
    assertEquals(
        new Operator.PathUnder(List.of("/data", "")),
        operator("args.p: { path_under: [\"/data/\", \"/\"] }"));
    Operator.Cidr cidr =
        assertInstanceOf(
            Operator.Cidr.class, operator("args.ip: { cidr: [\"::ffff:10.0.0.0/104\"] }"));
    assertEquals(4, cidr.blocks().getFirst().address().length);
    assertEquals(8, cidr.blocks().getFirst().prefix());
  }

  @Test
  void readsPathsThroughOneList() {
    Condition condition = rule("when: { 'args.list[*].x': { any: { eq: 1 } } }").when().getFirst();
    Operand.Argument argument = assertInstanceOf(Operand.Argument.class, condition.operand());
    assertEquals(
        List.of(new Path.Member("list"), new Path.Each(), new Path.Member("x")),
        argument.path().steps());
  }

  @Test
  void dropsAFinalEach() {
    Condition condition = rule("when: { 'args.to[*]': { all: { eq: 1 } } }").when().getFirst();
    Operand.Argument argument = assertInstanceOf(Operand.Argument.class, condition.operand());
    assertEquals(List.of(new Path.Member("to")), argument.path().steps());
  }

  @Test
  void takesTheNullTypeWithAndWithoutQuotes() {
    assertEquals(new Operator.TypeIs(Set.of("null")), operator("args.x: { type: null }"));
    assertEquals(new Operator.TypeIs(Set.of("null")), operator("args.x: { type: \"null\" }"));
  }

  @Test
  void knowsTheDefaultsOfSessionOperators() {
    SessionCondition.Calls calls =
        assertInstanceOf(SessionCondition.Calls.class, session("calls: { tools: [a], ge: 2 }"));
    assertEquals(Set.of(CallStatus.ADMITTED), calls.status());
    assertEquals(Per.SESSION, calls.per());
    assertNull(calls.within());
    SessionCondition.Lacks lacks =
        assertInstanceOf(
            SessionCondition.Lacks.class, session("lacks: { tools: [a], per: key, within: 1h }"));
    assertEquals(Set.of(CallStatus.OK), lacks.status());
    assertEquals(Duration.ofHours(1), lacks.within());
  }

  @Test
  void foldsWhatPromptsAreSearchedFor() {
    assertEquals(
        List.of("exfiltrate"),
        assertInstanceOf(
                SessionCondition.PromptContains.class, session("prompt_contains: EXfiltrate"))
            .folded());
  }

  @Test
  void givesRulesWithoutIdsOneThatFollowsTheirContent() {
    String id = rule("reason: a").id();
    assertEquals(12, id.length());
    assertEquals(id, rule("  reason:   a").id());
    assertNotEquals(id, rule("reason: b").id());
  }

  /** The policies of the test vectors. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "when: { args.amount: { gt: 500 }, model: { eq: m1 } }",
        "when: { args.to: { any: { suffix: \"@evil.com\" } } }",
        "when: { args.to: { all: { suffix: \"@acme.com\" } } }",
        "session: { touched: [untrusted] }",
        "session: { touched: { any: [untrusted, private] } }",
        "session: { lacks: { tools: [db.read], status: admitted } }",
        "session: { value_of: args.r, not_from: { tools: [list_payees], at: \"result.payees[*].iban\" } }",
        "session: { value_of: args.r, from: { tools: [web.get] } }",
        "session: { denials: { ge: 5, within: 10m } }",
        "session: { distinct: { of: args.to, gt: 3 } }",
        "session: { age: { ge: 1h }, risk: { ge: 0.6 } }",
        "when: { args.amount: { in: [500] } }",
        "when: { args.path: { path_under: /data } }",
        "when: { args.url: { host_in: [ok.com] } }",
        "when: { time: { between: \"02:00-03:00\", zone: Europe/Berlin } }",
        "when: { client.name: { exists: true } }"
      })
  void readsThePoliciesOfTheTestVectors(String part) {
    assertEquals("x", rule("id: x, " + part).id());
  }

  private static Operator operator(String when) {
    return rule("when: { " + when + " }").when().getFirst().operators().getFirst();
  }

  private static SessionCondition session(String session) {
    return rule("session: { " + session + " }").session().getFirst();
  }

  private static Rule rule(String part) {
    return Policies.of()
        .rules("p", "labels: { untrusted: [web.get], private: [crm.read] }")
        .contextual("p", "- { tools: [t], effect: deny, " + part + " }")
        .policy("p")
        .rules()
        .getFirst();
  }
}
