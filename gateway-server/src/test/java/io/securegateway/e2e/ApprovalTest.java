package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a person allows holds once, for exactly what they saw, and never against a deny. */
class ApprovalTest {
  private static final String VIEWER = "the-key-of-a-mere-viewer";
  private static final String POLICY =
      """
      version: 1
      limits: [{ tools: ["scarce"], calls: 1, within: 1h, per: project }]
      rules:
        - { id: all, tools: ["*"], effect: allow }
        - { id: person, tools: ["pay", "scarce"], effect: ask }
      """;

  @TempDir Path folder;
  private RunningGateway gateway;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", POLICY).keys("default", "m1", List.of("*"));
    config.gateway(
        "admins: [{ name: vic, role: viewer, key_sha256: \"" + Keys.hash(VIEWER) + "\" }]\n");
    gateway = RunningGateway.start(config, folder.resolve("data"));
    client = gateway.client();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private String ask(String session, String tool, String input) throws IOException {
    Reply reply = client.call("default", session, tool, input);
    assertEquals("approval_required", reply.text("status"), reply::toString);
    return reply.text("approval_id");
  }

  private Reply answer(String id, boolean approve) throws IOException {
    return client.admin(
        "POST",
        "/api/approvals/" + id,
        "{\"approve\":" + approve + ",\"reason\":\"looked at it\"}");
  }

  @Test
  void approvedCallGoesThroughOnce() throws IOException {
    String id = ask("s", "pay", "{\"n\":1}");
    assertEquals(id, ask("s", "pay", "{\"n\":1}"), "the same question is asked once");
    assertEquals(0, gateway.tools().hits());
    assertEquals(200, answer(id, true).status());
    Reply through = client.call("default", "s", "pay", "{\"n\":1}");
    assertEquals(200, through.status(), through::toString);
    assertEquals("approval.approved", through.text("reason_code"));
    assertNotEquals(id, ask("s", "pay", "{\"n\":1}"), "it was used up");
    assertEquals(1, gateway.tools().hits());
  }

  @Test
  void approvalIsForTheseArgumentsSessionAndTool() throws IOException {
    String id = ask("s", "pay", "{\"n\":1,\"to\":\"ana\"}");
    assertEquals(200, answer(id, true).status());
    for (String other :
        List.of(
            "{\"n\":2,\"to\":\"ana\"}",
            "{\"n\":1,\"to\":\"eve\"}",
            "{\"n\":1}",
            "{\"n\":\"1\",\"to\":\"ana\"}",
            "{\"n\":1,\"to\":\"ana\",\"x\":null}")) {
      assertNotEquals(id, ask("s", "pay", other));
    }
    assertNotEquals(id, ask("t", "pay", "{\"n\":1,\"to\":\"ana\"}"));
    assertEquals(0, gateway.tools().hits());
    assertEquals(
        200,
        client.call("default", "s", "pay", "{\"to\":\"ana\",\"n\":1}").status(),
        "the order of members says nothing");
  }

  @Test
  void refusedCallIsNotMade() throws IOException {
    String id = ask("s", "pay", "{}");
    Reply refused = answer(id, false);
    assertEquals(200, refused.status());
    assertEquals("refused", refused.text("status"));
    Reply again = client.call("default", "s", "pay", "{}");
    assertEquals(403, again.status());
    assertNotEquals(id, again.text("approval_id"));
    assertEquals(0, gateway.tools().hits());
    assertEquals(404, answer(id, true).status(), "it was answered already");
  }

  @Test
  void denyWinsOverAnApprovalGivenBefore() throws IOException {
    String id = ask("s", "pay", "{}");
    assertEquals(200, answer(id, true).status());
    gateway
        .config()
        .policy("default", POLICY + "  - { id: shut, tools: [\"pay\"], effect: deny }\n");
    client.reload();
    Reply denied = client.call("default", "s", "pay", "{}");
    assertEquals("denied", denied.text("status"));
    assertEquals("shut", denied.text("rule"));
    assertEquals(0, gateway.tools().hits());
  }

  @Test
  void approvalSatisfiesOnlyTheAsksThatWereNamed() throws IOException {
    String id = ask("s", "pay", "{}");
    assertEquals(200, answer(id, true).status());
    gateway
        .config()
        .policy("default", POLICY + "  - { id: another, tools: [\"pay\"], effect: ask }\n");
    client.reload();
    Reply again = client.call("default", "s", "pay", "{}");
    assertEquals("approval_required", again.text("status"), again::toString);
    assertEquals(0, gateway.tools().hits());
  }

  @Test
  void askHoldsItsReservationUntilItIsRefused() throws IOException {
    String id = ask("s", "scarce", "{\"n\":1}");
    Reply other = client.call("default", "s", "scarce", "{\"n\":2}");
    assertEquals("limit.reached", other.text("reason_code"), other::toString);
    assertEquals(200, answer(id, false).status());
    ask("s", "scarce", "{\"n\":2}");
  }

  @Test
  void approvalsAreListedForPeopleAndAnsweredByEditors() throws IOException {
    String id = ask("s", "pay", "{\"n\":1}");
    JsonNode items = client.get("/api/approvals", "X-Admin-Key", VIEWER).json().path("items");
    assertEquals(1, items.size());
    JsonNode item = items.get(0);
    assertEquals(id, item.path("id").stringValue());
    assertEquals("pay", item.path("tool").stringValue());
    assertEquals("s", item.path("session_id").stringValue());
    assertEquals("pending", item.path("status").stringValue());
    assertEquals("person", item.path("rules").get(0).stringValue());
    assertEquals(1, item.path("input").path("n").intValue());
    assertFalse(item.path("expires").stringValue().isBlank());
    String yes = "{\"approve\":true,\"reason\":\"me\"}";
    String path = "/api/approvals/" + id;
    assertEquals(403, client.post(path, yes, "X-Admin-Key", VIEWER).status());
    String key = ConfigFolder.key("default", "m1");
    assertEquals(401, client.post(path, yes, "X-Model-Key", key).status());
    assertEquals(401, client.post(path, yes, "X-Admin-Key", key).status());
    assertEquals(400, client.admin("POST", path, "{\"approve\":\"yes\"}").status());
    assertEquals(400, client.admin("POST", path, "{\"approve\":true}").status());
    ask("s", "pay", "{\"n\":1}");
    assertTrue(client.admin("GET", "/api/approvals", null).text().contains("pending"));
  }
}
