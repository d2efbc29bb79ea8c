package io.securegateway.core.event;

import io.securegateway.core.policy.SourceKind;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code policy.versioned} as JSON. Pure. */
final class PolicyVersionedCodec {
  private PolicyVersionedCodec() {}

  static void write(Event.PolicyVersioned event, ObjectNode line) {
    line.put("kind", event.kind().word()).put("ts", event.ts());
    EventCodec.optional(line, "sha256", event.sha256());
    line.put("author", event.author()).put("message", event.message());
    line.put("source", event.source());
    Long from = event.rolledBackFrom();
    if (from != null) {
      line.put("rolled_back_from", from);
    }
    ArrayNode keys = line.putArray("keys");
    for (Event.KeyRef key : event.keys()) {
      ObjectNode item = keys.addObject().put("id", key.id()).put("sha256", key.sha256());
      if (key.expires() != Long.MAX_VALUE) {
        item.put("expires", key.expires());
      }
    }
    line.put("text", event.text());
  }

  static Event read(JsonNode line) {
    List<Event.KeyRef> keys = new ArrayList<>();
    for (JsonNode key : EventCodec.member(line, "keys").values()) {
      keys.add(
          new Event.KeyRef(
              EventCodec.text(key, "id"),
              EventCodec.text(key, "sha256"),
              key.has("expires") ? EventCodec.number(key, "expires") : Long.MAX_VALUE));
    }
    return new Event.PolicyVersioned(
        SourceKind.of(EventCodec.text(line, "kind")),
        EventCodec.number(line, "ts"),
        EventCodec.optional(line, "sha256"),
        EventCodec.text(line, "text"),
        EventCodec.text(line, "author"),
        EventCodec.text(line, "message"),
        EventCodec.text(line, "source"),
        line.has("rolled_back_from") ? EventCodec.number(line, "rolled_back_from") : null,
        List.copyOf(keys));
  }
}
