package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Alert;
import io.securegateway.core.anomaly.Delivery;
import io.securegateway.core.anomaly.Detector;
import io.securegateway.core.event.Recorded;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The message of a test: in a sink's own form, and plainly about nothing. No alert stands behind
 * it, so it has neither count nor samples and is resolved already.
 */
final class Drill {
  /** Its event; those of alerts have other ones. */
  static final String EVENT = "alert.test";

  private Drill() {}

  /** One for that sink; {@code by} asked for it. */
  static Delivery of(SinkSettings sink, String by, long now) {
    String id = "test-" + UUID.randomUUID();
    Alert nothing =
        new Alert(
            id,
            Detector.DENIAL_BURST,
            sink.least(),
            Recorded.GATEWAY,
            id,
            Map.of(),
            Alert.State.RESOLVED,
            0,
            0,
            now,
            now,
            "A test that " + by + " asked for; nothing happened.",
            List.of(),
            List.of(sink.name()),
            null,
            null);
    return new Delivery(
        "d-" + id,
        EVENT,
        sink.name(),
        nothing,
        now,
        Delivery.State.PENDING,
        0,
        null,
        null,
        now,
        null);
  }

  /** What a message calls the finding. */
  static String title(Delivery delivery) {
    return isTest(delivery) ? "test alert" : delivery.alert().detector().title();
  }

  /** What a message names as the detector. */
  static String detector(Delivery delivery) {
    return isTest(delivery) ? "test" : delivery.alert().detector().word();
  }

  private static boolean isTest(Delivery delivery) {
    return delivery.event().equals(EVENT);
  }
}
