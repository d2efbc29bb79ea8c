package io.securegateway.e2e;

import io.securegateway.api.Effect;
import io.securegateway.core.decide.Decide;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.session.Facts;
import io.securegateway.server.flow.Recovery;
import io.securegateway.server.journal.JournalReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a journal from its beginning and decides every recorded call again: with the policy that
 * was in force, over the facts folded so far. Nothing of a running gateway goes in.
 */
final class JournalReplay {
  private final Recovery past = new Recovery();
  private final List<Recorded> events = new ArrayList<>();
  private final List<String> mismatches = new ArrayList<>();
  private final Map<Effect, Integer> effects = new EnumMap<>(Effect.class);
  private final Map<String, Integer> codes = new TreeMap<>();
  private final Map<String, Event.CallDecided> decided = new LinkedHashMap<>();
  private final Map<String, Event> ends = new HashMap<>();
  private int revisions;
  private int factsMattered;

  /** Reads it all. */
  static JournalReplay of(Path journal) {
    JournalReplay replay = new JournalReplay();
    new JournalReader(journal).scan(1, Long.MAX_VALUE, replay::take);
    return replay;
  }

  private boolean take(Recorded recorded) {
    events.add(recorded);
    switch (recorded.event()) {
      case Event.CallDecided call -> judge(recorded, call);
      case Event.CallResult result -> ends.put(result.callId(), result);
      case Event.CallReleased released -> ends.put(released.callId(), released);
      case Event.PolicyActivated activated -> revisions++;
      default -> {}
    }
    return past.take(recorded);
  }

  private void judge(Recorded recorded, Event.CallDecided event) {
    Recovery.Project project = past.projectOrEmpty(recorded.project());
    Decision before = event.decision();
    Decision again = Decide.decide(project.policy(), project.facts(), event.call());
    boolean equal =
        again.digest().equals(before.digest())
            && again.effect() == before.effect()
            && again.rules().equals(before.rules())
            && again.charges().equals(before.charges())
            && again.revision().equals(before.revision());
    if (!equal) {
      mismatches.add(
          "seq %d: recorded %s %s %s, now %s %s %s"
              .formatted(
                  recorded.seq(),
                  before.effect(),
                  before.rules(),
                  before.charges(),
                  again.effect(),
                  again.rules(),
                  again.charges()));
    }
    Facts nothing = Facts.empty(recorded.project());
    if (Decide.decide(project.policy(), nothing, event.call()).effect() != before.effect()) {
      factsMattered++;
    }
    effects.merge(before.effect(), 1, Integer::sum);
    codes.merge(before.code().code(), 1, Integer::sum);
    decided.put(event.call().id(), event);
  }

  /** Every event, in order. */
  List<Recorded> events() {
    return events;
  }

  /** The decided calls by id, in order. */
  Map<String, Event.CallDecided> decided() {
    return decided;
  }

  /** The decision of an acknowledged call; fails if the journal does not hold it. */
  Event.CallDecided call(String id) {
    Event.CallDecided event = decided.get(id);
    if (event == null) {
      throw new AssertionError("the journal does not hold the acknowledged call " + id);
    }
    return event;
  }

  /** How each call ended, by its id. */
  Map<String, Event> ends() {
    return ends;
  }

  /** Decisions that come out otherwise now. */
  List<String> mismatches() {
    return mismatches;
  }

  /** How many decisions have each effect. */
  Map<Effect, Integer> effects() {
    return effects;
  }

  /** How many decisions have each reason code. */
  Map<String, Integer> codes() {
    return codes;
  }

  /** How often a policy came into force. */
  int revisions() {
    return revisions;
  }

  /** Decisions that would have another effect had nothing happened before. */
  int factsMattered() {
    return factsMattered;
  }

  /** A project's facts at the end. */
  Facts facts(String project) {
    return past.projectOrEmpty(project).facts();
  }

  /** The share of decisions that came out equal, with two decimals. */
  String share() {
    int all = Math.max(1, decided.size());
    return "%.2f %%".formatted(100.0 * (all - mismatches.size()) / all);
  }
}
