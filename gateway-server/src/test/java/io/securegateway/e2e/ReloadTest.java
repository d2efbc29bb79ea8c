package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A valid change holds at once, with the whole past; a broken one leaves the last good version. */
class ReloadTest {
  private static final String OPEN =
      "version: 1\nrules: [{ id: all, tools: [\"*\"], effect: allow }]\n";
  private static final String SHUT =
      OPEN.replace("allow }]", "allow }, { id: shut, tools: [\"pay\"], effect: deny }]");

  @TempDir Path folder;
  private RunningGateway gateway;
  private ConfigFolder config;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", OPEN).keys("default", "m1", List.of("*"));
    gateway = RunningGateway.start(config, folder.resolve("data"));
    client = gateway.client();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private int call(String tool) throws IOException {
    return client.call("default", "s", tool, "{}").status();
  }

  @Test
  void changeHoldsInARunningSessionWithItsHistory() throws IOException {
    assertEquals(200, call("read"));
    assertEquals(200, call("send"));
    config.contextual(
        "default",
        """
        - id: has-read
          tools: ["send"]
          effect: deny
          session: { calls: { tools: ["read"], status: ok, ge: 1, within: 1h } }
        """);
    assertTrue(client.reload().text().contains("\"activated\":[\"default\"]"));
    assertEquals("has-read", client.call("default", "s", "send", "{}").text("rule"));
    assertEquals(200, client.call("default", "fresh", "send", "{}").status());
  }

  @Test
  void newLimitCountsWhatWasCalledBefore() throws IOException {
    assertEquals(200, call("pay"));
    assertEquals(200, call("pay"));
    config.policy(
        "default", OPEN + "limits: [{ tools: [\"pay\"], calls: 3, within: 1h, per: project }]\n");
    client.reload();
    assertEquals(200, call("pay"));
    assertEquals("limit.reached", client.call("default", "s", "pay", "{}").text("reason_code"));
  }

  @Test
  void relabellingReachesThePast() throws IOException {
    assertEquals(200, call("read"));
    config.policy("default", OPEN + "labels: { private: [\"read\"], egress: [\"send\"] }\n");
    config.contextual(
        "default",
        "- { id: leak, labels: [egress], effect: deny, session: { touched: [private] } }\n");
    client.reload();
    assertEquals("leak", client.call("default", "s", "send", "{}").text("rule"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version: 1\nrules: [{ id: all, tools: [\"*\"], effe",
        "version: 1\nrules:\n  - { id: all, tools: [\"*\"], effect: alow }\n",
        "version: 1\nalow: 1\n",
        "version: 1\nrules: []\nrules: []\n",
        "version: 1\nrules: &a [*a]\n",
        "version: 1\nrules: !!javax.script.ScriptEngineManager []\n",
        "- a\n- b\n",
        "\ufeff\u0000"
      })
  void brokenFileKeepsTheLastGoodVersion(String broken) throws IOException {
    config.policy("default", SHUT);
    client.reload();
    config.policy("default", broken);
    Reply reply = client.reload();
    assertTrue(reply.text().contains("\"kept\":[\"default\"]"), reply::toString);
    assertFalse(reply.json().path("findings").isEmpty());
    assertEquals(200, call("read"));
    assertEquals(403, call("pay"));
    config.policy("default", OPEN);
    client.reload();
    assertEquals(200, call("pay"));
  }

  @Test
  void emptiedFileKeepsTheLastGoodVersionAndAMissingOneDenies() throws IOException {
    config.policy("default", "");
    Reply emptied = client.reload();
    assertTrue(emptied.text().contains("\"kept\":[\"default\"]"), emptied::toString);
    assertEquals(200, call("pay"), "the last good version stays");
    Files.delete(config.directory().resolve("policies/default.yaml"));
    client.reload();
    assertEquals("rule.none", client.call("default", "s", "pay", "{}").text("reason_code"));
  }

  @Test
  void changeIsNoticedWithoutBeingTold() throws Exception {
    config.policy("default", SHUT);
    Eventually.holds("the changed file is in force", () -> call("pay") == 403);
    config.policy("default", OPEN);
    Eventually.holds("the file changed back is in force", () -> call("pay") == 200);
  }

  @Test
  void fileThatIsWrittenSlowlyIsReadWhenItIsWhole() throws Exception {
    Path file = config.directory().resolve("policies/default.yaml");
    for (int end = 1; end < SHUT.length(); end += 9) {
      Files.writeString(file, SHUT.substring(0, end));
      assertEquals(200, call("read"), "half a file never shuts or opens anything");
    }
    Files.writeString(file, SHUT);
    Eventually.holds("the whole file is in force", () -> call("pay") == 403);
    assertEquals(200, call("read"));
  }

  @Test
  void lostGatewayFileLeavesWhatItSaidInForce() throws IOException {
    config.gateway("projects: { default: { mode: observe } }\n").policy("default", SHUT);
    client.reload();
    assertEquals(200, call("pay"));
    Files.delete(config.directory().resolve("gateway.yaml"));
    assertTrue(client.reload().text().contains("file-gone"));
    assertEquals(200, call("pay"));
    config.gateway("");
    assertFalse(client.reload().text().contains("file-gone"));
    assertEquals(403, call("pay"));
  }

  @Test
  void revokedKeyIsRefusedAtOnce() throws IOException {
    assertEquals(200, call("read"));
    config.keys("default", "m2", List.of("*"));
    client.reload();
    assertEquals(401, call("read"));
    assertEquals(200, client.call("default", "m2", "s", "read", "{}").status());
  }

  @Test
  void linkInThePoliciesDirectoryIsNotFollowed() throws IOException {
    Path outside = Files.writeString(folder.resolve("outside.yaml"), SHUT);
    Files.createSymbolicLink(config.directory().resolve("policies/linked.yaml"), outside);
    Reply reply = client.reload();
    assertTrue(reply.text().contains("policies/linked.yaml"), reply::toString);
    assertEquals(200, call("pay"));
  }
}
