package io.securegateway.core.session;

import io.securegateway.api.Caller;
import io.securegateway.core.json.Canonical;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import tools.jackson.databind.JsonNode;

/**
 * What happened in one project so far, as an immutable value: a snapshot is its reference. Made by
 * {@link Fold}, read by {@code decide}.
 *
 * @param project whose facts they are
 * @param position {@code seq} of the last event that was folded
 * @param time of that event, UTC milliseconds
 * @param keys by the key's id
 * @param scope the whole project
 * @param limits by the limit's id
 * @param held reservations that may still be given back, by call id
 * @param approvals the key's id, by the approval's
 * @param bytes what all kept trees take
 * @param trimmed the trees of calls up to this {@code seq} are dropped
 */
public record Facts(
    String project,
    long position,
    long time,
    PMap<String, KeyFacts> keys,
    Scope scope,
    PMap<String, LimitState> limits,
    PMap<String, Held> held,
    PMap<String, String> approvals,
    long bytes,
    long trimmed) {
  /** After so long without an event a session starts anew. */
  public static final long SESSION_IDLE = Duration.ofHours(24).toMillis();

  /** After so long without an event the next implicit session starts. */
  public static final long IMPLICIT_IDLE = Duration.ofMinutes(30).toMillis();

  /** Nothing happened yet, and that is all there is to know. */
  public static Facts empty(String project) {
    return new Facts(
        project,
        0,
        0,
        HashTreePMap.empty(),
        Scope.EMPTY,
        HashTreePMap.empty(),
        HashTreePMap.empty(),
        HashTreePMap.empty(),
        0,
        0);
  }

  /** The live session, or null if there is none: never begun, ended, or idle for 24 hours. */
  public @Nullable SessionFacts session(String key, String session, long time) {
    KeyFacts owner = keys.get(key);
    SessionFacts found = owner == null ? null : owner.sessions().get(session);
    return found == null || time - found.lastActive() >= SESSION_IDLE ? null : found;
  }

  /** What is known of the key. */
  public KeyFacts key(String key) {
    return keys.getOrDefault(key, KeyFacts.EMPTY);
  }

  /**
   * The unique id for the next event of a session: of the live one, or a new one. Valid until the
   * next event is folded.
   */
  public String uid(Caller caller, String session, long time) {
    SessionFacts live = session(caller.key(), session, time);
    if (live != null) {
      return live.uid();
    }
    String origin =
        String.join("\n", project, caller.key(), session, Long.toString(time), "" + position);
    return "s-" + Canonical.sha256(origin).substring(0, 20);
  }

  /** The id of the session that a call without one belongs to: {@code ~1}, {@code ~2}, …. */
  public String implicitSession(Caller caller, long time) {
    long number = key(caller.key()).implicit();
    SessionFacts current = session(caller.key(), "~" + number, time);
    boolean goesOn = current != null && time - current.lastActive() < IMPLICIT_IDLE;
    return "~" + (goesOn ? number : number + 1);
  }

  /** What an approval is for: this session, tool and value of the arguments. */
  public static String fingerprint(String uid, String tool, JsonNode arguments) {
    return Canonical.sha256(uid + "\n" + tool + "\n" + Canonical.text(arguments));
  }
}
