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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings messages to their sinks, at least once and under a stable id. Every sink has a worker of
 * its own: one that is dead delays no other. The worker tries what is due in order of time; after a
 * failure that may pass it leaves the sink alone for a moment. Thread-safe.
 */
public final class Deliverer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);
  private static final long LOOK_MILLIS = 500;
  private static final Duration LAST_TRY = Duration.ofSeconds(3);
  private static final int REFUSALS = 3;
  private static final Duration UNREACHABLE_WAIT = Duration.ofSeconds(2);
  private static final Duration REFUSED_WAIT = Duration.ofMinutes(5);

  private final AlertDesk desk;
  private final Supplier<List<SinkSettings>> settings;
  private final String version;
  private final Map<String, Worker> workers = new HashMap<>();
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong dead = new AtomicLong();
  private boolean closing;

  /**
   * @param settings the sinks in force
   * @param version of this product, for receivers
   */
  public Deliverer(AlertDesk desk, Supplier<List<SinkSettings>> settings, String version) {
    this.desk = desk;
    this.settings = settings;
    this.version = version;
  }

  /** Something may be due, or the sinks may have changed. Never blocks for long. */
  public synchronized void wake() {
    if (closing) {
      return;
    }
    Set<String> names = new HashSet<>();
    for (SinkSettings sink : settings.get()) {
      names.add(sink.name());
      Worker known = workers.get(sink.name());
      if (known == null || !known.settings.equals(sink)) {
        if (known != null) {
          known.end();
        }
        workers.put(sink.name(), new Worker(sink));
      }
    }
    workers
        .entrySet()
        .removeIf(worker -> !names.contains(worker.getKey()) && worker.getValue().end());
    workers.values().forEach(Worker::wake);
  }

  /** Messages that arrived since this start. */
  public long delivered() {
    return delivered.get();
  }

  /** Tries that failed since this start. */
  public long failed() {
    return failed.get();
  }

  /** Messages that were given up since this start. */
  public long dead() {
    return dead.get();
  }

  @Override
  public synchronized void close() {
    closing = true;
    workers.values().forEach(Worker::end);
    workers.values().forEach(Worker::await);
    workers.clear();
  }

  /** One sink's worker. */
  private final class Worker {
    private final SinkSettings settings;
    private final Sink sink;
    private final Map<String, Integer> told = new HashMap<>();
    private final Thread thread;
    private boolean ended;

    Worker(SinkSettings settings) {
      this.settings = settings;
      this.sink =
          settings.type() == SinkSettings.Type.SYSLOG
              ? new SyslogSink(settings, version)
              : new HttpSink(settings);
      this.thread = Thread.ofVirtual().name("sink-" + settings.name()).start(this::run);
    }

    synchronized void wake() {
      notifyAll();
    }

    /** No further try; one under way ends and is journaled. */
    synchronized boolean end() {
      ended = true;
      notifyAll();
      return true;
    }

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
      if (!ended) {
        wait(Math.max(1, millis));
      }
    }

    private void run() {
      while (!isEnded()) {
        try {
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
      (switch (tried.result()) {
            case DELIVERED -> delivered;
            case RETRY -> failed;
            case DEAD -> dead;
          })
          .incrementAndGet();
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
        rest(shorter(settings.retries().getFirst(), UNREACHABLE_WAIT).toMillis());
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
      Duration wait = wait(attempt, result);
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

    /** How long until the next try; null if there is none. */
    private @Nullable Duration wait(int attempt, SendResult result) {
      List<Duration> retries = settings.retries();
      return switch (result.kind()) {
        case DELIVERED, GONE -> null;
        case REFUSED ->
            attempt >= REFUSALS || attempt > retries.size()
                ? null
                : shorter(retries.getLast(), REFUSED_WAIT);
        case RETRY -> {
          Duration asked = result.pause();
          if (attempt > retries.size()) {
            yield null;
          }
          Duration own = jittered(retries.get(attempt - 1));
          yield asked != null && asked.compareTo(own) > 0 ? asked : own;
        }
      };
    }

    private static Duration shorter(Duration one, Duration other) {
      return one.compareTo(other) < 0 ? one : other;
    }

    /** Up to a fifth longer, so that not everything comes back at once. */
    private static Duration jittered(Duration wait) {
      long millis = wait.toMillis();
      return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 5 + 1));
    }
  }
}
