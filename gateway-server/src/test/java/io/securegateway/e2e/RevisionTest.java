package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.securegateway.core.event.Event;
import io.securegateway.core.policy.Ingredient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What judges calls has one name: policies, schemas and enforcing plugins together. */
class RevisionTest {
  @TempDir Path folder;
  private ConfigFolder config;

  @BeforeEach
  void configure() throws IOException {
    config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", "version: 1\nrules: [{ id: all, tools: [\"*\"], effect: allow }]\n");
    config.keys("default", "m1", List.of("*"));
  }

  private RunningGateway start() throws IOException {
    return RunningGateway.start(config, folder.resolve("data"));
  }

  private static String revision(Client client) throws IOException {
    return client.call("default", "s", "read", "{}").text("policy");
  }

  private List<Ingredient> ingredients(RunningGateway gateway) {
    return JournalReplay.of(gateway.journal()).events().stream()
        .filter(recorded -> recorded.event() instanceof Event.PolicyActivated)
        .map(recorded -> ((Event.PolicyActivated) recorded.event()).ingredients())
        .reduce((before, after) -> after)
        .orElseThrow();
  }

  @Test
  void otherSchemasAreAnotherRevisionAlsoAfterARestart() throws IOException {
    String first;
    String second;
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      first = revision(client);
      assertEquals(List.of(), ingredients(gateway));
      config.schema("pay", "{\"type\":\"object\",\"required\":[\"amount\"]}");
      client.reload();
      second = revision(client);
      assertNotEquals(first, second);
      assertEquals(
          List.of("schemas"), ingredients(gateway).stream().map(Ingredient::kind).toList());
      config.schema("pay", "{ \"type\": \"object\" }");
      client.reload();
      assertNotEquals(second, revision(client));
      config.schema("pay", "{ \"type\": \"object\", \"required\": [\"amount\"] }");
      client.reload();
      assertEquals(second, revision(client), "blanks are no other schema");
    }
    try (RunningGateway gateway = start()) {
      assertEquals(second, revision(gateway.client()));
      long activations = JournalReplay.of(gateway.journal()).revisions();
      assertEquals(4, activations, "a restart activates nothing that was in force");
      Files.delete(config.directory().resolve("schemas/pay.json"));
      gateway.client().reload();
      assertEquals(first, revision(gateway.client()));
      assertEquals(List.of(), JournalReplay.of(gateway.journal()).mismatches());
    }
  }

  @Test
  void enforcingPluginIsInTheRevisionUntilItIsSwitchedOff() throws IOException {
    Python.need();
    try (RunningGateway gateway = start()) {
      Client client = gateway.client();
      String without = revision(client);
      config.file(
          "plugins/guard.py", "def on_toolcall(ctx, tool_name, payload):\n    return None\n");
      client.reload();
      String with = revision(client);
      assertNotEquals(without, with);
      assertEquals(List.of("guard"), ingredients(gateway).stream().map(Ingredient::name).toList());
      assertEquals(200, client.admin("POST", "/api/plugins/guard/disable", "{}").status());
      assertEquals(without, revision(client));
      assertEquals(200, client.admin("POST", "/api/plugins/guard/enable", "{}").status());
      assertEquals(with, revision(client));
      assertEquals(List.of(), JournalReplay.of(gateway.journal()).mismatches());
    }
  }
}
