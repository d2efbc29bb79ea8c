package io.securegateway.core.event;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code catalogue.changed} as members of a line, and of a snapshot. Pure. */
public final class CatalogueChangedCodec {
  private CatalogueChangedCodec() {}

  /** Writes its members. */
  public static void write(Event.CatalogueChanged e, ObjectNode line) {
    line.put("owner", e.owner()).put("upstream", e.upstream()).put("sha256", e.sha256());
    ArrayNode tools = line.putArray("tools");
    for (Event.ToolDefinition tool : e.tools()) {
      tools
          .addObject()
          .put("name", tool.name())
          .put("sha256", tool.sha256())
          .set("definition", tool.definition());
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException naming the member that is not understood
   */
  public static Event.CatalogueChanged read(JsonNode line) {
    List<Event.ToolDefinition> tools = new ArrayList<>();
    for (JsonNode tool : EventCodec.member(line, "tools").values()) {
      tools.add(
          new Event.ToolDefinition(
              EventCodec.text(tool, "name"),
              EventCodec.text(tool, "sha256"),
              EventCodec.member(tool, "definition")));
    }
    return new Event.CatalogueChanged(
        EventCodec.text(line, "owner"),
        EventCodec.text(line, "upstream"),
        EventCodec.text(line, "sha256"),
        List.copyOf(tools));
  }
}
