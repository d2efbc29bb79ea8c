package io.securegateway.core.anomaly;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An alert book as JSON, for snapshots. Pure. */
public final class BookCodec {
  private BookCodec() {}

  /** What {@link #read} reads. */
  public static JsonNode write(AlertBook book) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    var alerts = node.putArray("alerts");
    book.alerts().forEach(alert -> alerts.add(alert(alert)));
    var deliveries = node.putArray("deliveries");
    for (Delivery delivery : book.deliveries()) {
      ObjectNode item = deliveries.addObject();
      item.put("id", delivery.id()).put("event", delivery.event()).put("sink", delivery.sink());
      item.put("created", delivery.created()).put("state", delivery.state().name());
      item.put("attempts", delivery.attempts()).put("status", delivery.lastStatus());
      item.put("error", delivery.lastError()).put("next", delivery.nextAttempt());
      item.put("ended", delivery.ended());
      item.set("alert", alert(delivery.alert()));
    }
    return node;
  }

  private static ObjectNode alert(Alert alert) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("id", alert.id()).put("detector", alert.detector().word());
    item.put("severity", alert.severity().word()).put("project", alert.project());
    item.put("fingerprint", alert.fingerprint()).put("state", alert.state().name());
    ObjectNode group = item.putObject("group");
    alert.group().forEach(group::put);
    item.put("count", alert.count()).put("up_to", alert.upTo());
    item.put("first_seen", alert.firstSeen()).put("last_seen", alert.lastSeen());
    item.put("summary", alert.summary());
    alert.samples().forEach(item.putArray("samples")::add);
    alert.sinks().forEach(item.putArray("sinks")::add);
    return item.put("by", alert.acknowledgedBy()).put("note", alert.note());
  }

  /** Puts back what was written into a fresh book. */
  public static void read(JsonNode node, AlertBook book) {
    List<Alert> alerts = new ArrayList<>();
    node.path("alerts").values().forEach(item -> alerts.add(alert(item)));
    List<Delivery> deliveries = new ArrayList<>();
    for (JsonNode item : node.path("deliveries").values()) {
      Long status = number(item, "status");
      deliveries.add(
          new Delivery(
              item.path("id").asString(""),
              item.path("event").asString(""),
              item.path("sink").asString(""),
              alert(item.path("alert")),
              item.path("created").asLong(0),
              Delivery.State.valueOf(item.path("state").asString("")),
              item.path("attempts").asInt(0),
              status == null ? null : (Integer) status.intValue(),
              text(item, "error"),
              number(item, "next"),
              number(item, "ended")));
    }
    book.restore(alerts, deliveries);
  }

  private static Alert alert(JsonNode item) {
    Map<String, String> group = new TreeMap<>();
    item.path("group").properties().forEach(e -> group.put(e.getKey(), e.getValue().asString("")));
    return new Alert(
        item.path("id").asString(""),
        Detector.of(item.path("detector").asString("")),
        Severity.of(item.path("severity").asString("")),
        item.path("project").asString(""),
        item.path("fingerprint").asString(""),
        group,
        Alert.State.valueOf(item.path("state").asString("")),
        item.path("count").asLong(0),
        item.path("up_to").asLong(0),
        item.path("first_seen").asLong(0),
        item.path("last_seen").asLong(0),
        item.path("summary").asString(""),
        texts(item.path("samples")),
        texts(item.path("sinks")),
        text(item, "by"),
        text(item, "note"));
  }

  private static List<String> texts(JsonNode array) {
    return array.values().stream().map(one -> one.asString("")).toList();
  }

  private static @Nullable String text(JsonNode item, String name) {
    return item.path(name).isString() ? item.path(name).stringValue() : null;
  }

  private static @Nullable Long number(JsonNode item, String name) {
    return item.path(name).isNumber() ? (Long) item.path(name).longValue() : null;
  }
}
