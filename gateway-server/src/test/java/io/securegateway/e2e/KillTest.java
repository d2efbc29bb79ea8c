package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Effect;
import io.securegateway.core.event.Event;
import io.securegateway.server.journal.JournalVerify;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that is killed under load loses nothing it acknowledged, and no limit starts anew. */
class KillTest {
  private static final int CLIENTS = 16;
  private static final int PAYMENTS = 120;
  private static final int MONEY = 2_000;

  private static final String POLICY =
      """
      version: 1
      limits:
        - { tools: ["pay"], calls: %d, within: 24h, per: project }
      rules:
        - { id: free, tools: ["read", "slow", "probe"], effect: allow }
        - id: pay
          tools: ["pay"]
          effect: allow
          limits: [{ sum: args.amount, le: %d, within: 24h, per: project }]
      """
          .formatted(PAYMENTS, MONEY);

  private static final String CONTEXT =
      """
      - id: saw-unknown
        tools: ["probe"]
        effect: deny
        session: { calls: { tools: ["slow"], status: unknown, ge: 1, within: 1h, per: project } }
      - id: chatty
        tools: ["read"]
        effect: deny
        session: { calls: { tools: ["read"], status: ok, ge: 20, within: 1h } }
      """;

  @TempDir Path folder;
  private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
  private final AtomicInteger unanswered = new AtomicInteger();

  @Test
  void nothingAcknowledgedIsLostHoweverOftenItIsKilled() throws Exception {
    int rounds = FullRun.rounds(3, 20);
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", POLICY).contextual("default", CONTEXT);
    config.keys("default", "m1", List.of("*"));
    Path data = Files.createDirectories(folder.resolve("data"));
    Random random = new Random(rounds);
    try (ToolServer tools = ToolServer.start()) {
      for (int round = 0; round < rounds; round++) {
        killUnderLoad(config, data, tools, round, 100 + random.nextInt(600));
      }
      try (GatewayProcess last = GatewayProcess.start(config, data, tools);
          Client client = new Client(last.url())) {
        assertEquals(200, client.get("/readyz").status());
        assertEquals(403, client.call("default", "new", "pay", "{\"amount\":1999}").status());
        assertEquals(143, last.terminate(), "it stops cleanly when it is asked to");
      }
    }
    JournalVerify.Report report = JournalVerify.verify(data.resolve("journal"), Optional.empty());
    assertTrue(report.isGood(), () -> report.broken().orElse(""));
    JournalReplay replay = JournalReplay.of(data.resolve("journal"));
    System.out.printf(
        "figure: %d kills under load: %d calls acknowledged, all in the journal; %d unanswered;"
            + " %d events; %s of %d decisions equal%n",
        rounds,
        acknowledged.size(),
        unanswered.get(),
        report.events(),
        replay.share(),
        replay.decided().size());
    assertEquals(List.of(), replay.mismatches().stream().limit(5).toList());
    acknowledged.forEach((id, status) -> agrees(replay, id, status));
    assertLimits(replay);
    assertTrue(acknowledged.size() > 100 * rounds, "there must have been load");
    assertTrue(unanswered.get() >= rounds, "calls must have been under way when it was killed");
  }

  private void killUnderLoad(
      ConfigFolder config, Path data, ToolServer tools, int round, int millis) throws Exception {
    try (GatewayProcess gateway = GatewayProcess.start(config, data, tools);
        Client client = new Client(gateway.url());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(round * 1_000L + i);
        threads.submit(() -> untilItDies(client, random));
      }
      int before = acknowledged.size();
      while (acknowledged.size() < before + 150) {
        Thread.sleep(5);
      }
      Thread.sleep(millis);
      gateway.kill();
    }
  }

  private void untilItDies(Client client, Random random) {
    try {
      while (true) {
        boolean pays = random.nextInt(4) == 0;
        String input = pays ? "{\"amount\":" + (1 + random.nextInt(60)) + ".25}" : "{}";
        String session = "s" + random.nextInt(200);
        Reply reply = client.call("default", session, pays ? "pay" : "read", input);
        acknowledged.put(reply.text("trace_id"), reply.status());
      }
    } catch (IOException e) {
      unanswered.incrementAndGet();
    }
  }

  private static void agrees(JournalReplay replay, String id, int status) {
    Event.CallDecided event = replay.call(id);
    boolean allowed = event.decision().effect() == Effect.ALLOW;
    assertEquals(status == 200, allowed && replay.ends().containsKey(id), id);
  }

  private static void assertLimits(JournalReplay replay) {
    int payments = 0;
    BigDecimal money = BigDecimal.ZERO;
    for (Event.CallDecided event : replay.decided().values()) {
      if (event.decision().effect() == Effect.ALLOW && event.call().tool().equals("pay")) {
        payments++;
        money = money.add(event.call().arguments().path("amount").decimalValue());
      }
    }
    assertTrue(payments <= PAYMENTS, payments + " payments were admitted");
    assertTrue(money.compareTo(BigDecimal.valueOf(MONEY)) <= 0, money + " was paid");
    assertTrue(replay.codes().containsKey("limit.reached"), "the limits must have been reached");
  }

  @Test
  void callUnderWayWhenItWasKilledHasAnUnknownOutcome() throws Exception {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", POLICY).contextual("default", CONTEXT);
    config.keys("default", "m1", List.of("*"));
    Path data = Files.createDirectories(folder.resolve("data"));
    try (ToolServer tools = ToolServer.start()) {
      try (GatewayProcess gateway = GatewayProcess.start(config, data, tools);
          Client client = new Client(gateway.url());
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        assertEquals(200, client.call("default", "s", "probe", "{}").status());
        tools.hold("slow");
        int before = tools.hits();
        threads.submit(() -> client.call("default", "s", "slow", "{}"));
        while (tools.hits() == before) {
          Thread.sleep(5);
        }
        gateway.kill();
      }
      try (GatewayProcess gateway = GatewayProcess.start(config, data, tools);
          Client client = new Client(gateway.url())) {
        Reply probe = client.call("default", "s", "probe", "{}");
        assertEquals("saw-unknown", probe.text("rule"), probe::toString);
        var call = client.admin("GET", "/api/logs?tool=slow", null).json().path("items").get(0);
        assertEquals("error", call.path("status").stringValue(), call::toString);
        assertEquals("gateway.stopped", call.path("reason_code").stringValue());
      }
    }
  }
}
