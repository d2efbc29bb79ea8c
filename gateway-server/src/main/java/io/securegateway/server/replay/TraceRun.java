package io.securegateway.server.replay;

import io.securegateway.core.policy.Policy;
import io.securegateway.core.replay.Change;
import io.securegateway.core.replay.ReplayMode;
import io.securegateway.core.replay.Sample;
import io.securegateway.core.replay.Tally;
import io.securegateway.core.replay.Trace;
import io.securegateway.core.replay.TraceReplay;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Replays trace files: one thread reads lines, others judge batches of them, and what comes out is
 * put together in the order of the file. Memory does not grow with the file.
 */
public final class TraceRun {
  private static final int BATCH_LINES = 64;
  private static final long BATCH_BYTES = 4L * 1024 * 1024;

  private final Candidate candidate;
  private final Optional<Candidate> baseline;
  private final Set<ReplayMode> modes;
  private final Predicate<String> projects;
  private final Map<String, Policy> policies = new ConcurrentHashMap<>();
  private final Map<String, Policy> baselines = new ConcurrentHashMap<>();

  /**
   * @param baseline what the record is checked against; empty if it was made without a policy
   * @param projects whose sessions are replayed
   */
  public TraceRun(
      Candidate candidate,
      Optional<Candidate> baseline,
      Set<ReplayMode> modes,
      Predicate<String> projects) {
    this.candidate = candidate;
    this.baseline = baseline;
    this.modes = Set.copyOf(modes);
    this.projects = projects;
  }

  /** What came of some lines, or of all. */
  private static final class Part {
    private final Map<ReplayMode, Tally> tallies = new EnumMap<>(ReplayMode.class);
    private final List<Report.Problem> problems = new ArrayList<>();
    private final List<Identity.Mismatch> mismatches = new ArrayList<>();
    private final Map<String, String> revisions = new TreeMap<>();
    private long sessions;
    private long calls;
    private long badLines;
    private long checked;
    private long equal;

    Part(Set<ReplayMode> modes) {
      modes.forEach(mode -> tallies.put(mode, new Tally()));
    }

    void problem(long line, @Nullable String why) {
      if (problems.size() < Report.MAX_PROBLEMS) {
        problems.add(new Report.Problem(line, String.valueOf(why)));
      }
    }

    void merge(Part next) {
      next.tallies.forEach((mode, tally) -> tallies.getOrDefault(mode, tally).merge(tally));
      next.problems.forEach(problem -> problem(problem.line(), problem.why()));
      for (Identity.Mismatch mismatch : next.mismatches) {
        if (mismatches.size() < Identity.MAX_LISTED) {
          mismatches.add(mismatch);
        }
      }
      revisions.putAll(next.revisions);
      sessions += next.sessions;
      calls += next.calls;
      badLines += next.badLines;
      checked += next.checked;
      equal += next.equal;
    }
  }

  /**
   * Replays all lines.
   *
   * @param size of the file in bytes; 0 if unknown
   * @throws IOException if it cannot be read
   * @throws Candidate.Refused if the candidate has errors
   * @throws Watcher.Cancelled if the watcher says so
   */
  public Report run(TraceLines lines, long size, int threads, Watcher watcher) throws IOException {
    ExecutorService workers =
        Executors.newFixedThreadPool(
            threads,
            Thread.ofPlatform()
                .daemon()
                .name("replay-", 0)
                .priority(Thread.MIN_PRIORITY)
                .factory());
    Part whole = new Part(modes);
    Deque<Future<Part>> running = new ArrayDeque<>();
    try {
      while (true) {
        List<TraceLines.Line> batch = batch(lines);
        if (batch.isEmpty()) {
          break;
        }
        running.add(workers.submit(() -> judge(batch, watcher)));
        while (running.size() > threads + 2) {
          whole.merge(done(running.remove()));
          watcher.progress(whole.sessions, size > 0 ? (double) lines.read() / size : -1);
        }
        watcher.check();
      }
      while (!running.isEmpty()) {
        whole.merge(done(running.remove()));
      }
      watcher.progress(whole.sessions, 1);
    } finally {
      workers.shutdownNow();
    }
    Identity.Result identity =
        baseline.isEmpty()
            ? Identity.Result.NONE
            : new Identity.Result(true, whole.checked, whole.equal, whole.mismatches);
    return new Report(
        whole.sessions,
        whole.calls,
        identity,
        whole.badLines,
        whole.problems,
        whole.revisions,
        whole.tallies);
  }

  private static List<TraceLines.Line> batch(TraceLines lines) throws IOException {
    List<TraceLines.Line> batch = new ArrayList<>(BATCH_LINES);
    long bytes = 0;
    while (batch.size() < BATCH_LINES && bytes < BATCH_BYTES) {
      TraceLines.Line line = lines.next();
      if (line == null) {
        break;
      }
      bytes += line.bytes() == null ? 0 : line.bytes().length;
      batch.add(line);
    }
    return batch;
  }

  private static Part done(Future<Part> part) throws IOException {
    try {
      return part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Watcher.Cancelled();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Candidate.Refused refused) {
        throw refused;
      }
      if (e.getCause() instanceof Watcher.Cancelled cancelled) {
        throw cancelled;
      }
      throw new IOException("the replay failed: " + e.getCause(), e);
    }
  }

  private Part judge(List<TraceLines.Line> batch, Watcher watcher) {
    Part part = new Part(modes);
    for (TraceLines.Line line : batch) {
      byte[] bytes = line.bytes();
      if (bytes == null) {
        part.badLines++;
        part.problem(line.number(), "The line is longer than " + TraceLines.MAX_LINE + " bytes.");
      } else if (!isBlank(bytes)) {
        try {
          judge(part, line.number(), TraceParser.parse(bytes), watcher);
        } catch (TraceParser.Bad e) {
          part.badLines++;
          part.problem(line.number(), e.getMessage());
        }
      }
    }
    return part;
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private void judge(Part part, long line, Trace trace, Watcher watcher) {
    String project = trace.caller().project();
    if (!projects.test(project)) {
      return;
    }
    Policy policy =
        policies.computeIfAbsent(project, missing -> candidate.policy(missing, List.of()));
    part.revisions.put(project, policy.revision());
    part.sessions++;
    part.calls += trace.calls().size();
    for (Trace.TracedCall call : trace.calls()) {
      if (call.problem() != null) {
        part.problem(line, call.problem());
      }
    }
    baseline.ifPresent(base -> compare(part, line, trace, base, watcher));
    part.tallies.forEach(
        (mode, tally) -> TraceReplay.count(trace, policy, mode, tally, watcher::check));
  }

  /** Does the baseline say what was recorded? */
  private void compare(Part part, long line, Trace trace, Candidate base, Watcher watcher) {
    Policy policy =
        baselines.computeIfAbsent(
            trace.caller().project(), missing -> base.policy(missing, List.of()));
    for (var judged : TraceReplay.judge(trace, policy, ReplayMode.RECORDED, watcher::check)) {
      part.checked++;
      if (judged.change() == Change.UNCHANGED || judged.change() == Change.SAME_EFFECT_OTHER_RULE) {
        part.equal++;
      } else if (part.mismatches.size() < Identity.MAX_LISTED) {
        part.mismatches.add(
            new Identity.Mismatch(
                trace.caller().project(),
                "line " + line,
                judged.call().id(),
                "recorded %s, the baseline says %s (%s)"
                    .formatted(
                        judged.was().effect().word(),
                        judged.decision().effect().word(),
                        judged.decision().reason())));
      }
    }
  }

  /** Whether a sample's call bears an id of its own. */
  static boolean isNamed(Sample sample) {
    String id = sample.id();
    return id != null && !id.startsWith("#");
  }
}
