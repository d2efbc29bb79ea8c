package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From a denial to a message at the receiver, over failures, kills and restarts. */
class AlertTest {
  private static final String POLICY =
      """
      version: 1
      rules:
        - { id: all, tools: ["*"], effect: allow }
        - { id: never, tools: ["bad*"], effect: deny }
      """;
  private static final String SINKS =
      """
      sinks:
        - { name: siem, type: siem, url: "%s", allow_private: true, retry: [100ms, 100ms, 200ms, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s] }
        - { name: dead, type: siem, url: "http://127.0.0.1:9/", allow_private: true, min_severity: high, retry: [100ms] }
      """;

  @TempDir Path folder;
  private Receiver receiver;
  private ConfigFolder config;

  @BeforeEach
  void configure() throws IOException {
    receiver = Receiver.start();
    config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", POLICY).keys("default", "m1", List.of("*"));
    config.gateway(SINKS.formatted(receiver.url()));
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  private static void deny(Client client, int number) throws IOException {
    for (int i = 0; i < number; i++) {
      assertEquals(403, client.call("default", "s" + i, "bad", "{\"secret\":\"42\"}").status());
    }
  }

  private static JsonNode alerts(Client client) throws IOException {
    return client.admin("GET", "/api/alerts", null).json().path("items");
  }

  @Test
  void nineAreSilentTheTenthIsToldAndMoreUpdateTheSameAlert() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      Client client = gateway.client();
      deny(client, 9);
      client.call("default", "s", "good", "{}");
      assertEquals(0, alerts(client).size());
      long before = System.nanoTime();
      deny(client, 1);
      Eventually.holds("the alert arrives", () -> !receiver.got().isEmpty());
      System.out.printf(
          "the tenth denial arrived at the receiver after %d ms%n",
          (receiver.got().get(0).at() - before) / 1_000_000);
      JsonNode body = receiver.got().get(0).body();
      assertEquals("denial spike", body.path("alert").asString());
      assertEquals(10, body.path("count").asInt());
      assertEquals("m1-key", body.path("group").path("key").asString());
      assertFalse(body.toString().contains("secret"));
      deny(client, 40);
      Eventually.holds(
          "the count grows", () -> alerts(client).path(0).path("count").asLong() == 50);
      assertEquals(1, alerts(client).size());
      assertEquals(1, receiver.got().size());
      Eventually.holds(
          "the dead sink is given up", () -> deliveries(client, "dead", "dead").size() == 1);
    }
  }

  private static JsonNode deliveries(Client client, String sink, String state) throws IOException {
    return client
        .admin("GET", "/api/alerts/deliveries?sink=" + sink + "&state=" + state, null)
        .json()
        .path("items");
  }

  @Test
  void testTellsWhatTheSinkSaidAndLeavesNoAlert() throws Exception {
    receiver.next(200, 401);
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      Client client = gateway.client();
      Reply good = client.admin("POST", "/api/sinks/siem/test", "{}");
      assertEquals(200, good.status(), good::toString);
      assertTrue(good.json().path("arrived").asBoolean(), good::toString);
      assertEquals(200, good.json().path("status").asInt());
      JsonNode sent = receiver.got().getFirst().body();
      assertEquals("test alert", sent.path("alert").asString());
      assertEquals("alert.test", sent.path("event").asString());
      assertEquals("test", sent.path("detector").asString());
      assertEquals(good.text("delivery"), sent.path("delivery").asString());
      assertEquals(good.text("delivery"), receiver.got().getFirst().id());

      Reply refused = client.admin("POST", "/api/sinks/siem/test", "{}");
      assertFalse(refused.json().path("arrived").asBoolean(), refused::toString);
      assertEquals(401, refused.json().path("status").asInt());
      assertEquals("it answered 401", refused.text("detail"));

      Reply dead = client.admin("POST", "/api/sinks/dead/test", "{}");
      assertFalse(dead.json().path("arrived").asBoolean(), dead::toString);
      assertTrue(dead.text("detail").contains("Connect"), dead::toString);

      assertEquals(404, client.admin("POST", "/api/sinks/nobody/test", "{}").status());
      assertEquals(2, receiver.got().size());
      assertEquals(0, alerts(client).size());
      assertEquals(0, deliveries(client, "siem", "dead").size());
      Eventually.holds("all three are journaled", () -> tests(gateway).size() == 3);
      assertEquals("a test of admin", tests(gateway).get(0));
      assertEquals("a test of admin: it answered 401", tests(gateway).get(1));
    }
  }

  private static List<String> tests(RunningGateway gateway) {
    return JournalReplay.of(gateway.journal()).events().stream()
        .map(Recorded::event)
        .filter(Event.DeliveryTried.class::isInstance)
        .map(event -> String.valueOf(((Event.DeliveryTried) event).detail()))
        .toList();
  }

  @Test
  void failuresAreRetriedUnderTheSameIdAsAsked() throws Exception {
    receiver.next(500, 429, 503);
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      deny(gateway.client(), 10);
      Eventually.holds("the alert is taken", () -> !receiver.taken().isEmpty());
      List<Receiver.Got> got = receiver.got();
      assertEquals(List.of(500, 429, 503, 200), got.stream().map(Receiver.Got::status).toList());
      assertEquals(1, new HashSet<>(got.stream().map(Receiver.Got::id).toList()).size());
      assertTrue(
          got.get(2).at() - got.get(1).at() >= 1_000_000_000L, "Retry-After was not honoured");
    }
  }

  @Test
  void everyAlertArrivesUnderItsIdAlthoughTheGatewayIsKilled() throws Exception {
    receiver.always(500);
    Path data = folder.resolve("data");
    Set<String> ids = new HashSet<>();
    try (ToolServer tools = ToolServer.start()) {
      for (int round = 0; round < FullRun.rounds(2, 10); round++) {
        String model = "r" + round;
        config.keys("p" + round, model, List.of("*"));
        config.policy("p" + round, POLICY);
        try (GatewayProcess gateway = GatewayProcess.start(config, data, tools);
            Client client = new Client(gateway.url())) {
          for (int i = 0; i < 10; i++) {
            client.call("p" + round, model, "s", "bad", "{}");
          }
          if (round % 2 == 0) {
            String id = "p" + round;
            Eventually.holds(
                "a try of " + id,
                () ->
                    receiver.got().stream()
                        .anyMatch(one -> one.body().path("project").asString().equals(id)));
          }
          gateway.kill();
        }
      }
      receiver.got().forEach(one -> ids.add(one.id()));
      receiver.always(200);
      try (GatewayProcess gateway = GatewayProcess.start(config, data, tools);
          Client client = new Client(gateway.url())) {
        int expected = FullRun.rounds(2, 10);
        Eventually.holds("every alert arrives", () -> projectsTaken().size() == expected);
        Eventually.holds(
            "the book says so", () -> deliveries(client, "siem", "delivered").size() == expected);
        assertEquals(expected, alerts(client).size());
      }
      Set<String> all = new HashSet<>(ids);
      receiver.taken().forEach(one -> all.add(one.id()));
      assertEquals(projectsTaken().size(), all.size(), "an id changed between tries");
    }
  }

  private Set<String> projectsTaken() {
    Set<String> projects = new HashSet<>();
    receiver.taken().forEach(one -> projects.add(one.body().path("project").asString()));
    return projects;
  }

  @Test
  void restartInTheMiddleOfABurstForgetsNothing() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      deny(gateway.client(), 7);
      gateway.restart();
      deny(gateway.client(), 2);
      assertTrue(receiver.got().isEmpty());
      deny(gateway.client(), 1);
      Eventually.holds("the alert arrives", () -> receiver.taken().size() == 1);
      gateway.restart();
      deny(gateway.client(), 3);
      Eventually.holds(
          "the count grows", () -> alerts(gateway.client()).path(0).path("count").asLong() == 13);
      assertEquals(1, receiver.got().size());
    }
  }

  /** Enough events for more than one look into the journal, and no snapshot to begin with. */
  @Test
  void listsAreWholeRightAfterAStart() throws Exception {
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      for (int i = 0; i < 2_500; i++) {
        gateway.client().call("default", "s", "good", "{}");
      }
      deny(gateway.client(), 10);
      Eventually.holds("the alert arrives", () -> receiver.taken().size() == 1);
      gateway.stop();
      try (Stream<Path> snapshots = Files.list(gateway.data().resolve("snapshots"))) {
        for (Path snapshot : snapshots.toList()) {
          Files.delete(snapshot);
        }
      }
      gateway.restart();
      assertEquals(1, alerts(gateway.client()).size());
      gateway.restart();
      assertEquals(1, deliveries(gateway.client(), "siem", "delivered").size());
    }
  }

  @Test
  void revokedExpiredAndForeignKeysSpeakAtOnce() throws Exception {
    config.keys("bank", "m9", List.of("*"));
    config.file(
        "model_keys/old.yaml",
        "version: 1\nmodels:\n  m:\n    keys: [{ id: gone, sha256: \"%s\", expires: 2026-01-01T00:00:00Z }]\n    tools: [\"*\"]\n"
            .formatted(io.securegateway.server.identity.Keys.hash(ConfigFolder.key("old", "m"))));
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      Client client = gateway.client();
      assertEquals(401, client.call("old", "m", "s", "good", "{}").status());
      Reply foreign =
          client.post(
              "/mcp/toolcall",
              Client.toolCall("s", "good", "{}"),
              "X-Project-ID",
              "default",
              "X-Model-Key",
              ConfigFolder.key("bank", "m9"));
      assertEquals(401, foreign.status());
      Eventually.holds("both speak", () -> alerts(client).size() == 2);
      Set<String> kinds = new HashSet<>();
      alerts(client).forEach(alert -> kinds.add(alert.path("group").path("kind").asString()));
      assertEquals(Set.of("expired key", "key of another project"), kinds);
    }
  }

  @Test
  void peopleAcknowledgeAndTryAgain() throws Exception {
    receiver.always(404);
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      Client client = gateway.client();
      deny(client, 10);
      Eventually.holds("it is given up", () -> deliveries(client, "siem", "dead").size() == 1);
      JsonNode dead = deliveries(client, "siem", "dead").path(0);
      assertEquals(404, dead.path("last_status").asInt());
      assertEquals(3, dead.path("attempts").asInt());
      receiver.always(200);
      String id = dead.path("id").asString();
      assertEquals(
          200, client.admin("POST", "/api/alerts/deliveries/" + id + "/retry", "{}").status());
      Eventually.holds("it arrives", () -> receiver.taken().size() == 1);
      assertEquals(id, receiver.taken().get(0).id());
      String alert = alerts(client).path(0).path("id").asString();
      Reply acknowledged =
          client.admin("POST", "/api/alerts/" + alert + "/ack", "{\"note\":\"mine\"}");
      assertEquals("acknowledged", acknowledged.text("state"));
      assertEquals("admin", acknowledged.text("acknowledged_by"));
      assertEquals(404, client.admin("POST", "/api/alerts/none/ack", "{}").status());
      assertEquals(400, client.admin("GET", "/api/alerts?state=odd", null).status());
    }
  }

  @Test
  void projectsAreWatchedByTheirOwnFiles() throws Exception {
    config.file(
        "alerts/default.yaml",
        "version: 1\nquiet: 1s\ndetectors: { denial_burst: { threshold: 3, severity: critical } }\n");
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      Client client = gateway.client();
      deny(client, 3);
      Eventually.holds("the alert arrives", () -> !receiver.taken().isEmpty());
      assertEquals("critical", receiver.taken().get(0).body().path("severity").asString());
      Eventually.holds(
          "it is resolved and told",
          () ->
              receiver.taken().stream()
                  .anyMatch(one -> one.body().path("event").asString().equals("alert.resolved")));
      config.file("alerts/default.yaml", "version: 1\ndetectors: { denial_brust: {} }\n");
      Reply reload = client.reload();
      assertTrue(reload.text().contains("unknown-key"), reload::toString);
      deny(client, 3);
      Eventually.holds("the last good file stays", () -> alerts(client).size() == 2);
    }
  }
}
