package io.securegateway.core.catalogue;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Pins as a part of a snapshot. Pure. */
public final class PinsCodec {
  private PinsCodec() {}

  /** Writes them all. */
  public static void write(Pins pins, ArrayNode items) {
    pins.all()
        .forEach(
            (place, tools) ->
                tools.forEach(
                    (tool, pin) ->
                        items
                            .addObject()
                            .put("place", place)
                            .put("tool", tool)
                            .put("sha256", pin.sha256())
                            .put("since", pin.since())
                            .put("by", pin.by())
                            .put("told", pin.told())));
  }

  /** Reads what {@link #write} wrote. */
  public static Pins read(JsonNode items) {
    Pins pins = Pins.NONE;
    for (JsonNode item : items.values()) {
      @Nullable String by = item.path("by").isString() ? item.path("by").stringValue() : null;
      pins =
          pins.plus(
              item.path("place").asString(""),
              item.path("tool").asString(""),
              new Pin(
                  item.path("sha256").asString(""),
                  item.path("since").asLong(0),
                  by,
                  item.path("told").asString("")));
    }
    return pins;
  }
}
