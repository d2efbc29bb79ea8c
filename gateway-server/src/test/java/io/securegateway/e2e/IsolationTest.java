package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Two projects with equal session ids, tools and models never see anything of each other. */
class IsolationTest {
  private static final String ANA = "the-key-of-ana-who-has-a";
  private static final String NEEDLE = "needle-of-project-b";

  private static final String POLICY =
      """
      version: 1
      limits:
        - { tools: ["counted"], calls: 2, within: 1h, per: project }
      rules:
        - { id: all, tools: ["*"], effect: allow }
        - { id: person, tools: ["asked"], effect: ask }
        - { id: never, tools: ["bad"], effect: deny }
      """;

  private static final String CONTEXT =
      """
      - id: read-first
        tools: ["write"]
        effect: deny
        session: { lacks: { tools: ["read"], status: ok, within: 1h } }
      - id: lock-out
        tools: ["locked"]
        effect: deny
        session: { denials: { ge: 1, within: 1h, per: project } }
      """;

  private static final String GATEWAY =
      """
      projects:
        a: {}
        b: {}
      admins:
        - { name: ana, key_sha256: "%s", role: admin, projects: [a] }
      """
          .formatted(Keys.hash(ANA));

  @TempDir Path folder;
  private RunningGateway gateway;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config")).gateway(GATEWAY);
    for (String project : List.of("a", "b", "default")) {
      config.policy(project, POLICY).contextual(project, CONTEXT);
      config.keys(project, "m1", List.of("*"));
    }
    config.schema("a/typed", "{\"title\":\"of a\"}").schema("b/typed", "{\"title\":\"of b\"}");
    config.schema("b/secret", "{\"title\":\"of b alone\"}");
    gateway = RunningGateway.start(config, folder.resolve("data"));
    client = gateway.client();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void contextualRulesSeeOnlyTheirOwnProject() throws IOException {
    assertEquals(200, client.call("a", "same", "read", "{}").status());
    assertEquals(403, client.call("b", "same", "write", "{}").status());
    assertEquals(200, client.call("a", "same", "write", "{}").status());
    assertEquals(403, client.call("b", "same", "locked", "{}").status(), "b has a denial");
    assertEquals(200, client.call("a", "same", "locked", "{}").status(), "a has none");
  }

  @Test
  void limitsCountOnlyTheirOwnProject() throws IOException {
    for (String project : List.of("a", "b")) {
      assertEquals(200, client.call(project, "same", "counted", "{}").status());
      assertEquals(200, client.call(project, "same", "counted", "{}").status());
      assertEquals(403, client.call(project, "same", "counted", "{}").status());
    }
  }

  @Test
  void schemasAreTheProjectsOwn() throws IOException {
    assertEquals("of a", schema("a", "typed").text("title"));
    assertEquals("of b", schema("b", "typed").text("title"));
    assertEquals(200, schema("b", "secret").status());
    Reply hidden = schema("a", "secret");
    assertEquals(404, hidden.status());
    assertEquals(schema("a", "nothing").text(), hidden.text());
  }

  private Reply schema(String project, String tool) throws IOException {
    return client.get(
        "/p/" + project + "/schema/" + tool + ".json",
        "X-Model-Key",
        ConfigFolder.key(project, "m1"));
  }

  @Test
  void foreignKeyLearnsNotEvenWhetherTheProjectExists() throws IOException {
    String body = Client.toolCall("same", "read", "{}");
    String key = ConfigFolder.key("a", "m1");
    Reply other = client.post("/p/b/mcp/toolcall", body, "X-Model-Key", key);
    Reply nothing = client.post("/p/nowhere/mcp/toolcall", body, "X-Model-Key", key);
    assertEquals(401, other.status());
    assertEquals(401, nothing.status());
    assertEquals(nothing.text(), other.text());
  }

  @Test
  void inventedProjectsOpenNoFreshCounters() throws IOException {
    String key = ConfigFolder.key("default", "m1");
    String body = Client.toolCall("same", "counted", "{}");
    int allowed = 0;
    for (int i = 0; i < 10; i++) {
      allowed +=
          client.post("/p/invented-" + i + "/mcp/toolcall", body, "X-Model-Key", key).status()
                  == 200
              ? 1
              : 0;
    }
    assertEquals(2, allowed);
    JsonNode projects = client.admin("GET", "/api/projects", null).json().path("items");
    assertFalse(projects.toString().contains("invented"), projects::toString);
  }

  @Test
  void unknownProjectsAreRefusedWhereTheConfigurationSaysSo() throws IOException {
    gateway.config().gateway(GATEWAY.replace("projects:\n", "projects:\n  unknown: refuse\n"));
    client.reload();
    Reply reply =
        client.post(
            "/p/nowhere/mcp/toolcall",
            Client.toolCall("s", "read", "{}"),
            "X-Model-Key",
            ConfigFolder.key("default", "m1"));
    assertEquals(401, reply.status());
    assertEquals(200, client.call("default", "s", "read", "{}").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/projects",
        "/api/sessions",
        "/api/logs?limit=1000",
        "/api/logs?q=needle",
        "/api/logs/export?format=jsonl",
        "/api/logs/export?format=csv",
        "/api/approvals",
        "/api/session/same?project=a"
      })
  void adminOfOneProjectSeesNothingOfAnother(String route) throws IOException {
    fill();
    Reply mine = client.get(route, "X-Admin-Key", ANA);
    assertEquals(200, mine.status(), mine::toString);
    assertFalse(mine.text().contains(NEEDLE), mine::toString);
    assertFalse(mine.text().contains("\"b\""), mine::toString);
    assertFalse(mine.text().contains(",b,"), mine::toString);
    Reply all = client.admin("GET", route.replace("project=a", "project=b"), null);
    assertTrue(
        all.text().contains("\"b\"") || all.text().contains(",b,"),
        () -> "the admin of everything must see it, else this proves nothing: " + all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/sessions?project=%s",
        "/api/session/same?project=%s",
        "/api/logs?project=%s",
        "/api/logs/export?format=csv&project=%s",
        "/api/approvals?project=%s",
        "/api/policy?project=%s&kind=policies"
      })
  void foreignProjectIsAsUnknownAsOneThatIsNotThere(String route) throws IOException {
    fill();
    Reply foreign = client.get(route.formatted("b"), "X-Admin-Key", ANA);
    Reply nothing = client.get(route.formatted("nowhere"), "X-Admin-Key", ANA);
    assertEquals(404, foreign.status(), foreign::toString);
    assertEquals(nothing.text(), foreign.text());
    assertEquals(200, client.admin("GET", route.formatted("b"), null).status());
  }

  @Test
  void foreignApprovalCannotBeAnswered() throws IOException {
    String id = client.call("b", "same", "asked", "{}").text("approval_id");
    String answer = "{\"approve\":true,\"reason\":\"why not\"}";
    Reply foreign = client.post("/api/approvals/" + id, answer, "X-Admin-Key", ANA);
    Reply nothing = client.post("/api/approvals/nothing", answer, "X-Admin-Key", ANA);
    assertEquals(404, foreign.status());
    assertEquals(nothing.text(), foreign.text());
    assertEquals(403, client.call("b", "same", "asked", "{}").status());
    assertEquals(200, client.admin("POST", "/api/approvals/" + id, answer).status());
    assertEquals(200, client.call("b", "same", "asked", "{}").status());
  }

  @Test
  void errorsOfAForeignFileStayHidden() throws IOException {
    gateway.config().policy("b", "version: 1\n" + NEEDLE + ": 1\n");
    Reply mine = client.post("/api/policy/reload", "{}", "X-Admin-Key", ANA);
    assertEquals(200, mine.status());
    assertFalse(mine.text().contains(NEEDLE), mine::toString);
    assertFalse(mine.text().contains("\"b\""), mine::toString);
    Reply all = client.reload();
    assertTrue(all.text().contains(NEEDLE), all::toString);
    Reply draft =
        client.post(
            "/api/policy/validate?project=b&kind=policies",
            "{\"yaml\":\"version: 1\"}",
            "X-Admin-Key",
            ANA);
    assertEquals(404, draft.status());
  }

  /** The same things happen in both projects; b's bear its mark. */
  private void fill() throws IOException {
    for (String project : List.of("a", "b")) {
      String input = project.equals("b") ? "{\"x\":\"" + NEEDLE + "\"}" : "{\"x\":\"needle\"}";
      client.call(project, "same", "read", input);
      client.call(project, "same", "bad", input);
      client.call(project, "same", "asked", input);
    }
  }
}
