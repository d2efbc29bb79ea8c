package io.securegateway.core.session;

import org.pcollections.TreePVector;

/**
 * One session.
 *
 * @param id as the caller names it, within the key
 * @param uid unique
 * @param model of its first call
 * @param started UTC milliseconds
 * @param lastActive UTC milliseconds
 * @param lastSeq of its latest event
 * @param prompts folded, see {@link io.securegateway.core.policy.Folding}
 * @param promptsComplete whether no prompt was left out for space
 * @param risk the highest of its calls, hundredths
 * @param bytes what the kept trees of its calls take
 * @param trimmed the trees of calls up to this {@code seq} are dropped
 */
public record SessionFacts(
    String id,
    String uid,
    String model,
    long started,
    long lastActive,
    long lastSeq,
    Scope scope,
    TreePVector<String> prompts,
    boolean promptsComplete,
    int risk,
    long bytes,
    long trimmed) {

  static SessionFacts start(String id, String uid, String model, long time, long seq) {
    return new SessionFacts(
        id, uid, model, time, time, seq, Scope.EMPTY, TreePVector.empty(), true, 0, 0, 0);
  }

  SessionFacts active(long time, long seq) {
    return new SessionFacts(
        id, uid, model, started, time, seq, scope, prompts, promptsComplete, risk, bytes, trimmed);
  }

  SessionFacts with(Scope changed) {
    return new SessionFacts(
        id,
        uid,
        model,
        started,
        lastActive,
        lastSeq,
        changed,
        prompts,
        promptsComplete,
        risk,
        bytes,
        trimmed);
  }

  SessionFacts with(TreePVector<String> all, boolean complete) {
    return new SessionFacts(
        id, uid, model, started, lastActive, lastSeq, scope, all, complete, risk, bytes, trimmed);
  }

  SessionFacts risked(int of) {
    return new SessionFacts(
        id,
        uid,
        model,
        started,
        lastActive,
        lastSeq,
        scope,
        prompts,
        promptsComplete,
        Math.max(risk, of),
        bytes,
        trimmed);
  }

  SessionFacts weighing(long now, long upTo) {
    return new SessionFacts(
        id,
        uid,
        model,
        started,
        lastActive,
        lastSeq,
        scope,
        prompts,
        promptsComplete,
        risk,
        now,
        upTo);
  }

  /** What its prompts take. */
  int promptSize() {
    return prompts.stream().mapToInt(String::length).sum();
  }
}
