package io.securegateway.core.event;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Events of alerts and their deliveries as JSON. Pure. */
final class AlertCodec {
  private AlertCodec() {}

  static void write(Event.AlertOpened e, ObjectNode line) {
    line.put("alert", e.id()).put("detector", e.detector()).put("severity", e.severity());
    line.put("fingerprint", e.fingerprint());
    ObjectNode group = line.putObject("group");
    new TreeMap<>(e.group()).forEach(group::put);
    line.put("count", e.count()).put("up_to", e.upTo());
    line.put("first_seen", e.firstSeen()).put("last_seen", e.lastSeen());
    line.put("summary", e.summary());
    e.samples().forEach(line.putArray("samples")::add);
    e.sinks().forEach(line.putArray("sinks")::add);
  }

  static Event opened(JsonNode line) {
    Map<String, String> group = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : EventCodec.member(line, "group").properties()) {
      group.put(entry.getKey(), entry.getValue().asString(""));
    }
    return new Event.AlertOpened(
        EventCodec.text(line, "alert"),
        EventCodec.text(line, "detector"),
        EventCodec.text(line, "severity"),
        EventCodec.text(line, "fingerprint"),
        group,
        EventCodec.number(line, "count"),
        EventCodec.number(line, "up_to"),
        EventCodec.number(line, "first_seen"),
        EventCodec.number(line, "last_seen"),
        EventCodec.text(line, "summary"),
        texts(line, "samples"),
        texts(line, "sinks"));
  }

  static void write(Event.AlertUpdated e, ObjectNode line) {
    line.put("alert", e.id()).put("count", e.count()).put("up_to", e.upTo());
    line.put("last_seen", e.lastSeen());
    e.samples().forEach(line.putArray("samples")::add);
    line.put("told", e.told());
  }

  static Event updated(JsonNode line) {
    return new Event.AlertUpdated(
        EventCodec.text(line, "alert"),
        EventCodec.number(line, "count"),
        EventCodec.number(line, "up_to"),
        EventCodec.number(line, "last_seen"),
        texts(line, "samples"),
        EventCodec.flag(line, "told"));
  }

  static void write(Event.DeliveryTried e, ObjectNode line) {
    line.put("delivery", e.delivery()).put("sink", e.sink()).put("alert", e.alert());
    line.put("attempt", e.attempt()).put("result", e.result().name().toLowerCase(Locale.ROOT));
    Integer status = e.status();
    if (status != null) {
      line.put("status", status);
    }
    EventCodec.optional(line, "detail", e.detail());
    Long next = e.next();
    if (next != null) {
      line.put("next", next);
    }
  }

  static Event tried(JsonNode line) {
    return new Event.DeliveryTried(
        EventCodec.text(line, "delivery"),
        EventCodec.text(line, "sink"),
        EventCodec.text(line, "alert"),
        (int) EventCodec.number(line, "attempt"),
        Event.Sent.valueOf(EventCodec.text(line, "result").toUpperCase(Locale.ROOT)),
        line.has("status") ? (Integer) (int) EventCodec.number(line, "status") : null,
        EventCodec.optional(line, "detail"),
        line.has("next") ? EventCodec.number(line, "next") : null);
  }

  private static List<String> texts(JsonNode line, String name) {
    return EventCodec.member(line, name).values().stream().map(one -> one.asString("")).toList();
  }
}
