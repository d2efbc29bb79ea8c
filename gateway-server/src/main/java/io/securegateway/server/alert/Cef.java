package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Alert;
import io.securegateway.core.anomaly.Delivery;

/** Alerts as CEF events in RFC 5424 messages. Foreign text cannot break out of its field. Pure. */
final class Cef {
  private static final int MAX_FIELD = 1_000;

  private Cef() {}

  /** The whole message, without framing. */
  static String message(Delivery delivery, String host, String version) {
    Alert alert = delivery.alert();
    int priority = 10 * 8 + syslog(alert);
    return "<%d>1 %s %s SecureGateway - %s - %s"
        .formatted(
            priority,
            java.time.Instant.ofEpochMilli(delivery.created()),
            word(host, 255),
            word(delivery.event(), 32),
            cef(delivery, version));
  }

  private static int syslog(Alert alert) {
    return switch (alert.severity()) {
      case CRITICAL -> 2;
      case HIGH -> 3;
      case MEDIUM -> 4;
      case LOW -> 5;
    };
  }

  private static String cef(Delivery delivery, String version) {
    Alert alert = delivery.alert();
    int severity =
        switch (alert.severity()) {
          case CRITICAL -> 10;
          case HIGH -> 8;
          case MEDIUM -> 5;
          case LOW -> 3;
        };
    StringBuilder text = new StringBuilder("CEF:0|SecureGateway|SecureGateway|");
    text.append(header(version)).append('|');
    text.append(header("alert." + Drill.detector(delivery))).append('|');
    text.append(header(Drill.title(delivery))).append('|').append(severity).append('|');
    field(text, "externalId", alert.id());
    field(text, "cnt", Long.toString(alert.count()));
    field(text, "start", Long.toString(alert.firstSeen()));
    field(text, "end", Long.toString(alert.lastSeen()));
    field(text, "rt", Long.toString(delivery.created()));
    field(text, "cat", Drill.detector(delivery));
    field(text, "act", delivery.event());
    field(text, "suid", alert.group().getOrDefault("key", ""));
    field(text, "cs1Label", "toolName");
    field(text, "cs1", alert.group().getOrDefault("tool", ""));
    field(text, "cs2Label", "project");
    field(text, "cs2", alert.project());
    field(text, "flexString1Label", "delivery");
    field(text, "flexString1", delivery.id());
    field(text, "msg", alert.summary());
    return text.toString().stripTrailing();
  }

  private static void field(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      String kept = value.length() > MAX_FIELD ? value.substring(0, MAX_FIELD) + "…" : value;
      text.append(name).append('=');
      text.append(printable(kept).replace("\\", "\\\\").replace("=", "\\=")).append(' ');
    }
  }

  private static String header(String value) {
    return printable(value).replace("\\", "\\\\").replace("|", "\\|");
  }

  /** Control, line and direction characters become a question mark. */
  private static String printable(String value) {
    return value.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]", "?");
  }

  private static String word(String value, int most) {
    String plain = value.replaceAll("[^!-~]", "_");
    String cut = plain.length() > most ? plain.substring(0, most) : plain;
    return cut.isEmpty() ? "-" : cut;
  }
}
