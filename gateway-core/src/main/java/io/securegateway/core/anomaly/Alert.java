package io.securegateway.core.anomaly;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody should look at. Immutable.
 *
 * @param project whose, or {@code -} for the gateway
 * @param group what it is about, such as {@code key}
 * @param count how many events it stands for
 * @param upTo {@code seq} of the last event that is counted
 * @param firstSeen UTC milliseconds
 * @param lastSeen UTC milliseconds
 * @param samples ids of calls, at most 20
 * @param sinks to whom it is told
 */
public record Alert(
    String id,
    Detector detector,
    Severity severity,
    String project,
    String fingerprint,
    Map<String, String> group,
    State state,
    long count,
    long upTo,
    long firstSeen,
    long lastSeen,
    String summary,
    List<String> samples,
    List<String> sinks,
    @Nullable String acknowledgedBy,
    @Nullable String note) {
  /** Most samples of one alert. */
  public static final int MAX_SAMPLES = 20;

  /** Where it stands. */
  public enum State {
    OPEN,
    ACKNOWLEDGED,
    RESOLVED
  }

  Alert with(State changed) {
    return new Alert(
        id,
        detector,
        severity,
        project,
        fingerprint,
        group,
        changed,
        count,
        upTo,
        firstSeen,
        lastSeen,
        summary,
        samples,
        sinks,
        acknowledgedBy,
        note);
  }

  Alert acknowledged(String by, @Nullable String why) {
    return new Alert(
        id,
        detector,
        severity,
        project,
        fingerprint,
        group,
        State.ACKNOWLEDGED,
        count,
        upTo,
        firstSeen,
        lastSeen,
        summary,
        samples,
        sinks,
        by,
        why);
  }

  Alert counted(long to, long seq, long time, List<String> shown) {
    return new Alert(
        id,
        detector,
        severity,
        project,
        fingerprint,
        group,
        state,
        to,
        seq,
        firstSeen,
        time,
        summary,
        shown,
        sinks,
        acknowledgedBy,
        note);
  }
}
