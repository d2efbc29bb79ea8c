package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Delivery;
import io.securegateway.core.event.Event;
import io.securegateway.server.journal.JournalRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one sink its messages, in order of time, on a thread of its own. After a failure that may
 * pass it leaves the sink alone for a moment. A test goes before everything else. Thread-safe.
 */
final class SinkWorker {
  private static final Logger LOG = LoggerFactory.getLogger(SinkWorker.class);
  private static final long LOOK_MILLIS = 500;
  private static final Duration LAST_TRY = Duration.ofSeconds(3);
  private static final Duration UNREACHABLE_WAIT = Duration.ofSeconds(2);

  private final SinkSettings settings;
  private final Sink sink;
  private final AlertDesk desk;
  private final Tries tries;
  private final Map<String, Integer> told = new HashMap<>();
  private final Thread thread;
  private @Nullable Wanted wanted;
  private boolean ended;

  /** A test somebody waits for. */
  private record Wanted(String by, CompletableFuture<Deliverer.Tested> answer) {}

  SinkWorker(SinkSettings settings, AlertDesk desk, String version, Tries tries) {
    this.settings = settings;
    this.desk = desk;
    this.tries = tries;
    this.sink =
        settings.type() == SinkSettings.Type.SYSLOG
            ? new SyslogSink(settings, version)
            : new HttpSink(settings);
    this.thread = Thread.ofVirtual().name("sink-" + settings.name()).start(this::run);
  }

  /** Whether it brings messages to exactly that sink. */
  boolean isFor(SinkSettings sink) {
    return settings.equals(sink);
  }

  /** Something may be due. */
  synchronized void wake() {
    notifyAll();
  }

  /** See {@link Deliverer#test}. */
  synchronized CompletableFuture<Deliverer.Tested> test(String by) {
    CompletableFuture<Deliverer.Tested> answer = new CompletableFuture<>();
    if (ended || wanted != null) {
      answer.completeExceptionally(new IllegalStateException("another test is under way there"));
    } else {
      wanted = new Wanted(by, answer);
      notifyAll();
    }
    return answer;
  }

  private synchronized @Nullable Wanted wanted() {
    return wanted;
  }

  private synchronized void answered() {
    wanted = null;
  }

  private void answer(Wanted test) throws InterruptedException {
    try {
      Deliverer.Tested tested = tested(test);
      answered();
      test.answer().complete(tested);
    } catch (RuntimeException e) {
      answered();
      test.answer().completeExceptionally(e);
      throw e;
    }
  }

  private Deliverer.Tested tested(Wanted test) throws InterruptedException {
    Delivery delivery = Drill.of(settings, test.by(), System.currentTimeMillis());
    long start = System.nanoTime();
    SendResult result = sink.send(delivery, Instant.now());
    long millis = (System.nanoTime() - start) / 1_000_000;
    boolean arrived = result.kind() == SendResult.Kind.DELIVERED;
    String detail = "a test of " + test.by();
    record(
        delivery,
        new Event.DeliveryTried(
            delivery.id(),
            settings.name(),
            delivery.alert().id(),
            1,
            arrived ? Event.Sent.DELIVERED : Event.Sent.DEAD,
            result.status(),
            result.detail() == null ? detail : detail + ": " + result.detail(),
            null));
    return new Deliverer.Tested(delivery.id(), arrived, result.status(), result.detail(), millis);
  }

  /** No further try; one under way ends and is journaled. */
  synchronized boolean end() {
    ended = true;
    notifyAll();
    return true;
  }

  /** Waits for a moment that a try under way ends. */
  void await() {
    try {
      if (!thread.join(LAST_TRY)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  private synchronized void rest(long millis) throws InterruptedException {
    if (!ended && wanted == null) {
      wait(Math.max(1, millis));
    }
  }

  private void run() {
    while (!isEnded()) {
      try {
        Wanted test = wanted();
        if (test != null) {
          answer(test);
          continue;
        }
        Optional<Delivery> due = due();
        if (due.isEmpty()) {
          rest(LOOK_MILLIS);
        } else {
          attempt(due.get());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } catch (JournalRefused e) {
        LOG.debug("the journal takes nothing now: {}", e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("the sink {} failed", settings.name(), e);
      }
    }
    Wanted left = wanted();
    if (left != null) {
      left.answer()
          .completeExceptionally(new IllegalStateException("the sink was changed meanwhile"));
    }
    if (sink instanceof HttpSink http) {
      http.close();
    }
  }

  /** The next one whose time has come, and whose last try has come back from the journal. */
  private Optional<Delivery> due() {
    long now = System.currentTimeMillis();
    List<Delivery> pending = new ArrayList<>(desk.pending(settings.name()));
    Set<String> ids = new HashSet<>();
    pending.forEach(delivery -> ids.add(delivery.id()));
    told.keySet().retainAll(ids);
    return pending.stream()
        .filter(one -> one.attempts() >= told.getOrDefault(one.id(), 0))
        .filter(one -> one.nextAttempt() == null || one.nextAttempt() <= now)
        .findFirst();
  }

  private void attempt(Delivery delivery) throws InterruptedException {
    int attempt = delivery.attempts() + 1;
    SendResult result = sink.send(delivery, Instant.now());
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException();
    }
    Event.DeliveryTried tried = tried(delivery, attempt, result);
    tries.count(tried.result());
    if (tried.result() == Event.Sent.DEAD) {
      LOG.warn(
          "the alert {} could not be brought to {} and is given up: {}",
          delivery.alert().id(),
          settings.name(),
          tried.detail());
    }
    record(delivery, tried);
    told.put(delivery.id(), attempt);
    if (result.kind() == SendResult.Kind.RETRY && result.status() == null) {
      rest(RetrySchedule.shorter(settings.retries().getFirst(), UNREACHABLE_WAIT).toMillis());
    }
  }

  /** What happened is journaled, however long that takes: else it would happen again. */
  private void record(Delivery delivery, Event.DeliveryTried tried) throws InterruptedException {
    while (true) {
      try {
        desk.record(delivery.alert().project(), tried);
        return;
      } catch (JournalRefused e) {
        rest(LOOK_MILLIS);
        if (isEnded()) {
          throw new InterruptedException();
        }
      }
    }
  }

  private Event.DeliveryTried tried(Delivery delivery, int attempt, SendResult result) {
    Duration wait = RetrySchedule.wait(settings.retries(), attempt, result);
    Event.Sent sent =
        result.kind() == SendResult.Kind.DELIVERED
            ? Event.Sent.DELIVERED
            : wait == null ? Event.Sent.DEAD : Event.Sent.RETRY;
    return new Event.DeliveryTried(
        delivery.id(),
        settings.name(),
        delivery.alert().id(),
        attempt,
        sent,
        result.status(),
        result.detail(),
        wait == null ? null : (Long) (System.currentTimeMillis() + wait.toMillis()));
  }
}
