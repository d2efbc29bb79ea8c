package io.securegateway.core.policy.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Glob;
import io.securegateway.core.policy.Limit;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Rule;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyCompilerTest {
  private static final String DEFAULT =
      """
      labels: { egress: ["email.send"] }
      limits: [{ tools: ["*"], calls: 100, within: 1m, per: key }]
      rules:
        - { id: no-drop, tools: ["db.drop"], effect: deny, everywhere: true }
        - { id: ask-egress, labels: [egress], effect: ask, everywhere: true }
        - { id: search, tools: ["search.*"], effect: allow }
      """;
  private static final String OWN =
      """
      labels: { egress: ["http.post"] }
      rules: [{ id: own, tools: ["a"], effect: allow }]
      """;

  @Test
  void deniesEverythingWithoutAnyFile() {
    Policy policy = Policies.of().policy("acme");
    assertTrue(policy.rules().isEmpty());
    assertFalse(policy.allowByDefault());
  }

  @Test
  void usesTheDefaultFileWhereAProjectHasNone() {
    Policy policy = Policies.of().rules("default", DEFAULT).policy("acme");
    assertEquals(List.of("default/ask-egress", "default/no-drop", "default/search"), ids(policy));
    assertEquals(1, policy.limits().size());
  }

  @Test
  void keepsPlainIdsInTheDefaultProjectItself() {
    Policy policy = Policies.of().rules("default", DEFAULT).policy("default");
    assertEquals(List.of("ask-egress", "no-drop", "search"), ids(policy));
  }

  @Test
  void takesOnlyEverywhereRulesBesideAnOwnFile() {
    Policy policy = Policies.of().rules("default", DEFAULT).rules("acme", OWN).policy("acme");
    assertEquals(List.of("default/ask-egress", "default/no-drop", "own"), ids(policy));
    assertTrue(policy.limits().isEmpty());
  }

  @Test
  void givesInheritedRulesTheLabelsThatTheDefaultFileMeans() {
    Policy policy = Policies.of().rules("default", DEFAULT).rules("acme", OWN).policy("acme");
    List<String> globs =
        Objects.requireNonNull(policy.labels().get("egress")).stream()
            .map(Glob::text)
            .sorted()
            .toList();
    assertEquals(List.of("email.send", "http.post"), globs);
  }

  @Test
  void addsRulesLimitsAndLabelsWhenItExtendsDefault() {
    Policy policy =
        Policies.of()
            .rules("default", "default: allow\n" + DEFAULT)
            .rules("acme", "extends: default\n" + OWN)
            .policy("acme");
    assertEquals(
        List.of("default/ask-egress", "default/no-drop", "default/search", "own"), ids(policy));
    assertEquals(1, policy.limits().size());
    assertFalse(policy.allowByDefault(), "default: allow is not inherited");
  }

  @Test
  void refusesAProjectOfWhichAnyEffectiveFileHasAnError() {
    Policies files = Policies.of().rules("acme", OWN).contextual("acme", "- { effekt: deny }");
    Compiled compiled = files.compiled("acme");
    assertNull(compiled.policy());
    assertNull(compiled.keys());
    assertTrue(compiled.findings().stream().anyMatch(f -> f.code().equals("unknown-key")));
  }

  @Test
  void isClosedByABrokenDefaultFileThatMayHoldEverywhere() {
    String broken = "rules: [{ id: x, effect: deny, everywhere: true, oops: 1 }]";
    assertNull(Policies.of().rules("default", broken).rules("acme", OWN).compiled("acme").policy());
  }

  @Test
  void isClosedWhenTheLabelsOfAnInheritedRuleCannotBeRead() {
    Policies files =
        Policies.of()
            .rules("default", "labels: {")
            .contextual("default", "- { id: x, labels: [egress], effect: ask, everywhere: true }")
            .rules("acme", OWN)
            .contextual("acme", "- { id: y, tools: [a], effect: ask }");
    assertNull(files.compiled("acme").policy());
  }

  @Test
  void isNotTouchedByABrokenDefaultFileThatItDoesNotUse() {
    String broken = "rules: [{ id: x, effect: deny, oops: 1 }]";
    Policies.of().rules("default", broken).rules("acme", OWN).policy("acme");
  }

  @Test
  void changesRevisionButNotBehaviourWithAComment() {
    Compiled one = Policies.of().rules("acme", OWN).compiled("acme");
    Compiled other = Policies.of().rules("acme", "# why\n" + OWN).compiled("acme");
    assertNotEquals(one.revision(), other.revision());
    assertEquals(one.behaviour(), other.behaviour());
  }

  @Test
  void changesBehaviourWithAnyMeaning() {
    String base = "rules: [{ id: a, tools: [b], effect: deny, when: { args.x: { le: 5 } } }]";
    String behaviour = Policies.of().rules("acme", base).policy("acme").behaviour();
    assertEquals(
        behaviour,
        Policies.of().rules("acme", base.replace("le: 5", "le: 5.0")).policy("acme").behaviour());
    for (String changed :
        List.of(
            base.replace("le: 5", "lt: 5"),
            base.replace("5", "6"),
            base.replace("[b]", "[c]"),
            base.replace("deny", "ask"),
            base.replace("args.x", "args.y"),
            "default: allow\n" + base)) {
      assertNotEquals(behaviour, Policies.of().rules("acme", changed).policy("acme").behaviour());
    }
  }

  @Test
  void dependsOnTheDefaultFilesItUses() {
    Policies before = Policies.of().rules("default", DEFAULT).rules("acme", OWN);
    Policies after = Policies.of().rules("default", DEFAULT + "# x\n").rules("acme", OWN);
    assertNotEquals(before.compiled("acme").revision(), after.compiled("acme").revision());
  }

  @Test
  void keepsALimitsIdWhileOnlyItsBoundOrOrderChanges() {
    String id = limit("{ tools: [a, b], calls: 5, within: 60s, per: key }").id();
    assertEquals(id, limit("{ per: key, calls: 7, within: 1m, tools: [b, a] }").id());
    assertNotEquals(id, limit("{ tools: [a], calls: 5, within: 1m, per: key }").id());
    assertNotEquals(id, limit("{ tools: [a, b], calls: 5, within: 2m, per: key }").id());
    assertNotEquals(id, limit("{ tools: [a, b], calls: 5, within: 1m, per: model }").id());
  }

  @Test
  void keepsTheTightestOfSeveralBoundsOnOneCount() {
    Policy policy =
        Policies.of()
            .rules("acme", "limits: [{ calls: 9 }, { calls: 5 }, { calls: 7 }]")
            .policy("acme");
    assertEquals(List.of(new Limit.Calls(5)), policy.limits().stream().map(Limit::bound).toList());
  }

  @Test
  void closesARuleOverAllArgumentsThatItNames() {
    Policy policy =
        Policies.of()
            .rules(
                "acme",
                """
                rules:
                  - id: pay
                    tools: [pay]
                    effect: allow
                    when: { args.to.iban: { eq: "x" }, 'args["a.b"]': { exists: true } }
                    closed: true
                    also: [memo]
                    limits: [{ sum: args.amount, le: 5 }]
                """)
            .policy("acme");
    assertEquals(List.of("a.b", "amount", "memo", "to"), policy.rules().getFirst().closed());
  }

  @Test
  void readsKeysOfBothForms() {
    Compiled compiled =
        Policies.of()
            .keys(
                "acme",
                """
                models:
                  a:
                    keys: [{ id: ci, sha256: "%s" }]
                    tools: ["x.*"]
                  b: { key: "modelkey-def456", tools: ["*"], expires: 2027-01-01T00:00:00+01:00 }
                """
                    .formatted("AB".repeat(32)))
            .compiled("acme");
    List<ModelKeys.Model> models = Objects.requireNonNull(compiled.keys()).models();
    assertEquals("ab".repeat(32), models.getFirst().keys().getFirst().sha256());
    ModelKeys.Key plain = models.getLast().keys().getFirst();
    assertTrue(plain.id().startsWith("k-") && plain.sha256().startsWith(plain.id().substring(2)));
    assertEquals("2026-12-31T23:00:00Z", String.valueOf(plain.expires()));
    assertFalse(
        compiled.findings().toString().contains("modelkey-def456"), "keys are not repeated");
  }

  @Test
  void losesNoRuleAndNoErrorBehindManyWarnings() {
    StringBuilder yaml = new StringBuilder("rules:\n");
    for (int i = 0; i < 300; i++) {
      yaml.append(
          " - { id: r%d, tools: [a], effect: deny, when: {time: {days: [mon]}} }\n".formatted(i));
    }
    assertEquals(300, Policies.of().rules("acme", yaml.toString()).policy("acme").rules().size());
    Compiled broken = Policies.of().rules("acme", yaml + " - { effekt: deny }").compiled("acme");
    assertNull(broken.policy());
    assertTrue(broken.findings().stream().anyMatch(f -> f.code().equals("unknown-key")));
  }

  @Test
  void refusesAFileHoweverManyErrorsItHas() {
    Compiled compiled =
        Policies.of().rules("acme", "rules:\n" + " - { x: 1 }\n".repeat(500)).compiled("acme");
    assertNull(compiled.policy());
    assertEquals(201, compiled.findings().size());
  }

  @Test
  void refusesAProjectWhoseIdIsNone() {
    assertNull(Policies.of().rules("../acme", OWN).compiled("../acme").policy());
  }

  @Test
  void knowsWhichProjectsExist() {
    SourceSet set =
        new SourceSet(List.of(Source.of(SourceKind.MODEL_KEYS, "b", "")), Set.of("listed"));
    assertEquals(Set.of("default", "b", "listed"), set.projects());
    assertFalse(set.exists("invented"));
  }

  @Test
  void refusesTwoFilesOfOneKindAndProject() {
    Policies files = Policies.of().rules("a", "").rules("a", "");
    assertThrows(IllegalArgumentException.class, files::set);
  }

  private static Limit limit(String yaml) {
    return Policies.of().rules("acme", "limits: [" + yaml + "]").policy("acme").limits().getFirst();
  }

  private static List<String> ids(Policy policy) {
    return policy.rules().stream().map(Rule::id).toList();
  }
}
