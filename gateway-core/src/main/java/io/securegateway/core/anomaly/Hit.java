package io.securegateway.core.anomaly;

import io.securegateway.core.policy.Sha256;
import java.util.SortedMap;

/**
 * A detector's threshold is reached, or still is.
 *
 * @param project whose, or {@code -} for the gateway
 * @param group what it is counted over, such as {@code key}
 * @param seq of the event that did it
 * @param time of that event, UTC milliseconds
 * @param count how many the window holds
 * @param since time of the oldest of them
 * @param sample the id of the call, or empty
 */
public record Hit(
    Detector detector,
    String project,
    SortedMap<String, String> group,
    long seq,
    long time,
    int count,
    long since,
    String sample) {

  /** Names what is wrong: one alert is open for it at a time. */
  public String fingerprint() {
    StringBuilder text = new StringBuilder(detector.word()).append('\n').append(project);
    group.forEach((name, value) -> text.append('\n').append(name).append('=').append(value));
    return Sha256.hex(text.toString()).substring(0, 32);
  }

  /** The id of the alert that this hit opens: the same however often the event is read. */
  public String alertId() {
    return "a-" + Sha256.hex(fingerprint() + "/" + seq).substring(0, 20);
  }
}
