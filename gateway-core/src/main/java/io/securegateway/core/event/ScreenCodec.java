package io.securegateway.core.event;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Events of plugins as JSON. Pure. */
public final class ScreenCodec {
  private ScreenCodec() {}

  static void write(Event.CallScreened e, ObjectNode line) {
    EventCodec.optional(line, "call", e.callId());
    line.put("hook", e.hook());
    write(e.screens(), line.putArray("screens"));
  }

  /** What plugins said, as an array of objects. */
  public static void write(List<Event.Screen> screens, ArrayNode array) {
    for (Event.Screen screen : screens) {
      array
          .addObject()
          .put("plugin", screen.plugin())
          .put("sha256", screen.sha256())
          .put("verdict", screen.verdict())
          .put("reason", screen.reason())
          .put("micros", screen.micros())
          .put("output", screen.output());
    }
  }

  static Event screened(JsonNode line) {
    List<Event.Screen> screens = new ArrayList<>();
    for (JsonNode item : EventCodec.member(line, "screens").values()) {
      screens.add(
          new Event.Screen(
              EventCodec.text(item, "plugin"),
              EventCodec.text(item, "sha256"),
              EventCodec.text(item, "verdict"),
              EventCodec.text(item, "reason"),
              EventCodec.number(item, "micros"),
              EventCodec.text(item, "output")));
    }
    return new Event.CallScreened(
        EventCodec.optional(line, "call"), EventCodec.text(line, "hook"), List.copyOf(screens));
  }

  static void write(Event.PluginChanged e, ObjectNode line) {
    line.put("plugin", e.name()).put("sha256", e.sha256()).put("what", e.what());
    line.put("detail", e.detail()).put("by", e.by());
  }

  static Event changed(JsonNode line) {
    return new Event.PluginChanged(
        EventCodec.text(line, "plugin"),
        EventCodec.text(line, "sha256"),
        EventCodec.text(line, "what"),
        EventCodec.text(line, "detail"),
        EventCodec.text(line, "by"));
  }
}
