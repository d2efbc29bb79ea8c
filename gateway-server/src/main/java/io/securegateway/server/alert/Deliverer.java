package io.securegateway.server.alert;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages to their sinks, at least once and under a stable id. Every sink has a worker of
 * its own: one that is dead delays no other. Thread-safe.
 */
public final class Deliverer implements AutoCloseable {
  private final AlertDesk desk;
  private final Supplier<List<SinkSettings>> settings;
  private final String version;
  private final Map<String, SinkWorker> workers = new HashMap<>();
  private final Tries tries = new Tries();
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
      SinkWorker known = workers.get(sink.name());
      if (known == null || !known.isFor(sink)) {
        if (known != null) {
          known.end();
        }
        workers.put(sink.name(), new SinkWorker(sink, desk, version, tries));
      }
    }
    workers
        .entrySet()
        .removeIf(worker -> !names.contains(worker.getKey()) && worker.getValue().end());
    workers.values().forEach(SinkWorker::wake);
  }

  /**
   * What came of a test.
   *
   * @param delivery its id, which the receiver got too
   * @param status of HTTP, if it came so far
   * @param detail what went wrong; null if nothing did
   * @param millis how long the sink took
   */
  public record Tested(
      String delivery,
      boolean arrived,
      @Nullable Integer status,
      @Nullable String detail,
      long millis) {}

  /**
   * Sends a message about nothing to a sink, once, the way of every other message: its worker does
   * it next. The result is journaled with who asked.
   *
   * @return empty if there is no such sink; else completes when the sink has answered, or fails
   *     with {@link IllegalStateException} if another test waits there, or the sink is changed
   */
  public Optional<CompletableFuture<Tested>> test(String sink, String by) {
    wake();
    synchronized (this) {
      return Optional.ofNullable(workers.get(sink)).map(worker -> worker.test(by));
    }
  }

  /** Messages that arrived since this start. */
  public long delivered() {
    return tries.delivered().get();
  }

  /** Tries that failed since this start. */
  public long failed() {
    return tries.failed().get();
  }

  /** Messages that were given up since this start. */
  public long dead() {
    return tries.dead().get();
  }

  @Override
  public synchronized void close() {
    closing = true;
    workers.values().forEach(SinkWorker::end);
    workers.values().forEach(SinkWorker::await);
    workers.clear();
  }
}
