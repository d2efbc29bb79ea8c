package io.securegateway.core.anomaly;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Windows as JSON, for snapshots. Pure. */
public final class WindowsCodec {
  private WindowsCodec() {}

  /** What {@link #read} reads. */
  public static JsonNode write(Windows windows) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ObjectNode groups = node.putObject("groups");
    windows
        .groups()
        .forEach(
            (id, window) -> {
              ArrayNode marks = groups.putArray(id);
              window.marks().forEach(mark -> marks.addArray().add(mark.time()).add(mark.name()));
            });
    ObjectNode calls = node.putObject("calls");
    windows.calls().forEach((id, call) -> calls.putArray(id).add(call.key()).add(call.tool()));
    return node;
  }

  /** Puts back what was written into fresh windows. */
  public static void read(JsonNode node, Windows windows) {
    for (Map.Entry<String, JsonNode> group : node.path("groups").properties()) {
      Window window = new Window();
      for (JsonNode mark : group.getValue().values()) {
        window.marks().add(new Window.Mark(mark.path(0).asLong(0), mark.path(1).asString("")));
      }
      windows.groups().put(group.getKey(), window);
    }
    for (Map.Entry<String, JsonNode> call : node.path("calls").properties()) {
      windows
          .calls()
          .put(
              call.getKey(),
              new Windows.Open(
                  call.getValue().path(0).asString(""), call.getValue().path(1).asString("")));
    }
  }
}
