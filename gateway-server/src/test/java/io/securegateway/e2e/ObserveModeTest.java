package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Effect;
import io.securegateway.core.event.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project that only observes records its denials and makes the calls all the same. */
class ObserveModeTest {
  private static final String POLICY =
      """
      version: 1
      limits: [{ tools: ["scarce"], calls: 1, within: 1h, per: project }]
      rules:
        - { id: some, tools: ["read", "scarce", "typed", "asked"], effect: allow }
        - { id: never, tools: ["bad"], effect: deny }
        - { id: person, tools: ["asked"], effect: ask }
      """;

  @TempDir Path folder;
  private RunningGateway gateway;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("seen", POLICY).keys("seen", "m1", List.of("*"));
    config.gateway("projects: { seen: { mode: observe } }\n");
    config.schema("typed", "{\"type\":\"object\",\"required\":[\"n\"]}");
    gateway = RunningGateway.start(config, folder.resolve("data"));
    client = gateway.client();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void whatWouldBeRefusedIsMadeAndRecorded() throws IOException {
    for (String tool : List.of("bad", "unheard-of", "asked", "scarce", "scarce")) {
      Reply reply = client.call("seen", "s", tool, "{}");
      assertEquals(200, reply.status(), reply::toString);
      assertTrue(reply.json().path("allowed").booleanValue());
    }
    assertEquals(5, gateway.tools().hits());
    assertTrue(client.admin("GET", "/api/approvals", null).json().path("items").isEmpty());
    gateway.stop();
    JournalReplay replay = JournalReplay.of(gateway.journal());
    assertEquals(List.of(), replay.mismatches());
    assertEquals(
        List.of(Effect.DENY, Effect.DENY, Effect.ASK, Effect.ALLOW, Effect.DENY),
        replay.decided().values().stream().map(call -> call.decision().effect()).toList());
    assertTrue(replay.decided().values().stream().noneMatch(Event.CallDecided::enforced));
  }

  @Test
  void answerSaysThatItWasOnlyObserved() throws IOException {
    assertEquals("mode.observe", client.call("seen", "s", "bad", "{}").text("reason_code"));
    assertEquals("rule.allowed", client.call("seen", "s", "read", "{}").text("reason_code"));
  }

  @Test
  void identityAndSchemaHoldAllTheSame() throws IOException {
    assertEquals(422, client.call("seen", "s", "typed", "{}").status());
    assertEquals(401, client.call("seen", "m2", "s", "read", "{}").status());
    assertEquals(0, gateway.tools().hits());
  }

  @Test
  void changeToEnforceHoldsAtOnce() throws IOException {
    assertEquals(200, client.call("seen", "s", "bad", "{}").status());
    gateway.config().gateway("projects: { seen: { mode: enforce } }\n");
    client.reload();
    Reply denied = client.call("seen", "s", "bad", "{}");
    assertEquals(403, denied.status());
    assertEquals("never", denied.text("rule"));
    assertFalse(denied.json().path("allowed").booleanValue());
    assertEquals(1, gateway.tools().hits());
  }
}
