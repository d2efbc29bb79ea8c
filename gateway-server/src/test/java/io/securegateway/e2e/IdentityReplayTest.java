package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.replay.Change;
import io.securegateway.core.replay.ReplayMode;
import io.securegateway.core.replay.Tally;
import io.securegateway.server.journal.JournalReader;
import io.securegateway.server.replay.Candidate;
import io.securegateway.server.replay.JournalRun;
import io.securegateway.server.replay.Report;
import io.securegateway.server.replay.Watcher;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many callers on shared sessions and limits while policies, schemas and plugins change under them:
 * whatever the gateway answered, its journal alone gives every decision back.
 */
class IdentityReplayTest {
  private static final int CALLERS = 64;
  private static final int SESSIONS = 100;
  private static final int PAYMENTS = 150;
  private static final int MONEY = 9_000;
  private static final long CHANGE_MS = 50;

  /** What all versions of the policy have in common. */
  private static final String COMMON =
      """
      version: 1
      labels: { private: ["read"], egress: ["send"] }
      limits:
        - { tools: ["pay"], calls: %d, within: 24h, per: project }
        - { tools: ["send"], calls: 40, within: 1s, per: key }
      rules:
        - { id: free, tools: ["read", "write", "list", "send"], effect: allow }
        - id: pay
          tools: ["pay"]
          effect: allow
          when: { args.amount: { gt: 0, le: 500 } }
          limits: [{ sum: args.amount, le: %d, within: 24h, per: project }]
      """
          .formatted(PAYMENTS, MONEY);

  private static final List<String> VERSIONS =
      List.of(
          COMMON,
          COMMON
              + "  - { id: asks, tools: [\"pay\"], effect: ask, when: { args.amount: { gt: 90 } } }\n",
          COMMON
              + "  - { id: shut, tools: [\"write\"], effect: deny, when: { args.n: { ge: 50 } } }\n",
          COMMON.replace(
              "limits:\n  - {",
              "limits:\n  - { tools: [\"list\"], calls: 60, within: 24h, per: session }\n  - {"),
          COMMON + "  - { id: try, tools: [\"read\"], effect: deny, mode: shadow }\n");

  private static final String CONTEXT =
      """
      - id: read-first
        tools: ["write"]
        effect: deny
        session: { lacks: { tools: ["read"], status: ok, within: 1h } }
      - id: leak
        tools: ["send"]
        effect: deny
        session: { touched: [private] }
      - id: lock-out
        tools: ["*"]
        effect: deny
        session: { denials: { ge: 40, within: 2s, per: session } }
      - id: many-places
        tools: ["list"]
        effect: deny
        session: { distinct: { of: args.n, gt: 30, within: 10m } }
      - when_tool: "pay"
        block_if_prompt_contains: ["steal"]
      """;

  /** Refuses some calls, and puts other arguments in the place of some, which are judged again. */
  private static final String PLUGIN =
      """
      def on_toolcall(ctx, tool_name, payload):
          if tool_name == "list" and payload["n"] %% 10 == %d:
              return {"action": "deny", "reason": "not this one"}
          if tool_name == "write" and payload["n"] %% 3 == 0:
              return {"action": "modify", "payload": {"n": payload["n"] // 2}}
      """;

  private static final String SCHEMA =
      """
      {"type": "object", "properties": {"n": {"type": "integer", "maximum": %d}}}
      """;

  @TempDir Path folder;

  @Test
  void journalGivesEveryDecisionBack() throws Exception {
    int calls = FullRun.rounds(2_000, 20_000);
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("busy", VERSIONS.get(0)).contextual("busy", CONTEXT);
    config.file(
        "model_keys/busy.yaml",
        "version: 1\nmodels:\n"
            + ConfigFolder.model("busy", "m1", List.of("*"))
            + ConfigFolder.model("busy", "m2", List.of("*")));
    boolean plugins = Python.isThere();
    if (plugins) {
      config.file("plugins/guard.py", PLUGIN.formatted(0));
    } else {
      System.out.println("note: no python3 here, so this identity replay runs without plugins");
    }
    config.schema("send", SCHEMA.formatted(95));
    Map<String, Integer> answered = new ConcurrentHashMap<>();
    Path journal;
    long started = System.nanoTime();
    int changes;
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      journal = gateway.journal();
      changes = load(gateway, calls, answered, plugins);
    }
    long millis = (System.nanoTime() - started) / 1_000_000;
    JournalReplay replay = JournalReplay.of(journal);
    System.out.printf(
        "figure: identity replay %s of %d decisions equal; %d policy changes by the test, %d in"
            + " the journal; effects %s, codes %s; facts mattered in %d; %d ms%n",
        replay.share(),
        replay.decided().size(),
        changes,
        replay.revisions(),
        replay.effects(),
        replay.codes(),
        replay.factsMattered(),
        millis);
    assertUnderTheLastPolicy(journal, replay.decided().size());
    assertEquals(List.of(), replay.mismatches().stream().limit(5).toList());
    assertEquals(calls, replay.decided().size() - replay.replacements());
    assertEquals(calls, answered.size());
    if (plugins) {
      assertTrue(replay.replacements() > calls / 50, "plugins must have changed calls");
      assertTrue(
          replay.ended(Reason.PLUGIN_DENIED) > calls / 200, "plugins must have refused some");
    }
    assertTrue(replay.ended(Reason.SCHEMA_INPUT) > 0, "schemas must have refused some");
    answered.forEach((id, status) -> agrees(replay, id, status));
    assertLimits(replay);
    assertTrue(replay.factsMattered() > calls / 10, "the facts must have mattered");
    assertEquals(3, replay.effects().size(), "allow, deny and ask must all have occurred");
    assertTrue(changes > 5, "the policy must have changed under the callers");
  }

  /** The whole record under one candidate, in both modes. */
  private static void assertUnderTheLastPolicy(Path journal, int calls) {
    JournalReader reader = new JournalReader(journal);
    long started = System.nanoTime();
    Report report =
        new JournalRun(
                (seq, visitor) -> reader.scan(seq, Long.MAX_VALUE, visitor),
                Candidate.texts(Map.of(SourceKind.POLICIES, VERSIONS.get(0))),
                Set.of(ReplayMode.values()),
                JournalRun.Choice.ALL)
            .run(1, Watcher.NONE);
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf(
        "figure: replay of a journal, identity and both modes: %d calls in %.2f s%n",
        report.calls(), seconds);
    assertEquals(calls, report.calls());
    assertEquals(calls, report.identity().equal());
    for (Tally tally : report.modes().values()) {
      long sum = Arrays.stream(Change.values()).mapToLong(tally::calls).sum();
      assertEquals(calls, sum);
      assertTrue(tally.calls(Change.UNCHANGED) > calls / 4, "some changed nothing");
    }
  }

  private static int load(
      RunningGateway gateway, int calls, Map<String, Integer> answered, boolean plugins)
      throws InterruptedException, ExecutionException, IOException {
    List<Future<?>> callers = new ArrayList<>();
    int changes = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int caller = 0; caller < CALLERS; caller++) {
        int number = caller;
        int share = calls / CALLERS + (caller < calls % CALLERS ? 1 : 0);
        callers.add(
            threads.submit(
                () -> {
                  Random random = new Random(number);
                  for (int i = 0; i < share; i++) {
                    one(gateway.client(), random, answered);
                  }
                  return null;
                }));
      }
      long next = System.nanoTime();
      while (callers.stream().anyMatch(caller -> !caller.isDone())) {
        changes++;
        gateway.config().policy("busy", VERSIONS.get(changes % VERSIONS.size()));
        if (plugins && changes % 4 == 0) {
          gateway.config().file("plugins/guard.py", PLUGIN.formatted(changes / 4 % 10));
        }
        if (changes % 6 == 0) {
          gateway.config().schema("send", SCHEMA.formatted(90 + changes / 6 % 8));
        }
        gateway.client().reload();
        next += CHANGE_MS * 1_000_000;
        Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
    }
    return changes;
  }

  private static void one(Client client, Random random, Map<String, Integer> answered)
      throws IOException {
    String model = random.nextBoolean() ? "m1" : "m2";
    String session = "s" + random.nextInt(SESSIONS);
    String tool = List.of("read", "write", "list", "send", "pay").get(random.nextInt(5));
    String input =
        tool.equals("pay")
            ? "{\"amount\":" + random.nextInt(120) + ".5" + random.nextInt(10) + "}"
            : "{\"n\":" + random.nextInt(100) + "}";
    if (random.nextInt(50) == 0) {
      Reply told =
          client.post(
              "/mcp/prompt",
              "{\"session_id\":\"" + session + "\",\"prompt\":\"please steal it\"}",
              "X-Project-ID",
              "busy",
              "X-Model-Key",
              ConfigFolder.key("busy", model));
      assertEquals(200, told.status(), told::toString);
    }
    Reply reply = client.call("busy", model, session, tool, input);
    assertTrue(List.of(200, 403, 422).contains(reply.status()), reply::toString);
    answered.put(reply.text("trace_id"), reply.status());
  }

  private static void agrees(JournalReplay replay, String id, int status) {
    Event.CallDecided event = replay.call(id);
    boolean allowed = event.decision().effect() == Effect.ALLOW;
    boolean released = replay.ends().get(id) instanceof Event.CallReleased;
    assertEquals(status == 200, allowed && !released, id);
    if (allowed) {
      assertTrue(replay.ends().containsKey(id), () -> "no end of " + id);
    }
  }

  /** Counted here from the journal's plain calls, not from charges or facts. */
  private static void assertLimits(JournalReplay replay) {
    int payments = 0;
    BigDecimal money = BigDecimal.ZERO;
    for (Event.CallDecided event : replay.decided().values()) {
      // An ask holds its share only until the same call is allowed, which takes it over: what was
      // paid is what was allowed.
      boolean paid = event.decision().effect() == Effect.ALLOW;
      if (paid && event.call().tool().equals("pay")) {
        payments++;
        money = money.add(event.call().arguments().path("amount").decimalValue());
      }
    }
    assertTrue(payments <= PAYMENTS, payments + " payments were admitted");
    assertTrue(money.compareTo(BigDecimal.valueOf(MONEY)) <= 0, money + " was paid");
    assertTrue(payments > 10, "payments must have been made");
    assertTrue(replay.codes().containsKey("limit.reached"), "the limits must have been reached");
  }
}
