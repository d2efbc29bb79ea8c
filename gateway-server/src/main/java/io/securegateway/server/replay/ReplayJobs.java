package io.securegateway.server.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Replays that were started and not yet forgotten. One runs at a time, on a thread of low priority,
 * so that calls go first; a few wait. Thread-safe.
 */
public final class ReplayJobs implements AutoCloseable {
  /** Most that wait. */
  public static final int MAX_WAITING = 8;

  /** Most that one person has waiting or running. */
  public static final int MAX_OF_ONE = 3;

  /** Most that are kept after they ended. */
  static final int MAX_KEPT = 32;

  /** How long one is kept after it ended. */
  static final Duration KEPT = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(ReplayJobs.class);

  private final LongSupplier clock;
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().daemon().name("replay-job").priority(Thread.MIN_PRIORITY).factory());

  /** {@code clock}: UTC milliseconds. */
  public ReplayJobs(LongSupplier clock) {
    this.clock = clock;
  }

  /** How far a job is. */
  public enum State {
    WAITING,
    RUNNING,
    DONE,
    FAILED,
    CANCELLED
  }

  /** What a job does. */
  @FunctionalInterface
  public interface Work {
    /** Runs it; throws {@link Watcher.Cancelled} when the watcher says so. */
    Report run(Watcher watcher) throws Exception;
  }

  /** A replay. */
  public static final class Job implements Watcher {
    private final String id = UUID.randomUUID().toString();
    private final String by;
    private final Set<String> projects;
    private final long created;
    private volatile State state = State.WAITING;
    private volatile long sessions;
    private volatile double done = -1;
    private volatile long ended;
    private volatile boolean stop;
    private @Nullable Runnable task;
    private volatile @Nullable String error;
    private volatile @Nullable JsonNode report;

    private Job(String by, Set<String> projects, long created) {
      this.by = by;
      this.projects = Set.copyOf(projects);
      this.created = created;
    }

    /** Its id. */
    public String id() {
      return id;
    }

    /** Who started it. */
    public String by() {
      return by;
    }

    /** The projects it looks at; empty for all. */
    public Set<String> projects() {
      return projects;
    }

    /** When it was started, UTC milliseconds. */
    public long created() {
      return created;
    }

    /** How far it is. */
    public State state() {
      return state;
    }

    /** Sessions so far. */
    public long sessions() {
      return sessions;
    }

    /** The share that is done, 0 to 1; negative if unknown. */
    public double done() {
      return done;
    }

    /** Why it failed; empty if it did not. */
    public Optional<String> error() {
      return Optional.ofNullable(error);
    }

    /** What came of it; empty until it is done. */
    public Optional<JsonNode> report() {
      return Optional.ofNullable(report);
    }

    @Override
    public void progress(long count, double share) {
      sessions = Math.max(sessions, count);
      done = share;
    }

    @Override
    public boolean cancelled() {
      return stop || Thread.currentThread().isInterrupted();
    }

    private boolean isOver() {
      return switch (state) {
        case WAITING, RUNNING -> false;
        case DONE, FAILED, CANCELLED -> true;
      };
    }
  }

  /**
   * Starts one; empty if too many wait, or too many of that person.
   *
   * @param projects it looks at; empty for all
   */
  public Optional<Job> start(String by, Set<String> projects, Work work) {
    Job job = new Job(by, projects, clock.getAsLong());
    synchronized (jobs) {
      forget();
      if (jobs.values().stream().filter(one -> !one.isOver() && one.by().equals(by)).count()
          >= MAX_OF_ONE) {
        return Optional.empty();
      }
      Runnable task = () -> run(job, work);
      job.task = task;
      try {
        worker.execute(task);
      } catch (RejectedExecutionException e) {
        return Optional.empty();
      }
      jobs.put(job.id(), job);
    }
    return Optional.of(job);
  }

  private void run(Job job, Work work) {
    if (job.stop) {
      end(job, State.CANCELLED);
      return;
    }
    job.state = State.RUNNING;
    try {
      job.report = ReportJson.of(work.run(job));
      end(job, State.DONE);
    } catch (Watcher.Cancelled e) {
      end(job, State.CANCELLED);
    } catch (Exception | StackOverflowError e) {
      LOG.warn("replay {} failed", job.id(), e);
      job.error = String.valueOf(e.getMessage());
      end(job, State.FAILED);
    }
  }

  private void end(Job job, State state) {
    job.ended = clock.getAsLong();
    job.state = state;
  }

  /** Those that are known, oldest first. */
  public List<Job> all() {
    synchronized (jobs) {
      forget();
      return List.copyOf(jobs.values());
    }
  }

  /** The one with that id. */
  public Optional<Job> job(String id) {
    synchronized (jobs) {
      forget();
      return Optional.ofNullable(jobs.get(id));
    }
  }

  /** Stops one that waits, at once, or runs, very soon; forgets one that is over. */
  public void cancel(Job job) {
    synchronized (jobs) {
      job.stop = true;
      if (job.state() == State.WAITING && worker.remove(job.task)) {
        end(job, State.CANCELLED);
        return;
      }
      if (job.isOver()) {
        jobs.remove(job.id());
      }
    }
  }

  private void forget() {
    long now = clock.getAsLong();
    jobs.values().removeIf(job -> job.isOver() && now - job.ended >= KEPT.toMillis());
    List<Job> over = new ArrayList<>(jobs.values().stream().filter(Job::isOver).toList());
    for (int i = 0; i < over.size() - MAX_KEPT; i++) {
      jobs.remove(over.get(i).id());
    }
  }

  @Override
  public void close() {
    synchronized (jobs) {
      jobs.values().forEach(job -> job.stop = true);
    }
    worker.shutdownNow();
  }
}
