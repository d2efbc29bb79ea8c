package io.securegateway.core.session;

import org.jspecify.annotations.Nullable;

/**
 * A past call, or a reported result, as session rules see it.
 *
 * @param seq of the event that brought it
 * @param time when it was judged, UTC milliseconds
 * @param uid of its session
 * @param charged whether it took from the limits that select it
 * @param arguments null once dropped for space
 * @param result what came back; null if nothing did or it was dropped
 * @param resultDropped whether there was a result that is no longer kept
 */
public record CallFact(
    long seq,
    long time,
    String id,
    String uid,
    String key,
    String model,
    String session,
    String tool,
    @Nullable String client,
    CallState state,
    boolean charged,
    @Nullable Kept arguments,
    @Nullable Kept result,
    boolean resultDropped) {

  CallFact with(CallState changed, boolean stillCharged) {
    return new CallFact(
        seq,
        time,
        id,
        uid,
        key,
        model,
        session,
        tool,
        client,
        changed,
        stillCharged,
        arguments,
        result,
        resultDropped);
  }

  CallFact withResult(@Nullable Kept output, boolean dropped) {
    return new CallFact(
        seq, time, id, uid, key, model, session, tool, client, state, charged, arguments, output,
        dropped);
  }

  CallFact withoutTrees() {
    return new CallFact(
        seq,
        time,
        id,
        uid,
        key,
        model,
        session,
        tool,
        client,
        state,
        charged,
        null,
        null,
        resultDropped || result != null);
  }

  CallFact withoutArguments() {
    return new CallFact(
        seq,
        time,
        id,
        uid,
        key,
        model,
        session,
        tool,
        client,
        state,
        charged,
        null,
        result,
        resultDropped);
  }

  /** What its trees take in memory. */
  int bytes() {
    return (arguments == null ? 0 : arguments.bytes()) + (result == null ? 0 : result.bytes());
  }
}
