package io.securegateway.server.plugin;

import io.securegateway.api.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The worker processes of one version of a plugin, and the calls that wait for one. Every call gets
 * an answer: a worker that dies or has to be killed fails its own call only and is replaced before
 * the next one is taken; a call that waits too long is answered without one. Thread-safe; asking
 * never blocks.
 */
final class Pool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
  private static final int MAX_LOST = 3;
  private static final long LOST_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final Duration SWEEP = Duration.ofMillis(100);
  private static final long LOOK_MILLIS = 250;

  private final Worker.Program program;
  private final Workshop workshop;
  private final BlockingDeque<Waiting> queue;
  private final Deque<Long> lost = new ArrayDeque<>();
  private final List<String> hooks;
  private final String sandbox;
  private final Runnable broken;
  private final ScheduledFuture<?> sweep;
  private volatile boolean closing;

  private record Waiting(JsonNode call, long since, CompletableFuture<Answer> answer) {}

  /** What a plugin answered, with what it printed and how long it took. */
  record Answer(Verdict verdict, String output, long micros) {}

  /**
   * Starts the workers and loads the plugin in each.
   *
   * @param broken called once workers died too often; must not block
   * @throws WorkerLost if the plugin cannot be loaded
   */
  Pool(Worker.Program program, Workshop workshop, Runnable broken) throws WorkerLost {
    this.program = program;
    this.workshop = workshop;
    this.broken = broken;
    this.queue = new LinkedBlockingDeque<>(program.limits().queue());
    Worker.Loaded first = Worker.start(program, workshop);
    hooks = first.hooks();
    sandbox = first.sandbox();
    if (!first.output().isEmpty()) {
      LOG.info("plugin {} printed while loading: {}", program.name(), first.output().strip());
    }
    List<Worker> workers = new ArrayList<>(List.of(first.worker()));
    try {
      while (workers.size() < program.limits().workers()) {
        workers.add(Worker.start(program, workshop).worker());
      }
    } catch (WorkerLost e) {
      workers.forEach(Worker::close);
      throw e;
    }
    for (Worker worker : workers) {
      Thread.ofPlatform().name("plugin-" + program.name()).daemon().start(() -> serve(worker));
    }
    sweep = workshop.every(SWEEP, this::sweep);
  }

  List<String> hooks() {
    return hooks;
  }

  String sandbox() {
    return sandbox;
  }

  /**
   * Asks; completes on another thread, always. Empty if this version is no longer in force: then
   * its successor is to be asked.
   */
  synchronized Optional<CompletableFuture<Answer>> ask(JsonNode call) {
    if (closing) {
      return Optional.empty();
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    if (!queue.offer(new Waiting(call, System.nanoTime(), answer))) {
      answer.complete(failed(Reason.PLUGIN_UNAVAILABLE, "too many calls wait for it already", 0));
    }
    return Optional.of(answer);
  }

  private static Answer failed(Reason code, String detail, long micros) {
    return new Answer(new Verdict.Failed(code, detail), "", micros);
  }

  /** One worker after the other, each until it is lost. A worker is there before a call is. */
  private void serve(Worker first) {
    @Nullable Worker worker = first;
    while (!closing || !queue.isEmpty()) {
      if (worker == null) {
        worker = replacement();
        continue;
      }
      Waiting next = take();
      if (closing && next == null) {
        continue;
      }
      if (!worker.isAlive()) {
        LOG.warn("a worker of plugin {} ended between calls", program.name());
        back(next);
        worker.close();
        worker = null;
        lost();
      } else if (next != null && !answered(next, worker)) {
        worker.close();
        worker = null;
      }
    }
    if (worker != null) {
      worker.close();
    }
  }

  private @Nullable Waiting take() {
    try {
      return queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
      return null;
    }
  }

  /** Its worker was dead before it was asked: the next one takes it. */
  private void back(@Nullable Waiting waiting) {
    if (waiting != null && !queue.offerFirst(waiting)) {
      waiting.answer().complete(failed(Reason.PLUGIN_UNAVAILABLE, "its worker ended", 0));
    }
  }

  /** A fresh worker; none if it cannot be had now. */
  private @Nullable Worker replacement() {
    try {
      return Worker.start(program, workshop).worker();
    } catch (WorkerLost e) {
      if (!closing) {
        LOG.warn("plugin {} could not be started again: {}", program.name(), e.getMessage());
        lost();
        pause();
      }
      return null;
    }
  }

  private void pause() {
    try {
      Thread.sleep(2 * LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  /** Answers it; false if the worker is not to be used again. */
  private boolean answered(Waiting waiting, Worker worker) {
    long start = System.nanoTime();
    try {
      Answer answer =
          switch (worker.call(waiting.call())) {
            case Told.Answered(JsonNode told, String spilled) ->
                new Answer(
                    verdict(told), told.path("output").asString("") + spilled, micros(start));
            case Told.Unusable(String why) -> failed(Reason.PLUGIN_ERROR, why, micros(start));
          };
      boolean left = worker.hasLeftovers();
      waiting.answer().complete(answer);
      if (left) {
        LOG.warn("plugin {} left threads or processes behind; they are ended", program.name());
      }
      return !left;
    } catch (WorkerLost e) {
      waiting.answer().complete(failed(e.code(), String.valueOf(e.getMessage()), micros(start)));
      lost();
      return false;
    } catch (RuntimeException e) {
      LOG.error("plugin {} failed in an unexpected way", program.name(), e);
      waiting.answer().complete(failed(Reason.PLUGIN_ERROR, e.toString(), micros(start)));
      return false;
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

  private void lost() {
    boolean tooOften;
    synchronized (lost) {
      long now = System.nanoTime();
      lost.add(now);
      while (now - lost.element() > LOST_WITHIN_NANOS) {
        lost.remove();
      }
      tooOften = lost.size() >= MAX_LOST;
    }
    if (tooOften && !closing) {
      broken.run();
    }
  }

  /** Answers those that waited too long. */
  private void sweep() {
    long now = System.nanoTime();
    queue.removeIf(
        waiting ->
            now - waiting.since() > LONGEST_WAIT_NANOS
                && waiting
                    .answer()
                    .complete(
                        failed(Reason.PLUGIN_UNAVAILABLE, "it is busy: the call waited 2 s", 0)));
    if (closing && queue.isEmpty()) {
      sweep.cancel(false);
    }
  }

  /** Takes no more calls; those that wait are still answered, then the processes end. */
  @Override
  public synchronized void close() {
    closing = true;
  }

  /** Takes no more calls and refuses those that wait; then the processes end. */
  void abandon() {
    close();
    List<Waiting> left = new ArrayList<>();
    queue.drainTo(left);
    left.forEach(
        waiting ->
            waiting
                .answer()
                .complete(failed(Reason.PLUGIN_UNAVAILABLE, "its workers keep dying", 0)));
  }
}
