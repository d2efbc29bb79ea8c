package io.securegateway.core.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.analysis.PolicyDiff.Changed;
import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class PolicyDiffTest {
  private static final String HEAD = "version: 1\n";

  private static Compiled compiled(Source... sources) {
    Compiled compiled =
        PolicyCompiler.compile(new SourceSet(List.of(sources), Set.of("acme")), "acme");
    assertTrue(compiled.isUsable(), () -> compiled.findings().toString());
    return compiled;
  }

  private static Policy policy(String yaml) {
    return Objects.requireNonNull(
        compiled(Source.of(SourceKind.POLICIES, "acme", HEAD + yaml)).policy());
  }

  private static PolicyDiff diff(String before, String after) {
    return PolicyDiff.between(policy(before), policy(after));
  }

  private static PolicyDiff changed(String id, String... what) {
    return new PolicyDiff(false, List.of(), List.of(), List.of(new Changed(id, List.of(what))));
  }

  @Test
  void tellsEachAspectOfANamedRule() {
    assertEquals(
        changed(
            "pay",
            "effect: ask -> allow",
            "mode: enforce -> shadow",
            "tools: + bank.pay, - bank.send",
            "models: now only gpt-*",
            "when args.amount: le 500 -> le 800",
            "when args.to: none -> exists true",
            "reason: \"a\" -> \"b\""),
        diff(
            "rules: [{id: pay, effect: ask, tools: [bank.send, bank.see], when: {args.amount: {le:"
                + " 500}}, reason: a}]",
            "rules: [{id: pay, effect: allow, tools: [bank.pay, bank.see], models: ['gpt-*'], when:"
                + " {args.amount: {le: 800}, args.to: {exists: true}}, mode: shadow, reason: b}]"));
  }

  @Test
  void tellsLimitsClosingAndExpiryOfARule() {
    assertEquals(
        changed(
            "a",
            "closed: none -> to [n]",
            "limits: calls 5 within 1m per key -> calls 7 within 1m per key",
            "expires: none -> 2027-01-01T00:00:00Z"),
        diff(
            "rules: [{id: a, effect: allow, tools: [t], when: {args.n: {exists: true}},"
                + " limits: [{calls: 5, within: 1m, per: key}]}]",
            "rules: [{id: a, effect: allow, tools: [t], when: {args.n: {exists: true}},"
                + " closed: true, expires: 2027-01-01T00:00:00Z,"
                + " limits: [{calls: 7, within: 1m, per: key}]}]"));
  }

  @Test
  void tellsWhatIsNewAndWhatIsGone() {
    PolicyDiff diff =
        diff(
            "rules: [{id: a, effect: deny, tools: [x]}, {id: b, effect: deny, tools: [y]}]",
            "rules: [{id: c, effect: ask, tools: [z]}, {id: b, effect: deny, tools: [y]}]");
    assertEquals(new PolicyDiff(false, List.of("c"), List.of("a"), List.of()), diff);
  }

  @Test
  void tellsDefaultLabelsAndTopLevelLimits() {
    PolicyDiff diff =
        diff(
            "labels: {egress: [mail.send], old: [x]}\nlimits: [{calls: 9, within: 1m, per: key}]",
            "default: allow\nlabels: {egress: [mail.send, http.post], new: [x]}\n"
                + "limits: [{calls: 5, within: 1m, per: key}]");
    assertEquals(List.of("label new"), diff.added());
    assertEquals(List.of("label old"), diff.removed());
    assertEquals(List.of("default", "label egress"), ids(diff).subList(0, 2));
    assertEquals(List.of("default: deny -> allow"), diff.changed().get(0).what());
    assertEquals(List.of("tools: + http.post"), diff.changed().get(1).what());
    assertEquals(
        List.of("bound: calls 9 within 1m per key -> calls 5 within 1m per key"),
        diff.changed().get(2).what());
  }

  private static List<String> ids(PolicyDiff diff) {
    return diff.changed().stream().map(Changed::id).toList();
  }

  @Test
  void knowsAnEditedRuleWithoutAnIdByItsPlace() {
    String before =
        """
        rules:
          - { tools: [a], effect: deny }
          - { tools: [b], effect: allow, when: { args.n: { le: 5 } } }
          - { tools: [c], effect: deny }
        """;
    PolicyDiff diff = diff(before, before.replace("le: 5", "le: 6"));
    assertEquals(List.of(), diff.added());
    assertEquals(List.of(), diff.removed());
    List<String> what = diff.changed().get(0).what();
    assertTrue(what.get(0).matches("id: r-[0-9a-f]{10} -> r-[0-9a-f]{10}"), what::toString);
    assertEquals("when args.n: le 5 -> le 6", what.get(1));
    assertEquals(2, what.size());
  }

  @Test
  void pairsEditedRulesWithTheOneThatIsMostAlike() {
    PolicyDiff diff =
        diff(
            """
            rules:
              - { tools: [a], effect: allow, when: { args.n: { le: 5 } } }
              - { tools: [b], effect: deny }
            """,
            """
            rules:
              - { tools: [new], effect: deny }
              - { tools: [b], effect: ask }
              - { tools: [a], effect: allow, when: { args.n: { le: 7 } } }
            """);
    assertEquals(1, diff.added().size());
    assertEquals(List.of(), diff.removed());
    assertEquals(
        Set.of("effect: deny -> ask", "when args.n: le 5 -> le 7"),
        Set.of(diff.changed().get(0).what().get(1), diff.changed().get(1).what().get(1)));
  }

  @Test
  void takesARuleAboutSomethingElseForAnotherRule() {
    PolicyDiff diff =
        diff("rules: [{tools: [a], effect: deny}]", "rules: [{tools: [b], effect: deny}]");
    assertEquals(1, diff.added().size());
    assertEquals(1, diff.removed().size());
    assertEquals(List.of(), diff.changed());
  }

  @Test
  void knowsARuleThatWasGivenAName() {
    PolicyDiff diff =
        diff(
            "rules: [{tools: [a], effect: deny}]",
            "rules: [{id: named, tools: [a], effect: deny}]");
    assertEquals(List.of("named"), ids(diff));
    assertEquals(1, diff.changed().get(0).what().size());
  }

  @Test
  void tellsKeysAndWhatTheyAreForWhereFilesAreCompared() {
    String hash = "ab".repeat(32);
    String keys =
        "version: 1\nmodels: {m: {keys: [{id: ci, sha256: \"" + hash + "\"}], tools: [a]}}";
    SourceSet files = new SourceSet(List.of(), Set.of("acme"));
    Source before = Source.of(SourceKind.MODEL_KEYS, "acme", keys);
    Source after =
        Source.of(
            SourceKind.MODEL_KEYS,
            "acme",
            keys.replace("tools: [a]", "tools: [a, b]")
                .replace("\"}", "\", expires: 2027-01-01T00:00:00Z}"));
    PolicyDiff diff = PolicyDiff.ofFile(files, before, after).orElseThrow();
    assertEquals(
        List.of(
            new Changed("key m/ci", List.of("expires: none -> 2027-01-01T00:00:00Z")),
            new Changed("model m", List.of("tools: + b"))),
        diff.changed());
    Source broken = Source.of(SourceKind.MODEL_KEYS, "acme", "models: 5");
    assertTrue(PolicyDiff.ofFile(files, before, broken).isEmpty());
  }

  @Test
  void tellsSessionConditions() {
    Source one =
        Source.of(
            SourceKind.CONTEXTUAL_POLICIES,
            "acme",
            "- {id: s, tools: [x], effect: deny, session: {denials: {ge: 5}}}");
    Source other =
        Source.of(SourceKind.CONTEXTUAL_POLICIES, "acme", one.text().replace("ge: 5", "ge: 3"));
    assertEquals(
        changed("s", "session denials: ge 5 -> ge 3"),
        PolicyDiff.between(compiled(one), compiled(other)).orElseThrow());
  }

  @Test
  void writesAndReadsTheFormOfTheApi() {
    PolicyDiff diff =
        new PolicyDiff(
            false, List.of("a"), List.of("b"), List.of(new Changed("c", List.of("x", "y"))));
    assertEquals(
        "{\"same_behaviour\":false,\"added\":[\"a\"],\"removed\":[\"b\"],"
            + "\"changed\":[{\"id\":\"c\",\"what\":[\"x\",\"y\"]}]}",
        PolicyDiffJson.write(diff).toString());
    assertEquals(diff, PolicyDiffJson.read(PolicyDiffJson.write(diff)));
    assertThrows(
        IllegalArgumentException.class,
        () -> PolicyDiffJson.read(JsonNodeFactory.instance.objectNode()));
  }

  @Property(tries = 200)
  void findsNoChangeInOneAndTheSame(@ForAll Random random) {
    String yaml = yaml(rules(random), random);
    PolicyDiff diff = diff(yaml, yaml);
    assertEquals(new PolicyDiff(true, List.of(), List.of(), List.of()), diff);
  }

  @Property(tries = 200)
  void findsNoChangeInAnotherOrder(@ForAll Random random, @ForAll long seed) {
    List<String> rules = rules(random);
    List<String> shuffled = new ArrayList<>(rules);
    Collections.shuffle(shuffled, random);
    PolicyDiff diff = diff(yaml(rules, new Random(seed)), yaml(shuffled, new Random(seed)));
    assertTrue(diff.sameBehaviour());
    assertTrue(diff.isEmpty());
  }

  @Property(tries = 400)
  void tellsSomethingExactlyWhereTheBehaviourIsAnother(
      @ForAll Random random, @ForAll Random other) {
    List<String> rules = rules(random);
    List<String> edited = new ArrayList<>(rules);
    int at = random.nextInt(edited.size() + 1);
    if (at < edited.size() && random.nextBoolean()) {
      edited.remove(at);
    } else {
      edited.add(at, rule(other));
    }
    Policy before = policy(yaml(rules, new Random(1)));
    Policy after = policy(yaml(edited, new Random(random.nextInt(2))));
    PolicyDiff diff = PolicyDiff.between(before, after);
    assertEquals(before.behaviour().equals(after.behaviour()), diff.sameBehaviour());
    assertEquals(diff.sameBehaviour(), diff.isEmpty());
    PolicyDiff back = PolicyDiff.between(after, before);
    assertEquals(diff.added().size(), back.removed().size());
    assertEquals(diff.changed().size(), back.changed().size());
    Set<String> ids = Set.copyOf(after.rules().stream().map(rule -> rule.id()).toList());
    diff.added().stream()
        .filter(id -> !id.contains(" "))
        .forEach(id -> assertTrue(ids.contains(id), id));
    diff.removed().stream()
        .filter(id -> !id.contains(" "))
        .forEach(id -> assertFalse(ids.contains(id), id));
  }

  private static String one(Random random, String... of) {
    return of[random.nextInt(of.length)];
  }

  private static List<String> rules(Random random) {
    List<String> rules = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      String rule = rule(random);
      if (rules.stream().noneMatch(rule::equals)) {
        rules.add(rule);
      }
    }
    return rules;
  }

  private static String rule(Random random) {
    return "- { tools: ["
        + one(random, "a", "b", "a, b", "'*'", "'x*'")
        + "], effect: "
        + one(random, "deny", "ask", "allow")
        + one(random, "", ", models: [m]", ", keys: [k]", ", labels: [l]")
        + one(random, "", ", when: {args.n: {le: 5}}", ", when: {args.n: {le: 6.0, ge: 1}}")
        + one(random, "", ", mode: shadow", ", reason: why", "")
        + " }";
  }

  private static String yaml(List<String> rules, Random random) {
    return one(random, "", "default: allow\n")
        + "labels: { l: [a"
        + one(random, "", ", c")
        + "] }\n"
        + one(
            random,
            "",
            "limits: [{calls: 5, per: session}]\n",
            "limits: [{calls: 6, per: session}]\n")
        + (rules.isEmpty() ? "rules: []\n" : "rules:\n  " + String.join("\n  ", rules) + "\n");
  }
}
