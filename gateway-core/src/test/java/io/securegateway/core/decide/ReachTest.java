package io.securegateway.core.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.core.session.World;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a key is for, and which tools a caller could ever use. */
class ReachTest {
  private static final String ALL = "rules:\n- {id: all, tools: ['*'], effect: allow}\n";
  private static final String KEYS =
      "version: 1\nmodels:\n"
          + "  m1: {keys: [{id: k1, sha256: '"
          + "ab".repeat(32)
          + "'}], tools: ['web.*', mail]}\n";

  private static Policy policy(String policies, String contextual, String keys) {
    Compiled compiled =
        PolicyCompiler.compile(
            new SourceSet(
                List.of(
                    Source.of(SourceKind.POLICIES, "p", "version: 1\n" + policies),
                    Source.of(SourceKind.CONTEXTUAL_POLICIES, "p", contextual),
                    Source.of(SourceKind.MODEL_KEYS, "p", keys)),
                Set.of()),
            "p");
    return Objects.requireNonNull(compiled.policy(), () -> compiled.findings().toString());
  }

  @Test
  void deniesAToolOutsideTheScopeOfTheKey() {
    World w = new World(policy(ALL, "[]", KEYS));
    assertEquals(Effect.ALLOW, w.effect("web.get", "{}"));
    assertEquals(Effect.ALLOW, w.effect("mail", "{}"));
    Decision denied = w.would("mail.send", "{}");
    assertEquals(Effect.DENY, denied.effect());
    assertEquals(Reason.TOOL_OUT_OF_SCOPE, denied.code());
    assertTrue(denied.rules().isEmpty() && denied.charges().isEmpty());
    assertTrue(denied.countsAsDenial());
  }

  @Test
  void aCallOutOfScopeCountsAsADenial() {
    World w =
        new World(
            policy(
                ALL, "- {id: d, tools: [mail], effect: deny, session: {denials: {ge: 2}}}", KEYS));
    w.make("db", "{}");
    assertEquals(Effect.ALLOW, w.effect("mail", "{}"));
    w.make("db", "{}");
    assertEquals("d", w.would("mail", "{}").rule());
  }

  @Test
  void neitherRuleNorDefaultNorShadowGrantsWhatTheKeyIsNotFor() {
    World w =
        new World(
            policy(
                "default: allow\n" + ALL + "- {id: s, tools: [db], effect: allow, mode: shadow}\n",
                "[]",
                KEYS));
    Decision denied = w.would("db", "{}");
    assertEquals(Reason.TOOL_OUT_OF_SCOPE, denied.code());
    assertEquals(null, denied.shadow());
    assertFalse(Reach.couldAllow(w.policy, w.caller(), "db"));
  }

  @Test
  void aModelThatIsNotNamedMayUseNothingOnceAnyIs() {
    World w = new World(policy(ALL, "[]", KEYS));
    w.model = "m2";
    assertEquals(Reason.TOOL_OUT_OF_SCOPE, w.would("mail", "{}").code());
    assertFalse(Reach.couldAllow(w.policy, w.caller(), "mail"));
  }

  @Test
  void withoutKeysNoModelIsBound() {
    World w = new World(ALL);
    w.model = "whoever";
    assertEquals(Effect.ALLOW, w.effect("anything", "{}"));
    assertTrue(Reach.couldAllow(w.policy, w.caller(), "anything"));
  }

  @Test
  void reachesWhatSomeCallCouldUseAndNothingElse() {
    World w =
        new World(
            "rules:\n- {id: a, tools: [t, u, v], effect: allow, when: {args.n: {gt: 5}}}\n"
                + "- {id: d, tools: [u], effect: deny}\n"
                + "- {id: e, tools: [v], effect: deny, when: {args.n: {gt: 9}}}\n"
                + "- {id: f, tools: [t], effect: deny, mode: shadow}\n"
                + "- {id: g, tools: [t], models: [m2], effect: deny}\n"
                + "- {id: h, tools: [w], effect: ask}\n");
    assertTrue(Reach.couldAllow(w.policy, w.caller(), "t"));
    assertFalse(Reach.couldAllow(w.policy, w.caller(), "u"));
    assertTrue(Reach.couldAllow(w.policy, w.caller(), "v"));
    assertFalse(Reach.couldAllow(w.policy, w.caller(), "w"));
    w.model = "m2";
    assertFalse(Reach.couldAllow(w.policy, w.caller(), "t"));
  }

  @Test
  void looksAtTheArgumentsThatAreKnown() {
    World w =
        new World(
            policy(
                """
                rules:
                - {id: a, tools: [mail], effect: allow, when: {args.uri: {prefix: 'doc://'}, args.n: {gt: 5}}}
                - {id: b, tools: [mail], effect: allow, when: {args.uri: {eq: 'web://x'}}}
                - {id: c, tools: [mail], effect: allow, when: {args.uri: {prefix: 'old://'}, model: {eq: m9}}}
                - {id: d, tools: [mail], effect: deny, when: {args.uri: {glob: 'doc://secret/**'}}}
                """,
                "- {id: e, tools: [mail], effect: deny, when: {args.uri: {suffix: '.tmp'}}, session: {denials: {ge: 2}}}\n",
                KEYS));
    Predicate<ObjectNode> could = Reach.calls(w.policy, w.caller(), "mail");
    for (String uri : List.of("doc://a", "web://x", "doc://a.tmp", "doc://secret")) {
      assertTrue(could.test(known(uri)), uri);
    }
    for (String uri : List.of("doc://secret/a", "web://y", "file://a", "old://a", "")) {
      assertFalse(could.test(known(uri)), uri);
    }
    assertTrue(could.test(JsonNodeFactory.instance.objectNode()));
    ObjectNode odd = JsonNodeFactory.instance.objectNode().put("uri", 7);
    assertFalse(could.test(odd), "a deny whose condition fails denies");
  }

  private static ObjectNode known(String uri) {
    return JsonNodeFactory.instance.objectNode().put("uri", uri);
  }

  private static String rule(Random random, int number) {
    String effect = one(random, "allow", "allow", "deny", "ask");
    return "- {id: r"
        + number
        + ", "
        + one(random, "tools: ['*']", "tools: [a]", "tools: [b, c]", "tools: ['[ab]']")
        + one(random, "", "", ", models: [m1]", ", keys: [k2]")
        + ", effect: "
        + effect
        + one(random, "", "", ", when: {args.n: {le: 2}}", ", when: {args.n: {exists: true}}")
        + one(random, "", "", "", ", mode: shadow")
        + (effect.equals("allow") ? one(random, "", ", limits: [{calls: 2, per: session}]") : "")
        + "}\n";
  }

  private static String one(Random random, String... of) {
    return of[random.nextInt(of.length)];
  }

  @Property(tries = 300)
  void whatIsOutOfReachIsNeverAllowed(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder rules = new StringBuilder(one(random, "", "", "default: allow\n") + "rules:\n");
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      rules.append(rule(random, i));
    }
    String keys =
        one(random, "version: 1\nmodels: {}\n", KEYS.replace("'web.*', mail", "'[ab]'"), KEYS);
    World w = new World(policy(rules.toString(), "[]", keys));
    for (int i = 0; i < 30; i++) {
      w.after(1_000);
      w.model = one(random, "m1", "m1", "m2");
      w.key = one(random, "k1", "k2");
      String tool = one(random, "a", "b", "c", "mail");
      String arguments = one(random, "{}", "{'n': 1}", "{'n': 3}");
      if (!Reach.couldAllow(w.policy, w.caller(), tool)) {
        Decision decision = w.would(tool, arguments);
        assertEquals(Effect.DENY, decision.effect(), () -> rules + keys + tool + arguments);
      }
      w.make(tool, arguments);
    }
  }
}
