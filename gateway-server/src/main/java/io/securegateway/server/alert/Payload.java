package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Alert;
import io.securegateway.core.anomaly.Delivery;
import io.securegateway.core.json.StrictJson;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Alerts as JSON for receivers. Never holds arguments or results of calls. Pure. */
final class Payload {
  private Payload() {}

  /** For a SIEM: flat, with at least {@code alert} and {@code count}. */
  static byte[] siem(Delivery delivery) {
    return StrictJson.write(alert(delivery));
  }

  private static ObjectNode alert(Delivery delivery) {
    Alert alert = delivery.alert();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("alert", Drill.title(delivery)).put("count", alert.count());
    body.put("id", alert.id()).put("event", delivery.event()).put("delivery", delivery.id());
    body.put("detector", Drill.detector(delivery)).put("severity", alert.severity().word());
    body.put("state", alert.state().name().toLowerCase(Locale.ROOT));
    body.put("project", alert.project());
    ObjectNode group = body.putObject("group");
    alert.group().forEach(group::put);
    body.put("summary", alert.summary()).put("fingerprint", alert.fingerprint());
    body.put("first_seen", BigDecimal.valueOf(alert.firstSeen(), 3));
    body.put("last_seen", BigDecimal.valueOf(alert.lastSeen(), 3));
    alert.samples().forEach(body.putArray("trace_ids")::add);
    return body;
  }

  /** For webhooks: {@code {type, timestamp, data}}. */
  static byte[] webhook(Delivery delivery) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("type", delivery.event());
    body.put("timestamp", Instant.ofEpochMilli(delivery.created()).toString());
    body.set("data", alert(delivery));
    return StrictJson.write(body);
  }
}
