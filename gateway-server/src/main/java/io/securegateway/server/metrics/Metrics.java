package io.securegateway.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.securegateway.server.journal.CallRow;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.LogFilter;
import io.securegateway.server.journal.LogTail;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counters and times of calls since this start, made by following the journal, so that nothing is
 * counted on a call's path; and the process itself. Labels are bounded: project, status, reason
 * code, never a name that an agent chose.
 *
 * <p>Thread-safe; follows on a thread of its own until it is closed.
 */
public final class Metrics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };
  private static final long WAIT_MILLIS = 1_000;

  /** Calls that have ended, by {@code project}, {@code status} and {@code code}. */
  static final String CALLS = "securegateway.calls";

  /** From the decision to the recorded end, by {@code project} and {@code status}. */
  static final String DURATION = "securegateway.call.duration";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Journal journal;
  private final Thread follower;
  private volatile boolean closing;

  /** Follows that journal from its durable end. */
  public Metrics(Journal journal) {
    this.journal = journal;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    gauge("securegateway.journal.seq", "The last durable event", Journal::durableSeq);
    gauge(
        "securegateway.ready",
        "1 if the journal takes events",
        any -> any.health().ready() ? 1 : 0);
    long from = journal.durableSeq();
    follower = Thread.ofPlatform().name("metrics").daemon().start(() -> follow(from));
  }

  private void gauge(String name, String what, ToDoubleFunction<Journal> value) {
    Gauge.builder(name, journal, value).description(what).register(registry);
  }

  /** Adds a figure that only grows. */
  public void counter(String name, String what, DoubleSupplier value) {
    FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
        .description(what)
        .register(registry);
  }

  /** Adds a figure that comes and goes. */
  public void gauge(String name, String what, DoubleSupplier value) {
    Gauge.builder(name, value, DoubleSupplier::getAsDouble)
        .description(what)
        .strongReference(true)
        .register(registry);
  }

  private void follow(long from) {
    long at = from;
    while (!closing) {
      try {
        LogTail tail = new LogTail(journal, LogFilter.all(), at);
        while (!closing) {
          tail.next(WAIT_MILLIS).forEach(this::count);
          at = tail.position();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("the metrics lost the journal's thread and take it up again", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(WAIT_MILLIS);
    } catch (InterruptedException e) {
      closing = true;
    }
  }

  private void count(CallRow row) {
    if (row.status().equals("pending")) {
      return;
    }
    Counter.builder(CALLS)
        .description("Calls that have ended")
        .tag("project", row.project())
        .tag("status", row.status())
        .tag("code", row.code())
        .register(registry)
        .increment();
    Long latency = row.latency();
    if (latency != null) {
      Timer.builder(DURATION)
          .description("From the decision to the recorded end")
          .tag("project", row.project())
          .tag("status", row.status())
          .serviceLevelObjectives(BUCKETS)
          .publishPercentiles(0.5, 0.95, 0.99)
          .register(registry)
          .record(Duration.ofMillis(latency));
    }
  }

  /** Everything in Prometheus's text form. */
  String prometheus() {
    return registry.scrape();
  }

  /** The registry, for readers in this package. */
  PrometheusMeterRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    closing = true;
    follower.interrupt();
    collections.close();
    registry.close();
  }
}
