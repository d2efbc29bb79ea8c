package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A real MCP server that turns against those who trust it, behind the gateway. */
class CataloguePinTest {
  private static final String[] AGENT = {
    "X-Project-ID", "lab", "X-Model-Key", ConfigFolder.key("lab", "m1")
  };

  @TempDir Path folder;
  private final List<RunningGateway> started = new ArrayList<>();

  private void start(String more) throws Exception {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("lab", "version: 1\nrules:\n  - { id: all, tools: [\"**\"], effect: allow }\n");
    config.keys("lab", "m1", List.of("*"));
    config.gateway(
        """
        projects:
          lab:
            %s
            upstreams:
              - { name: fixture, type: mcp-stdio, command: ["node", "%s"], deadline: 20s }
        """
            .formatted(more, NodeServers.folder().resolve("server.js")));
    started.add(RunningGateway.start(config, folder.resolve("data")));
    Eventually.holds("the tools are listed", () -> isListed("add"));
  }

  @AfterEach
  void stop() {
    started.forEach(RunningGateway::close);
  }

  private RunningGateway running() {
    return started.getFirst();
  }

  private boolean isListed(String tool) throws IOException {
    return running().client().get("/schema/" + tool + ".json", AGENT).status() == 200;
  }

  private Reply add() throws IOException {
    return running().client().call("lab", "s", "add", "{\"a\":2,\"b\":40}");
  }

  private void turn(String to) throws IOException {
    Reply turned = running().client().call("lab", "s", "turn", "{\"to\":\"" + to + "\"}");
    assertEquals(200, turned.status(), turned::toString);
  }

  private JsonNode item(String tool) throws IOException {
    Reply reply = running().client().admin("GET", "/api/catalogue?project=lab", null);
    assertEquals(200, reply.status(), reply::toString);
    for (JsonNode item : reply.json().path("items").values()) {
      if (item.path("tool").asString("").equals(tool)) {
        return item;
      }
    }
    return MissingNode.getInstance();
  }

  private void becomes(String tool, String state) throws Exception {
    Eventually.holds(
        tool + " is " + state, () -> item(tool).path("state").asString("").equals(state));
  }

  private Reply accept(String tool, String sha256) throws IOException {
    return running()
        .client()
        .admin(
            "POST",
            "/api/catalogue/" + tool + "/accept?project=lab",
            "{\"sha256\":\"" + sha256 + "\",\"reason\":\"read it\"}");
  }

  private boolean isAlerted(String tool) throws IOException {
    Reply alerts = running().client().admin("GET", "/api/alerts?project=lab", null);
    return alerts
        .json()
        .path("items")
        .valueStream()
        .anyMatch(
            alert ->
                alert.path("detector").asString("").equals("suspect_tool")
                    && alert.path("group").path("tool").asString("").equals(tool));
  }

  @Test
  void aChangedToolIsOutOfUseUntilSomebodyAcceptsIt() throws Exception {
    start("pin: quarantine");
    assertEquals(200, add().status());
    String first = item("add").path("sha256").asString("");
    turn("changed");
    becomes("add", "quarantined");
    assertFalse(isListed("add"));
    Reply refused = add();
    assertEquals(403, refused.status(), refused::toString);
    assertEquals("denied", refused.text("status"));
    assertEquals("tool.quarantined", refused.text("reason_code"));
    Eventually.holds("an alert is open", () -> isAlerted("add"));

    running().restart();
    assertEquals(first, item("add").path("accepted").asString(""));
    // The new process serves the first definition again: nothing speaks against it.
    becomes("add", "accepted");
    assertEquals(200, add().status());

    turn("changed");
    becomes("add", "quarantined");
    Reply stale = accept("add", first);
    assertEquals(409, stale.status(), stale::toString);
    String now = item("add").path("sha256").asString("");
    Reply accepted = accept("add", now);
    assertEquals(200, accepted.status(), accepted::toString);
    assertEquals("accepted", accepted.text("state"));
    assertEquals("admin", accepted.text("accepted_by"));
    assertEquals(200, add().status());
    assertTrue(running().verify().isGood());
  }

  @Test
  void whatWasAcceptedIsKnownAfterARestart() throws Exception {
    start("pin: quarantine");
    turn("changed");
    becomes("add", "quarantined");
    String changed = item("add").path("sha256").asString("");
    assertEquals(200, accept("add", changed).status());
    running().restart();
    assertEquals(changed, item("add").path("accepted").asString(""));
    becomes("add", "quarantined"); // the new process serves the first one, which is not accepted
  }

  @Test
  void imitationsAndHiddenTextAreFoundWhenListedAndWhenCalled() throws Exception {
    start("pin: alert");
    turn("confusable");
    turn("hidden");
    becomes("helper", "suspect");
    becomes("\u0430dd", "suspect");
    assertEquals("confusable", item("\u0430dd").path("flags").path(0).path("kind").asString(""));
    assertEquals("hidden_text", item("helper").path("flags").path(0).path("kind").asString(""));
    assertEquals("accepted", item("add").path("state").asString(""));
    Eventually.holds("an alert is open", () -> isAlerted("helper"));
    Reply called = running().client().call("lab", "s", "helper", "{}");
    assertEquals(200, called.status(), called::toString);
    String call = called.text("trace_id");
    Eventually.holds(
        "the call is told of",
        () ->
            running().client().admin("GET", "/api/alerts?project=lab", null).text().contains(call));
  }

  @Test
  void aProjectThatOnlyObservesIsTold() throws Exception {
    start("pin: quarantine\n    mode: observe");
    turn("changed");
    becomes("add", "quarantined");
    assertEquals(200, add().status());
    Eventually.holds("an alert is open", () -> isAlerted("add"));
  }

  @Test
  void anUnknownToolCannotBeAccepted() throws Exception {
    start("pin: quarantine");
    assertEquals(404, accept("never", "x").status());
    assertEquals(
        400,
        running()
            .client()
            .admin("POST", "/api/catalogue/add/accept?project=lab", "{\"reason\":\"x\"}")
            .status());
  }

  /** A server may turn against one client only, in its own conversation with it. */
  @Test
  void whatIsOtherInOneConversationIsOutOfUseThere() throws Exception {
    try (NodeServers.Http server = NodeServers.fixture("--sessions")) {
      ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
      config
          .policy("lab", "version: 1\nrules:\n  - { id: all, tools: [\"**\"], effect: allow }\n")
          .keys("lab", "m1", List.of("*"))
          .gateway(
              "projects: { lab: { pin: quarantine, upstreams: [{ name: it, type: mcp-http, url: \"%s\" }] } }\n"
                  .formatted(server.url()));
      started.add(RunningGateway.start(config, folder.resolve("data")));
      Eventually.holds("the tools are listed", () -> isListed("add"));
      SessionClient hit = SessionClient.openAskable(running(), "m1");
      SessionClient other = SessionClient.openAskable(running(), "m1");
      assertTrue(hit.tools().contains("add"));
      assertTrue(hit.call("turn", "{\"to\":\"changed\"}").text().contains("turned"));
      Eventually.holds("it is found", () -> !hit.tools().contains("add"));
      Eventually.holds("an alert is open", () -> isAlerted("add"));
      Reply refused = hit.call("add", "{\"a\":2,\"b\":40}");
      assertTrue(refused.text().contains("tool.quarantined"), refused::toString);
      assertTrue(other.tools().contains("add"));
      assertTrue(other.call("add", "{\"a\":2,\"b\":40}").text().contains("42"));
      assertEquals(200, add().status());
      assertTrue(hit.call("turn", "{\"to\":\"back\"}").text().contains("turned"));
      Eventually.holds("it is as it was", () -> hit.tools().contains("add"));
      assertTrue(hit.call("add", "{\"a\":2,\"b\":40}").text().contains("42"));
    }
  }

  @Test
  void whatIsOtherInOneKeysProcessIsOutOfUseThere() throws Exception {
    start("pin: quarantine");
    assertEquals(200, add().status());
    SessionClient hit = SessionClient.openAskable(running(), "m1");
    assertTrue(hit.call("turn", "{\"to\":\"changed\"}").text().contains("turned"));
    Eventually.holds("it is found", () -> !hit.tools().contains("add"));
    Eventually.holds("an alert is open", () -> isAlerted("add"));
    Reply refused = hit.call("add", "{\"a\":2,\"b\":40}");
    assertTrue(refused.text().contains("tool.quarantined"), refused::toString);
    assertEquals(200, add().status());
  }
}
