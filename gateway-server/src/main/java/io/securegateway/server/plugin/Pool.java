package io.securegateway.server.plugin;

import io.securegateway.api.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The worker processes of one version of a plugin, and the calls that wait for one. Every call gets
 * an answer: a worker that dies or has to be killed fails its own call only and is replaced; one
 * that keeps dying ends the pool. Thread-safe; asking never blocks.
 */
final class Pool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
  private static final int MAX_KILLS = 3;
  private static final long KILLS_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Worker.Program program;
  private final ScheduledExecutorService watchdog;
  private final BlockingQueue<Waiting> queue;
  private final Deque<Long> kills = new ArrayDeque<>();
  private final List<String> hooks;
  private final String sandbox;
  private final Runnable broken;
  private volatile boolean closing;

  private record Waiting(JsonNode call, long since, CompletableFuture<Answer> answer) {}

  /** What a plugin answered, with what it printed and how long it took. */
  record Answer(Verdict verdict, String output, long micros) {}

  /**
   * Starts the workers and loads the plugin in each.
   *
   * @param broken called once workers died too often
   * @throws WorkerLost if the plugin cannot be loaded
   */
  Pool(Worker.Program program, ScheduledExecutorService watchdog, Runnable broken)
      throws WorkerLost {
    this.program = program;
    this.watchdog = watchdog;
    this.broken = broken;
    this.queue = new ArrayBlockingQueue<>(program.limits().queue());
    Worker.Loaded first = Worker.start(program, watchdog);
    hooks = first.hooks();
    sandbox = first.sandbox();
    if (!first.output().isEmpty()) {
      LOG.info("plugin {} printed while loading: {}", program.name(), first.output().strip());
    }
    List<Worker> workers = new ArrayList<>(List.of(first.worker()));
    try {
      while (workers.size() < program.limits().workers()) {
        workers.add(Worker.start(program, watchdog).worker());
      }
    } catch (WorkerLost e) {
      workers.forEach(Worker::close);
      throw e;
    }
    for (Worker worker : workers) {
      Thread.ofPlatform().name("plugin-" + program.name()).daemon().start(() -> serve(worker));
    }
  }

  List<String> hooks() {
    return hooks;
  }

  String sandbox() {
    return sandbox;
  }

  /** Asks; completes on a worker's thread, always. */
  CompletableFuture<Answer> ask(JsonNode call) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    if (closing || !queue.offer(new Waiting(call, System.nanoTime(), answer))) {
      answer.complete(failed(Reason.PLUGIN_UNAVAILABLE, "too many calls wait for it already", 0));
    } else if (closing) {
      refuseWaiting();
    }
    return answer;
  }

  private static Answer failed(Reason code, String detail, long micros) {
    return new Answer(new Verdict.Failed(code, detail), "", micros);
  }

  private void serve(Worker first) {
    @Nullable Worker worker = first;
    while (!closing) {
      Waiting next = take();
      if (next == null) {
        continue;
      }
      if (System.nanoTime() - next.since() > LONGEST_WAIT_NANOS) {
        next.answer()
            .complete(failed(Reason.PLUGIN_UNAVAILABLE, "it is busy: the call waited 2 s", 0));
        continue;
      }
      worker = answer(next, worker);
    }
    if (worker != null) {
      worker.close();
    }
  }

  private @Nullable Waiting take() {
    try {
      return queue.poll(500, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
      return null;
    }
  }

  /** Answers it; gives the worker for the next call, none if this one is lost. */
  private @Nullable Worker answer(Waiting waiting, @Nullable Worker known) {
    long start = System.nanoTime();
    @Nullable Worker worker = known;
    try {
      if (worker == null || !worker.isAlive()) {
        worker = Worker.start(program, watchdog).worker();
      }
      JsonNode told = worker.call(waiting.call());
      waiting
          .answer()
          .complete(new Answer(verdict(told), told.path("output").asString(""), micros(start)));
      return worker;
    } catch (WorkerLost e) {
      if (worker != null) {
        worker.close();
      }
      waiting.answer().complete(failed(e.code(), String.valueOf(e.getMessage()), micros(start)));
      killed();
      return null;
    } catch (RuntimeException e) {
      LOG.error("plugin {} failed in an unexpected way", program.name(), e);
      if (worker != null) {
        worker.close();
      }
      waiting.answer().complete(failed(Reason.PLUGIN_ERROR, e.toString(), micros(start)));
      return null;
    }
  }

  private static long micros(long start) {
    return (System.nanoTime() - start) / 1_000;
  }

  private static Verdict verdict(JsonNode told) {
    if (told.path("error").isString()) {
      return new Verdict.Failed(Reason.PLUGIN_ERROR, told.path("error").stringValue());
    }
    JsonNode action = told.path("action");
    String reason = told.path("reason").asString("");
    if (action.isNull()) {
      return new Verdict.Passed("");
    }
    return switch (action.asString("")) {
      case "deny" -> new Verdict.Denied(reason);
      case "observe" -> new Verdict.Passed(reason);
      case "modify" -> new Verdict.Modified(told.path("value"), reason);
      default -> new Verdict.Failed(Reason.PLUGIN_ERROR, "it answered what no worker answers");
    };
  }

  private void killed() {
    boolean tooOften;
    synchronized (kills) {
      long now = System.nanoTime();
      kills.add(now);
      while (now - kills.element() > KILLS_WITHIN_NANOS) {
        kills.remove();
      }
      tooOften = kills.size() >= MAX_KILLS;
    }
    if (tooOften && !closing) {
      broken.run();
    }
  }

  private void refuseWaiting() {
    List<Waiting> left = new ArrayList<>();
    queue.drainTo(left);
    left.forEach(
        waiting ->
            waiting
                .answer()
                .complete(failed(Reason.PLUGIN_UNAVAILABLE, "it was just replaced", 0)));
  }

  /** Calls under way end; those that wait are refused; then the processes end. */
  @Override
  public void close() {
    closing = true;
    refuseWaiting();
  }
}
