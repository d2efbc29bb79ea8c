package io.securegateway.core.anomaly;

import java.util.Map;

/**
 * How a project is watched.
 *
 * @param detectors what differs from the defaults
 * @param quiet how long nothing has to happen until an alert is resolved, milliseconds
 */
public record AnomalySettings(Map<Detector, Detector.Settings> detectors, long quiet) {
  /** Every detector as it comes; resolved after ten quiet minutes. */
  public static final AnomalySettings DEFAULT = new AnomalySettings(Map.of(), 600_000);

  /** Copies the map. */
  public AnomalySettings {
    detectors = Map.copyOf(detectors);
  }

  /** Of one detector. */
  public Detector.Settings of(Detector detector) {
    Detector.Settings own = detectors.get(detector);
    return own == null ? detector.defaults() : own;
  }
}
