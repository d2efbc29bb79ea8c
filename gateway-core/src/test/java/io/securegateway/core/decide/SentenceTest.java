package io.securegateway.core.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.securegateway.core.session.World;
import org.junit.jupiter.api.Test;

/** What a caller is told where nobody wrote a reason: which line of which file it was. */
class SentenceTest {
  private static String said(World world, String tool) {
    return world.would(tool, "{}").reason();
  }

  @Test
  void namesTheKeyOfAShortFormAndItsPlace() {
    World world =
        new World(
            """
            rules:
              - model: "*"
                allow_tools: ["a", "b", "c"]
                deny_tools: ["b"]
            """,
            """
            - when_tool: "c"
              require_prior_successful_tool: "a"
            """);
    assertEquals("Allowed by allow_tools in policies/p.yaml line 4.", said(world, "a"));
    assertEquals("Denied by deny_tools in policies/p.yaml line 5.", said(world, "b"));
    assertEquals(
        "Denied by require_prior_successful_tool in contextual_policies/p.yaml line 2.",
        said(world, "c"));
  }

  @Test
  void namesThePlaceOfARuleWithoutAnId() {
    World world =
        new World(
            """
            rules:
              - { tools: ["a"], effect: allow, limits: [{ calls: 1, per: session }] }
              - { tools: ["b"], effect: ask }
            """);
    assertEquals("Allowed by the rule in policies/p.yaml line 3.", said(world, "a"));
    world.make("a", "{}");
    assertEquals(
        "The limits of the rule in policies/p.yaml line 3 have no room for this call.",
        said(world, "a"));
  }

  @Test
  void namesTheIdThatSomebodyGave() {
    World world =
        new World(
            """
            rules:
              - { id: everything, tools: ["*"], effect: allow }
              - { id: no-b, tools: ["b"], effect: deny }
              - { id: first-a-person, tools: ["c"], effect: ask }
            """);
    assertEquals("Allowed by rule 'everything'.", said(world, "a"));
    assertEquals("Denied by rule 'no-b'.", said(world, "b"));
    assertEquals(
        "A person has to approve this call: asked by rule 'first-a-person'.", said(world, "c"));
  }
}
