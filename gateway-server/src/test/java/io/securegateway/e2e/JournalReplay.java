package io.securegateway.e2e;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.decide.Decide;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.session.Facts;
import io.securegateway.server.flow.Recovery;
import io.securegateway.server.journal.JournalReader;
import io.securegateway.server.replay.Identity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a journal from its beginning and decides every recorded call again: as the product's own
 * {@link Identity} does. Nothing of a running gateway goes in.
 */
final class JournalReplay {
  private final Identity identity = new Identity();
  private final List<Recorded> events = new ArrayList<>();
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
    identity.take(recorded);
    return true;
  }

  private void judge(Recorded recorded, Event.CallDecided event) {
    Recovery.Project project = identity.project(recorded.project());
    Decision before = event.decision();
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
    return identity.result().mismatches().stream().map(Identity.Mismatch::toString).toList();
  }

  /** How many decisions have each effect. */
  Map<Effect, Integer> effects() {
    return effects;
  }

  /** How many decisions have each reason code. */
  Map<String, Integer> codes() {
    return codes;
  }

  /** Decisions of calls that a plugin had changed. */
  int replacements() {
    return (int) decided.values().stream().filter(one -> one.call().replaces() != null).count();
  }

  /** How many calls were let go of for that reason. */
  long ended(Reason why) {
    return ends.values().stream()
        .filter(end -> end instanceof Event.CallReleased released && released.code() == why)
        .count();
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
    return identity.project(project).facts();
  }

  /** The share of decisions that came out equal, with two decimals. */
  String share() {
    return identity.result().share();
  }
}
