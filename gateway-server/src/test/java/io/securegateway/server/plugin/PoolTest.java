package io.securegateway.server.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Real worker processes that die, are killed, are late or are replaced under calls. */
class PoolTest {
  /** Notes the worker's process, writes past Python, waits or dies, as the payload says. */
  private static final String PLUGIN =
      """
      import os, time

      def on_toolcall(ctx, tool_name, payload):
          for text in payload.get("raw", []):
              os.write(1, text.encode())
          time.sleep(payload.get("wait", 0))
          if "die" in payload:
              os.write(2, b"the last words")
              os._exit(payload["die"])
          return {"action": "observe", "note": str(os.getpid())}
      """;

  @TempDir Path folder;
  private final Workshop workshop = new Workshop();
  private final AtomicInteger broken = new AtomicInteger();
  private final List<Pool> pools = new ArrayList<>();

  @BeforeAll
  static void python() {
    boolean there;
    try {
      there = new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      there = false;
    }
    if (!there) {
      System.out.println("skipped: the plugin tests need python3, which is not on this machine");
    }
    Assumptions.assumeTrue(there, "python3 is missing");
  }

  @AfterEach
  void end() {
    pools.forEach(Pool::abandon);
    workshop.close();
  }

  private Worker.Program program(String source, boolean sandboxed, int workers) throws IOException {
    PluginSettings.Limits limits =
        new PluginSettings.Limits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            256L << 20,
            64 * 1024,
            1_000,
            workers,
            64);
    PluginSettings settings =
        new PluginSettings(List.of("python3"), sandboxed, PluginSettings.DEFAULT.rule(), Map.of());
    return new Worker.Program(
        settings, limits, PluginFiles.script(folder), folder.resolve("own"), "p", source);
  }

  private Pool pool(Worker.Program program) throws WorkerLost {
    Pool pool = new Pool(program, workshop, broken::incrementAndGet);
    pools.add(pool);
    return pool;
  }

  private Pool pool(int workers) throws IOException, WorkerLost {
    return pool(program(PLUGIN, true, workers));
  }

  private static ObjectNode call(ObjectNode payload) {
    ObjectNode call = JsonNodeFactory.instance.objectNode().put("hook", "on_toolcall");
    call.putObject("ctx");
    call.putArray("args").add("tool").add(payload);
    return call;
  }

  private static ObjectNode payload() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static CompletableFuture<Pool.Answer> ask(Pool pool, ObjectNode payload) {
    return pool.ask(call(payload)).orElseThrow();
  }

  private static Pool.Answer told(CompletableFuture<Pool.Answer> answer) {
    return answer.orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** The process that answers. */
  private static long pid(Pool pool) {
    return Long.parseLong(passed(told(ask(pool, payload()))));
  }

  private static String passed(Pool.Answer answer) {
    return assertInstanceOf(Verdict.Passed.class, answer.verdict(), answer::toString).note();
  }

  private static Verdict.Failed failed(Pool.Answer answer) {
    return assertInstanceOf(Verdict.Failed.class, answer.verdict(), answer::toString);
  }

  private static void kill(long pid) throws Exception {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().get(60, TimeUnit.SECONDS);
  }

  @Test
  void workersOutliveTheThreadThatLoadedThem() throws Exception {
    CompletableFuture<Pool> loaded = new CompletableFuture<>();
    Thread passing =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    loaded.complete(pool(1));
                  } catch (IOException | WorkerLost e) {
                    loaded.completeExceptionally(e);
                  }
                });
    Pool pool = loaded.get();
    long before = pid(pool);
    passing.join();
    for (int i = 0; i < 20; i++) {
      Thread.sleep(10);
      assertEquals(before, pid(pool), "the worker was replaced");
    }
    assertEquals(0, broken.get());
  }

  @Test
  void workerThatIsKilledUnderACallAnswersItAndIsReplaced() throws Exception {
    Pool pool = pool(1);
    long before = pid(pool);
    CompletableFuture<Pool.Answer> under = ask(pool, payload().put("wait", 15));
    CompletableFuture<Pool.Answer> next = ask(pool, payload());
    Thread.sleep(100);
    kill(before);
    Verdict.Failed failed = failed(told(under));
    assertEquals(Reason.PLUGIN_ERROR, failed.code());
    assertEquals("its process ended by signal 9", failed.detail());
    assertFalse(passed(told(next)).equals(Long.toString(before)));
  }

  @Test
  void workerThatDiesBetweenCallsCostsNoCall() throws Exception {
    Pool pool = pool(1);
    for (int i = 0; i < 2; i++) {
      long before = pid(pool);
      kill(before);
      assertFalse(pid(pool) == before);
    }
  }

  @Test
  void lastWordsAndStatusOfAWorkerAreTold() throws Exception {
    Pool pool = pool(1);
    Verdict.Failed failed = failed(told(ask(pool, payload().put("die", 7))));
    assertEquals("its process ended with status 7; it wrote: the last words", failed.detail());
  }

  @Test
  void callTooLargeForTheFrameFailsAloneHoweverOften() throws Exception {
    Pool pool = pool(1);
    long before = pid(pool);
    for (int i = 0; i < 5; i++) {
      Pool.Answer answer = told(ask(pool, payload().put("x", "a".repeat(1_000_000))));
      assertTrue(failed(answer).detail().contains("larger than the plugin's frame"));
    }
    assertEquals(before, pid(pool));
    assertEquals(0, broken.get());
  }

  @Test
  void threeDeathsAreTooMany() throws Exception {
    Pool pool = pool(2);
    for (int i = 0; i < 3; i++) {
      assertEquals(0, broken.get());
      failed(told(ask(pool, payload().put("die", 1))));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (broken.get() == 0 && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertTrue(broken.get() > 0);
  }

  @Test
  void callsThatWaitAreStillAnsweredWhenTheVersionIsReplaced() throws Exception {
    Pool pool = pool(1);
    List<CompletableFuture<Pool.Answer>> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiting.add(ask(pool, payload().put("wait", 0.1)));
    }
    pool.close();
    assertTrue(pool.ask(call(payload())).isEmpty());
    for (CompletableFuture<Pool.Answer> one : waiting) {
      passed(told(one));
    }
  }

  @Test
  void callThatWaitsTooLongIsAnsweredWithoutAWorker() throws Exception {
    Pool pool = pool(1);
    CompletableFuture<Pool.Answer> first = ask(pool, payload().put("wait", 15));
    Verdict.Failed failed = failed(told(ask(pool, payload())));
    assertEquals(Reason.PLUGIN_UNAVAILABLE, failed.code());
    assertFalse(first.isDone());
  }

  @Test
  void textWrittenPastPythonIsToldWithItsOwnCall() throws Exception {
    Pool pool = pool(1);
    for (int i = 0; i < 50; i++) {
      ObjectNode payload = payload();
      payload.putArray("raw").add("call ").add(Integer.toString(i));
      assertEquals("call " + i, told(ask(pool, payload)).output());
      assertEquals("", told(ask(pool, payload())).output());
    }
    ObjectNode much = payload();
    much.putArray("raw").add("x".repeat(900)).add("y".repeat(900));
    assertEquals("x".repeat(900) + "y".repeat(100) + " …", told(ask(pool, much)).output());
  }

  @Test
  void withoutASandboxWhatAPluginLeavesBehindIsEnded() throws Exception {
    String source =
        """
        import os, subprocess, threading, time

        def on_toolcall(ctx, tool_name, payload):
            if "thread" in payload:
                threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
            if "process" in payload:
                child = subprocess.Popen(["sleep", "600"])
                return {"action": "observe", "note": f"{os.getpid()} {child.pid}"}
            return {"action": "observe", "note": str(os.getpid())}
        """;
    Pool pool = pool(program(source, false, 1));
    long first = pid(pool);
    assertEquals(first, pid(pool), "nothing was left behind");
    assertEquals(Long.toString(first), passed(told(ask(pool, payload().put("thread", 1)))));
    long second = pid(pool);
    assertFalse(first == second, "its thread is still there");
    String[] both = passed(told(ask(pool, payload().put("process", 1)))).split(" ");
    assertFalse(pid(pool) == Long.parseLong(both[0]));
    var child = ProcessHandle.of(Long.parseLong(both[1]));
    if (child.isPresent()) {
      child.get().onExit().get(60, TimeUnit.SECONDS);
    }
    assertEquals(0, broken.get());
  }

  @Test
  void deadlineSparesWhatAnsweredInTimeAndEndsWhatDidNot() throws Exception {
    Process quick = new ProcessBuilder("sleep", "600").start();
    Process slow = new ProcessBuilder("sleep", "600").start();
    try {
      Deadline met = new Deadline(workshop, quick, Duration.ofMillis(200));
      assertTrue(met.answered());
      Deadline missed = new Deadline(workshop, slow, Duration.ofMillis(200));
      assertTrue(slow.waitFor(60, TimeUnit.SECONDS));
      assertTrue(missed.isLate());
      assertFalse(missed.answered());
      assertFalse(met.isLate());
      assertTrue(quick.isAlive());
    } finally {
      quick.destroyForcibly();
      slow.destroyForcibly();
    }
  }

  @Test
  void manyCallersUnderDyingWorkersAllGetTheirOwnAnswer() throws Exception {
    String source =
        """
        import os

        def on_toolcall(ctx, tool_name, payload):
            if payload["n"] == 100:
                os._exit(1)
            return {"action": "observe", "note": str(payload["n"])}
        """;
    Pool pool = pool(program(source, true, 2));
    CountDownLatch done = new CountDownLatch(4);
    List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int caller = 0; caller < 4; caller++) {
      int of = caller;
      Thread.ofVirtual()
          .start(
              () -> {
                for (int i = 0; i < 100; i++) {
                  int n = of == 3 && i == 50 ? 100 : i * 10_000 + of;
                  Verdict verdict = told(ask(pool, payload().put("n", n))).verdict();
                  boolean right =
                      n == 100
                          ? verdict instanceof Verdict.Failed
                          : verdict.equals(new Verdict.Passed(Integer.toString(n)));
                  if (!right) {
                    wrong.add(n + ": " + verdict);
                  }
                }
                done.countDown();
              });
    }
    assertTrue(done.await(60, TimeUnit.SECONDS));
    assertEquals(List.of(), wrong);
  }
}
