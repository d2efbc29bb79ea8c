package io.securegateway.core.event;

import io.securegateway.api.Caller;
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
    Caller caller = e.caller();
    if (caller != null) {
      CallDecidedCodec.caller(caller, line);
    }
    EventCodec.optional(line, "session", e.session());
    line.put("hook", e.hook());
    ArrayNode screens = line.putArray("screens");
    e.screens().forEach(screen -> write(screen, screens.addObject()));
  }

  /** What one plugin said, as members of an object. */
  public static void write(Event.Screen screen, ObjectNode item) {
    item.put("plugin", screen.plugin())
        .put("sha256", screen.sha256())
        .put("verdict", screen.verdict())
        .put("reason", screen.reason())
        .put("micros", screen.micros())
        .put("output", screen.output());
  }

  static Event screened(JsonNode line, String project) {
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
        EventCodec.optional(line, "call"),
        line.has("key") ? CallDecidedCodec.caller(line, project) : null,
        EventCodec.optional(line, "session"),
        EventCodec.text(line, "hook"),
        List.copyOf(screens));
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
