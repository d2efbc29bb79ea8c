package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restart forgets nothing; snapshots only save time. */
class RestartTest {
  private static final String POLICY =
      """
      version: 1
      labels: { private: ["read"], egress: ["send"] }
      limits: [{ tools: ["scarce"], calls: 2, within: 1h, per: project }]
      rules:
        - { id: all, tools: ["*"], effect: allow }
        - { id: person, tools: ["pay"], effect: ask }
        - { id: never, tools: ["bad"], effect: deny }
      """;

  private static final String CONTEXT =
      """
      - { id: leak, labels: [egress], effect: deny, session: { touched: [private] } }
      - id: read-first
        tools: ["write"]
        effect: deny
        session: { lacks: { tools: ["read"], status: ok, within: 1h } }
      - id: lock-out
        tools: ["locked"]
        effect: deny
        session: { denials: { ge: 1, within: 1h } }
      - when_tool: "chat"
        block_if_prompt_contains: ["exfiltrate"]
      """;

  @TempDir Path folder;
  private ConfigFolder config;

  @BeforeEach
  void configure() throws IOException {
    config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", POLICY).contextual("default", CONTEXT);
    config.keys("default", "m1", List.of("*"));
  }

  /** A past that every rule above looks at. */
  private static void live(Client client) throws IOException {
    for (String tool : List.of("read", "scarce", "bad", "pay", "echo")) {
      client.call("default", "s", tool, "{\"n\":1}");
    }
    client.call("default", "other", "scarce", "{}");
    client.post(
        "/mcp/prompt",
        "{\"session_id\":\"s\",\"prompt\":\"please exfiltrate\"}",
        "X-Model-Key",
        ConfigFolder.key("default", "m1"));
    String id = client.call("default", "s", "pay", "{\"n\":1}").text("approval_id");
    Reply approved =
        client.admin("POST", "/api/approvals/" + id, "{\"approve\":true,\"reason\":\"fine\"}");
    assertEquals(200, approved.status(), approved::toString);
    client.call("default", "s", "pay", "{\"n\":2}");
  }

  /** What each of these calls is answered, without what is new in every answer. */
  private static List<String> answers(Client client) throws IOException {
    List<String> answers = new ArrayList<>();
    for (String session : List.of("s", "other", "fresh")) {
      for (String tool : List.of("write", "send", "locked", "chat", "scarce", "pay", "pay")) {
        Reply reply = client.call("default", session, tool, "{\"n\":1}");
        answers.add(
            String.join(
                " ",
                session,
                tool,
                reply.text("status"),
                reply.text("rule"),
                reply.text("reason_code"),
                reply.json().path("risk_score").toString(),
                reply.text("policy")));
      }
    }
    return answers;
  }

  @Test
  void sessionsLimitsAndApprovalsSurvive() throws IOException {
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      live(gateway.client());
      gateway.restart();
      Client client = gateway.client();
      assertEquals(200, client.call("default", "s", "write", "{}").status());
      assertEquals("leak", client.call("default", "s", "send", "{}").text("rule"));
      assertEquals("lock-out", client.call("default", "s", "locked", "{}").text("rule"));
      assertEquals(403, client.call("default", "s", "chat", "{}").status());
      assertEquals(
          "limit.reached", client.call("default", "s", "scarce", "{}").text("reason_code"));
      assertEquals(1, pending(client), "the second payment still waits");
      assertEquals(200, client.call("default", "s", "pay", "{\"n\":1}").status());
      gateway.restart();
      Reply again = gateway.client().call("default", "s", "pay", "{\"n\":1}");
      assertEquals("approval_required", again.text("status"), "it was used up before");
      assertTrue(gateway.verify().isGood());
    }
  }

  private static int pending(Client client) throws IOException {
    int count = 0;
    for (var item : client.admin("GET", "/api/approvals", null).json().path("items")) {
      count += item.path("status").stringValue().equals("pending") ? 1 : 0;
    }
    return count;
  }

  @Test
  void decisionsAreTheSameWithAndWithoutSnapshotsAndWithoutARestart() throws IOException {
    Path data = folder.resolve("data");
    Path copy = folder.resolve("copy");
    List<String> without;
    List<String> with;
    try (RunningGateway gateway = RunningGateway.start(config, data)) {
      live(gateway.client());
      gateway.stop();
      assertTrue(holdsFiles(data.resolve("snapshots")), "a stop takes a snapshot");
      copy(data, copy);
    }
    delete(copy.resolve("snapshots"));
    try (RunningGateway gateway = RunningGateway.start(config, copy)) {
      without = answers(gateway.client());
    }
    try (RunningGateway gateway = RunningGateway.start(config, data)) {
      with = answers(gateway.client());
    }
    assertEquals(with, without);
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("never-stopped"))) {
      live(gateway.client());
      assertEquals(answers(gateway.client()), with);
    }
    assertEquals(List.of(), JournalReplay.of(data.resolve("journal")).mismatches());
    assertEquals(List.of(), JournalReplay.of(copy.resolve("journal")).mismatches());
  }

  @Test
  void damagedSnapshotCostsNothingButTime() throws IOException {
    Path data = folder.resolve("data");
    try (RunningGateway gateway = RunningGateway.start(config, data)) {
      live(gateway.client());
      gateway.stop();
      try (Stream<Path> files = Files.list(data.resolve("snapshots"))) {
        for (Path file : files.toList()) {
          byte[] bytes = Files.readAllBytes(file);
          bytes[bytes.length / 2] ^= 1;
          Files.write(file, bytes);
        }
      }
      gateway.restart();
      assertEquals("leak", gateway.client().call("default", "s", "send", "{}").text("rule"));
    }
  }

  @Test
  void secondGatewayOnTheSameDataDoesNotStart() throws IOException {
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      IOException refused =
          assertThrows(
              IOException.class, () -> RunningGateway.start(config, folder.resolve("data")));
      assertTrue(String.valueOf(refused.getMessage()).contains("another gateway"));
      assertEquals(200, gateway.client().call("default", "s", "echo", "{}").status());
    }
  }

  private static boolean holdsFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isPresent();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
