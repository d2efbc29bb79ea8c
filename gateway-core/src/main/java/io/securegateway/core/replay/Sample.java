package io.securegateway.core.replay;

import org.jspecify.annotations.Nullable;

/**
 * One call whose verdict changes.
 *
 * @param uid the session's unique id
 * @param call which of the session's calls, from 0
 * @param id of the call, its {@code trace_id}; null in a trace without ids
 * @param first whether the session goes another way from here on
 * @param count how often it came in a row
 */
public record Sample(
    String project,
    String session,
    String uid,
    String model,
    int call,
    @Nullable String id,
    String tool,
    Change change,
    Ruling was,
    Ruling now,
    boolean first,
    long count) {
  Sample again() {
    return new Sample(
        project, session, uid, model, call, id, tool, change, was, now, first, count + 1);
  }
}
