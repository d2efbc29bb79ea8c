package io.securegateway.server.replay;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.replay.Course;
import io.securegateway.core.replay.ReplayMode;
import io.securegateway.core.replay.Tally;
import io.securegateway.server.journal.CallLog;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * Replays a journal: first every decision under its own recorded policy, then under the candidate.
 * All events are folded; only the chosen ones are reported. Projects are judged side by side, each
 * in its own order.
 */
public final class JournalRun {
  private static final int BATCH = 512;

  private final CallLog.Scan journal;
  private final Candidate candidate;
  private final Set<ReplayMode> modes;
  private final Choice choice;

  /**
   * Which calls are reported.
   *
   * @param since first time, UTC milliseconds
   * @param until last time, exclusive
   * @param sessions unique ids; empty for all
   */
  public record Choice(Predicate<String> projects, long since, long until, Set<String> sessions) {
    /** Everything. */
    public static final Choice ALL =
        new Choice(any -> true, Long.MIN_VALUE, Long.MAX_VALUE, Set.of());

    boolean has(Recorded recorded) {
      return recorded.event() instanceof Event.CallDecided decided
          && projects.test(recorded.project())
          && recorded.time() >= since
          && recorded.time() < until
          && (sessions.isEmpty() || sessions.contains(decided.uid()));
    }
  }

  /** Over that journal. */
  public JournalRun(
      CallLog.Scan journal, Candidate candidate, Set<ReplayMode> modes, Choice choice) {
    this.journal = journal;
    this.candidate = candidate;
    this.modes = Set.copyOf(modes);
    this.choice = choice;
  }

  /** One project under the candidate. */
  private final class Lot {
    private final Map<ReplayMode, Course> courses = new EnumMap<>(ReplayMode.class);
    private final Map<ReplayMode, Tally> tallies = new EnumMap<>(ReplayMode.class);
    private final Set<String> sessions = new HashSet<>();
    private long calls;

    Lot(String project, Policy policy) {
      for (ReplayMode mode : modes) {
        courses.put(mode, new Course(policy, mode, project));
        tallies.put(mode, new Tally());
      }
    }

    void take(Recorded recorded) {
      boolean counts = choice.has(recorded);
      if (counts && recorded.event() instanceof Event.CallDecided decided) {
        sessions.add(decided.uid());
        calls++;
      }
      courses.forEach(
          (mode, course) ->
              course
                  .take(recorded)
                  .filter(judged -> counts)
                  .ifPresent(judged -> tallies.getOrDefault(mode, new Tally()).count(judged)));
    }
  }

  /**
   * Replays it.
   *
   * @throws Candidate.Refused if the candidate has errors
   * @throws Watcher.Cancelled if the watcher says so
   */
  public Report run(int threads, Watcher watcher) {
    Identity identity = new Identity(choice::has);
    Set<String> projects = new TreeSet<>();
    long[] events = new long[1];
    journal.from(
        1,
        recorded -> {
          identity.take(recorded);
          events[0]++;
          if (choice.has(recorded)) {
            projects.add(recorded.project());
          }
          return step(watcher, events[0], -1);
        });
    Map<String, Lot> lots = new TreeMap<>();
    Map<String, String> revisions = new TreeMap<>();
    for (String project : projects) {
      Policy policy = candidate.policy(project, identity.project(project).sources());
      revisions.put(project, policy.revision());
      lots.put(project, new Lot(project, policy));
    }
    judge(lots, threads, events[0], watcher);
    Map<ReplayMode, Tally> tallies = new EnumMap<>(ReplayMode.class);
    modes.forEach(mode -> tallies.put(mode, new Tally()));
    long sessions = 0;
    long calls = 0;
    for (Lot lot : lots.values()) {
      lot.tallies.forEach((mode, tally) -> tallies.getOrDefault(mode, tally).merge(tally));
      sessions += lot.sessions.size();
      calls += lot.calls;
    }
    watcher.progress(sessions, 1);
    return new Report(sessions, calls, identity.result(), 0, List.of(), revisions, tallies);
  }

  private static boolean step(Watcher watcher, long events, double done) {
    watcher.check();
    if (events % 256 == 0) {
      watcher.progress(0, done);
    }
    return true;
  }

  /** Events in batches; every worker takes each batch, for the projects that are its own. */
  private void judge(Map<String, Lot> lots, int threads, long events, Watcher watcher) {
    int hands = Math.max(1, Math.min(threads, lots.size()));
    ExecutorService workers =
        Executors.newFixedThreadPool(
            hands,
            Thread.ofPlatform()
                .daemon()
                .name("replay-", 0)
                .priority(Thread.MIN_PRIORITY)
                .factory());
    try {
      List<Recorded> batch = new ArrayList<>(BATCH);
      long[] seen = new long[1];
      journal.from(
          1,
          recorded -> {
            batch.add(recorded);
            if (batch.size() == BATCH) {
              spread(lots, workers, hands, batch, watcher);
              batch.clear();
            }
            seen[0]++;
            return seen[0] < events && step(watcher, seen[0], (double) seen[0] / events);
          });
      spread(lots, workers, hands, batch, watcher);
    } finally {
      workers.shutdownNow();
    }
  }

  private static void spread(
      Map<String, Lot> lots,
      ExecutorService workers,
      int hands,
      List<Recorded> batch,
      Watcher watcher) {
    List<String> projects = List.copyOf(lots.keySet());
    List<Future<?>> running = new ArrayList<>();
    for (int hand = 0; hand < hands; hand++) {
      int mine = hand;
      running.add(
          workers.submit(
              () -> {
                for (Recorded recorded : batch) {
                  watcher.check();
                  for (int i = mine; i < projects.size(); i += hands) {
                    Lot lot = lots.get(projects.get(i));
                    boolean ours =
                        recorded.project().equals(projects.get(i))
                            || recorded.project().equals(Recorded.GATEWAY);
                    if (lot != null && ours) {
                      lot.take(recorded);
                    }
                  }
                }
              }));
    }
    for (Future<?> one : running) {
      try {
        one.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Watcher.Cancelled();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Watcher.Cancelled cancelled) {
          throw cancelled;
        }
        throw new IllegalStateException("the replay failed: " + e.getCause(), e);
      }
    }
  }
}
