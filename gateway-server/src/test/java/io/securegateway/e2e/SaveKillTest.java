package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.policy.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code kill -9} in the middle of saves leaves the old or the new version, never half. */
class SaveKillTest {
  private static final String FILE = "/api/policy?project=default&kind=policies";
  private static final int ROUNDS = FullRun.rounds(3, 30);

  @TempDir Path folder;
  private final TreeSet<Integer> acknowledged = new TreeSet<>();
  private int next = 1;

  @Test
  void fileAndHistoryAgreeAfterEveryKill() throws Exception {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", VersionsTest.text(0)).keys("default", "m1", List.of("*"));
    Path file = config.directory().resolve("policies/default.yaml");
    try (ToolServer tools = ToolServer.start()) {
      for (int round = 0; round < ROUNDS; round++) {
        try (GatewayProcess gateway = GatewayProcess.start(config, folder.resolve("data"), tools);
            Client client = new Client(gateway.url())) {
          check(client, file);
          saveUntilKilled(gateway, client, 5 + round * 7);
        }
      }
      try (GatewayProcess gateway = GatewayProcess.start(config, folder.resolve("data"), tools);
          Client client = new Client(gateway.url())) {
        check(client, file);
      }
    }
    assertTrue(acknowledged.size() >= ROUNDS, acknowledged::toString);
  }

  private void saveUntilKilled(GatewayProcess gateway, Client client, int after)
      throws InterruptedException {
    AtomicInteger saves = new AtomicInteger();
    AtomicReference<Exception> ended = new AtomicReference<>();
    Thread saver =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      save(client, next++);
                      saves.incrementAndGet();
                    }
                  } catch (IOException e) {
                    ended.set(e);
                  }
                });
    while (saves.get() < after && saver.isAlive()) {
      Thread.sleep(1);
    }
    gateway.kill();
    saver.join();
  }

  private void save(Client client, int n) throws IOException {
    String etag = client.admin("GET", FILE, null).header("etag").orElseThrow();
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("yaml", VersionsTest.text(n))
            .put("message", "save " + n)
            .toString();
    Reply reply = client.send("PUT", FILE, body, "X-Admin-Key", Client.ADMIN_KEY, "If-Match", etag);
    if (reply.status() != 200) {
      throw new AssertionError("save " + n + " was answered with " + reply);
    }
    acknowledged.add(n);
  }

  /** Of the whole history, page by page. */
  private static Set<String> messages(Client client) throws IOException {
    Set<String> messages = new HashSet<>();
    String before = "";
    while (true) {
      Reply page =
          client.admin("GET", "/api/policy/history?project=default&kind=policies" + before, null);
      assertEquals(200, page.status(), page::toString);
      if (page.json().isEmpty()) {
        return messages;
      }
      for (JsonNode version : page.json()) {
        messages.add(version.path("message").asString());
        before = "&before=" + version.path("ts").asLong();
      }
    }
  }

  private void check(Client client, Path file) throws IOException {
    JsonNode history =
        client.admin("GET", "/api/policy/history?project=default&kind=policies", null).json();
    String onDisk = Files.readString(file);
    assertEquals(Sha256.hex(onDisk), history.path(0).path("sha256").asString());
    JsonNode shown = client.admin("GET", FILE, null).json();
    assertEquals(onDisk, shown.path("yaml").asString());
    assertTrue(shown.path("accepted").asBoolean());
    Set<String> messages = messages(client);
    acknowledged.forEach(
        n -> assertTrue(messages.contains("save " + n), "the acknowledged save " + n + " is gone"));
    try (var left = Files.list(file.getParent())) {
      assertEquals(List.of("default.yaml"), left.map(p -> p.getFileName().toString()).toList());
    }
  }
}
