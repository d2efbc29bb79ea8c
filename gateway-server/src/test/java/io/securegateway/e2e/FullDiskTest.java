package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.journal.JournalVerify;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that really fills up: nothing goes on unrecorded, and room is all it takes to go on. */
class FullDiskTest {
  private static final String POLICY =
      """
      version: 1
      limits: [{ tools: ["counted"], calls: 1, within: 1h, per: project }]
      rules: [{ id: all, tools: ["*"], effect: allow }]
      """;

  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectories(folder.resolve("disk"));
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString());
    if (!mounted) {
      System.out.println("skipped: a small file system cannot be mounted here; root can");
    }
    Assumptions.assumeTrue(mounted, "a small file system cannot be mounted here; root can");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", "-l", disk.toString());
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void callsAreRefusedUntilThereIsRoomAgain() throws Exception {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", POLICY).keys("default", "m1", List.of("*"));
    config.gateway("journal: { segment_bytes: 65536 }\n");
    Path journal;
    try (RunningGateway gateway = RunningGateway.start(config, disk.resolve("data"))) {
      Client client = gateway.client();
      journal = gateway.journal();
      assertEquals(200, call(client, "echo"));
      Path filler = fill();
      Eventually.holds("a call is refused", () -> call(client, "echo") == 503);
      Eventually.holds("not ready", () -> client.get("/readyz").status() == 503);

      int before = gateway.tools().hits();
      Reply refused = client.call("default", "s", "counted", "{}");
      assertEquals(503, refused.status(), refused::toString);
      assertEquals("journal.refused", refused.text("reason_code"));
      assertFalse(refused.json().path("allowed").booleanValue());
      assertEquals(503, prompt(client));
      assertEquals(before, gateway.tools().hits(), "nothing is forwarded that is not recorded");
      Reply ready = client.get("/readyz");
      assertTrue(ready.text("reason").contains("journal"), ready::toString);
      assertEquals(200, client.get("/healthz").status(), "it is alive");
      config.policy("default", POLICY.replace("[{ id: all, ", "[{ id: every, "));
      Reply reload = client.admin("POST", "/api/policy/reload", "{}");
      assertEquals(503, reload.status(), reload::toString);

      Files.delete(filler);
      Eventually.holds("ready again", () -> client.get("/readyz").status() == 200);
      assertEquals(200, client.call("default", "s", "counted", "{}").status());
      assertEquals(403, client.call("default", "s", "counted", "{}").status());
      assertEquals(200, prompt(client));
      Eventually.holds(
          "the file that changed meanwhile is in force",
          () -> client.call("default", "s", "echo", "{}").text("rule").equals("every"));
    }
    JournalVerify.Report report = JournalVerify.verify(journal, Optional.empty());
    assertTrue(report.isGood(), () -> report.broken().orElse(""));
    assertEquals(List.of(), JournalReplay.of(journal).mismatches());
  }

  @Test
  void progressThatCannotBeRecordedIsToldNobody() throws Exception {
    CountDownLatch full = new CountDownLatch(1);
    CountDownLatch spoken = new CountDownLatch(1);
    try (ScriptedMcpServer server =
        ScriptedMcpServer.start("[{\"name\":\"fetch\",\"inputSchema\":{\"type\":\"object\"}}]")) {
      server.streams(
          "tools/call",
          (request, stream) -> {
            full.await();
            stream.send(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":%s,\"progress\":1,\"message\":\"secret\"}}"
                    .formatted(request.path("params").path("_meta").path("progressToken")));
            spoken.countDown();
            stream.send(
                "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"secret\"}]}}"
                    .formatted(request.path("id")));
          });
      ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
      config.policy("lab", POLICY).keys("lab", "m1", List.of("*"));
      config.gateway(
          "journal: { segment_bytes: 65536 }\nprojects:\n  lab:\n    upstreams:\n      - { name: up, type: mcp-http, url: \"%s\", protocol: session, deadline: 20s }\n"
              .formatted(server.url()));
      try (RunningGateway gateway = RunningGateway.start(config, disk.resolve("data"));
          ExecutorService one = Executors.newVirtualThreadPerTaskExecutor()) {
        SessionClient client = SessionClient.open(gateway, "m1");
        Eventually.holds("fetch is known", () -> client.tools().contains("fetch"));
        Future<Reply> fetched =
            one.submit(
                () ->
                    client.request(
                        "tools/call",
                        "{\"name\":\"fetch\",\"arguments\":{},\"_meta\":{\"progressToken\":\"p\"}}"));
        Eventually.holds("it is under way", () -> server.seen("tools/call").size() == 1);
        fill();
        SessionClient other = SessionClient.open(gateway, "m1");
        Eventually.holds(
            "nothing can be recorded", () -> other.call("echo", "{}").text().contains("journal."));
        full.countDown();
        spoken.await();
        String heard = fetched.get().text();
        assertFalse(heard.contains("notifications/progress"), heard);
        assertFalse(heard.contains("secret"), heard);
      } finally {
        full.countDown();
      }
    }
  }

  private static int call(Client client, String tool) throws IOException {
    int status = client.call("default", "s", tool, "{}").status();
    assertTrue(status == 200 || status == 503, "the status was " + status);
    return status;
  }

  private static int prompt(Client client) throws IOException {
    return client
        .post(
            "/mcp/prompt",
            "{\"session_id\":\"s\",\"prompt\":\"hello\"}",
            "X-Model-Key",
            ConfigFolder.key("default", "m1"))
        .status();
  }

  /** Takes all that is left. */
  private Path fill() throws IOException {
    Path filler = disk.resolve("filler");
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] some = new byte[512];
      while (true) {
        out.write(some);
      }
    } catch (IOException full) {
      return filler;
    }
  }
}
