package io.securegateway.core.event;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code catalogue.flagged} and {@code catalogue.accepted} as members of a line. Pure. */
final class CataloguePinCodec {
  private CataloguePinCodec() {}

  static void write(Event.CatalogueFlagged e, ObjectNode line) {
    line.put("owner", e.owner()).put("upstream", e.upstream()).put("tool", e.tool());
    line.put("sha256", e.sha256());
    EventCodec.optional(line, "accepted", e.accepted());
    ArrayNode flags = line.putArray("flags");
    for (Flag flag : e.flags()) {
      flags.addObject().put("kind", flag.kind().word()).put("detail", flag.detail());
    }
    EventCodec.optional(line, "call", e.callId());
  }

  static void write(Event.CatalogueAccepted e, ObjectNode line) {
    line.put("owner", e.owner()).put("upstream", e.upstream()).put("tool", e.tool());
    line.put("sha256", e.sha256()).put("by", e.by()).put("why", e.why());
  }

  static Event.CatalogueFlagged flagged(JsonNode line) {
    List<Flag> flags = new ArrayList<>();
    for (JsonNode flag : EventCodec.member(line, "flags").values()) {
      flags.add(
          new Flag(Flag.Kind.of(EventCodec.text(flag, "kind")), EventCodec.text(flag, "detail")));
    }
    return new Event.CatalogueFlagged(
        EventCodec.text(line, "owner"),
        EventCodec.text(line, "upstream"),
        EventCodec.text(line, "tool"),
        EventCodec.text(line, "sha256"),
        EventCodec.optional(line, "accepted"),
        List.copyOf(flags),
        EventCodec.optional(line, "call"));
  }

  static Event.CatalogueAccepted accepted(JsonNode line) {
    return new Event.CatalogueAccepted(
        EventCodec.text(line, "owner"),
        EventCodec.text(line, "upstream"),
        EventCodec.text(line, "tool"),
        EventCodec.text(line, "sha256"),
        EventCodec.text(line, "by"),
        EventCodec.text(line, "why"));
  }
}
