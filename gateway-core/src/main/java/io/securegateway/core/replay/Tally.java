package io.securegateway.core.replay;

import io.securegateway.core.call.Call;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What comes of a replay in one mode. Tallies of parts are merged in the order of the sessions; the
 * bounds on names and samples then give the same for any number of threads. Not thread-safe.
 */
public final class Tally {
  /** Most samples of each change. */
  public static final int MAX_SAMPLES = 20;

  /** Most rules, tools and models that are told apart; callers choose the names of tools. */
  static final int MAX_NAMES = 1_000;

  /** Stands for the names beyond the bound. */
  public static final String OTHERS = "(others)";

  private final Map<Change, Long> classes = new EnumMap<>(Change.class);
  private final Map<Change, Long> firsts = new EnumMap<>(Change.class);
  private final Map<Change, Long> later = new EnumMap<>(Change.class);
  private final Map<String, Map<Change, Long>> rules = new HashMap<>();
  private final Map<String, Map<Change, Long>> tools = new HashMap<>();
  private final Map<String, Map<Change, Long>> models = new HashMap<>();
  private final Map<Change, List<Sample>> samples = new EnumMap<>(Change.class);
  private final Labels labels = new Labels();
  private long changedSessions;
  private long callsAfter;
  private long retries;

  /** Begins with nothing. */
  public Tally() {}

  /** Counts a call. */
  public void count(Judged judged) {
    Change change = judged.change();
    add(classes, change, 1);
    Call call = judged.call();
    add(tools, call.tool(), change);
    add(models, call.caller().model(), change);
    if (judged.after()) {
      callsAfter++;
    }
    if (change == Change.UNCHANGED) {
      return;
    }
    add(rules, cause(judged), change);
    if (judged.first()) {
      changedSessions++;
      add(firsts, change, 1);
    } else if (judged.after() && change.diverges()) {
      add(later, change, 1);
    }
    sample(judged);
  }

  /** Counts a call that cannot be judged. */
  public void unreplayable() {
    add(classes, Change.UNREPLAYABLE, 1);
  }

  /** The label of a whole session, and what became of it. */
  public Labels labels() {
    return labels;
  }

  /** The rule that changes it: the one that decides now, or that decided before. */
  private static String cause(Judged judged) {
    String now = judged.decision().rule();
    String was = judged.was().rule();
    if (now != null) {
      return now;
    }
    return was != null ? was : judged.decision().code().code();
  }

  private void sample(Judged judged) {
    List<Sample> same = samples.computeIfAbsent(judged.change(), fresh -> new ArrayList<>());
    if (judged.retry()) {
      retries++;
      Sample before = same.isEmpty() ? null : same.getLast();
      if (before != null
          && before.uid().equals(judged.uid())
          && before.call() + before.count() == judged.index()) {
        same.set(same.size() - 1, before.again());
      }
      return;
    }
    if (same.size() < MAX_SAMPLES) {
      Call call = judged.call();
      same.add(
          new Sample(
              call.caller().project(),
              call.session(),
              judged.uid(),
              call.caller().model(),
              judged.index(),
              call.id(),
              call.tool(),
              judged.change(),
              judged.was(),
              Ruling.of(judged.decision()),
              judged.first(),
              1));
    }
  }

  /** Adds what came of the sessions that follow. */
  public void merge(Tally next) {
    next.classes.forEach((change, count) -> add(classes, change, count));
    next.firsts.forEach((change, count) -> add(firsts, change, count));
    next.later.forEach((change, count) -> add(later, change, count));
    merge(rules, next.rules);
    merge(tools, next.tools);
    merge(models, next.models);
    next.samples.forEach(
        (change, more) -> {
          List<Sample> same = samples.computeIfAbsent(change, fresh -> new ArrayList<>());
          same.addAll(more.subList(0, Math.min(more.size(), MAX_SAMPLES - same.size())));
        });
    labels.merge(next.labels);
    changedSessions += next.changedSessions;
    callsAfter += next.callsAfter;
    retries += next.retries;
  }

  private static void merge(
      Map<String, Map<Change, Long>> into, Map<String, Map<Change, Long>> more) {
    more.keySet().stream()
        .sorted()
        .forEach(
            name ->
                more.getOrDefault(name, Map.of())
                    .forEach((change, count) -> add(counts(into, name), change, count)));
  }

  private static void add(Map<String, Map<Change, Long>> to, String name, Change change) {
    add(counts(to, name), change, 1);
  }

  private static Map<Change, Long> counts(Map<String, Map<Change, Long>> of, String name) {
    String known = of.containsKey(name) || of.size() < MAX_NAMES ? name : OTHERS;
    return of.computeIfAbsent(known, fresh -> new EnumMap<>(Change.class));
  }

  private static void add(Map<Change, Long> to, Change change, long count) {
    to.merge(change, count, Long::sum);
  }

  /** How many calls have that change. */
  public long calls(Change change) {
    return classes.getOrDefault(change, 0L);
  }

  /** How many sessions first go another way by that change. */
  public long firsts(Change change) {
    return firsts.getOrDefault(change, 0L);
  }

  /** How many changes come after the first of their session. */
  public long later(Change change) {
    return later.getOrDefault(change, 0L);
  }

  /** Changed calls by the rule that changes them. */
  public Map<String, Map<Change, Long>> rules() {
    return rules;
  }

  /** Calls by tool. */
  public Map<String, Map<Change, Long>> tools() {
    return tools;
  }

  /** Calls by model. */
  public Map<String, Map<Change, Long>> models() {
    return models;
  }

  /** The first of each change, in the order of sessions. */
  public List<Sample> samples() {
    return samples.values().stream().flatMap(List::stream).toList();
  }

  /** Sessions that go another way. */
  public long changedSessions() {
    return changedSessions;
  }

  /** Calls that come after their session went another way. */
  public long callsAfter() {
    return callsAfter;
  }

  /** Changed calls that only repeat the one before. */
  public long retries() {
    return retries;
  }
}
