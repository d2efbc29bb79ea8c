package io.securegateway.server.plugin;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The time a worker has for one answer. Either the answer comes first or the process is killed,
 * never both: a worker that answered in time is safe from this deadline for good. Thread-safe.
 */
final class Deadline {
  private static final Duration HARDLY_RAN = Duration.ofMillis(25);

  private enum State {
    OPEN,
    ANSWERED,
    LATE
  }

  private final Workshop workshop;
  private final Process process;
  private final Duration time;
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  private volatile ScheduledFuture<?> timer;

  /** Runs from now on. */
  Deadline(Workshop workshop, Process process, Duration time) {
    this.workshop = workshop;
    this.process = process;
    this.time = time;
    this.timer = workshop.later(time.dividedBy(2), this::half);
  }

  /** What the process used is read only of calls that take long: reading it takes a while too. */
  private void half() {
    if (state.get() == State.OPEN) {
      Duration before = cpu();
      next(time.minus(time.dividedBy(2)), () -> over(before, true));
    }
  }

  /** Goes on, unless the answer came meanwhile: then this timer finds nothing to do. */
  private void next(Duration wait, Runnable task) {
    timer = workshop.later(wait, task);
  }

  /** The answer is there; false if it came too late, so that the process is being killed. */
  boolean answered() {
    boolean inTime = state.compareAndSet(State.OPEN, State.ANSWERED);
    timer.cancel(false);
    return inTime;
  }

  /** Whether time ran out. */
  boolean isLate() {
    return state.get() == State.LATE;
  }

  /** Kills what is late; what hardly got the processor on a busy machine has one more turn. */
  private void over(Duration before, boolean grace) {
    if (state.get() != State.OPEN) {
      return;
    }
    if (grace && isBusyMachine() && cpu().minus(before).compareTo(HARDLY_RAN) < 0) {
      next(time, () -> over(before, false));
    } else if (state.compareAndSet(State.OPEN, State.LATE)) {
      process.destroyForcibly();
    }
  }

  private Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static boolean isBusyMachine() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return system.getSystemLoadAverage() > system.getAvailableProcessors();
  }
}
