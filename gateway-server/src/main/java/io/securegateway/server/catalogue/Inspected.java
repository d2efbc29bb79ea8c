package io.securegateway.server.catalogue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tools of a project's MCP servers and what speaks against them. Immutable.
 *
 * @param mode what the project does about it
 * @param tools sorted by name; a name stands twice only if one of them is shadowed
 * @param suspects by name: those that a call would reach and something speaks against
 */
public record Inspected(
    PinMode mode, List<CatalogueTool> tools, Map<String, CatalogueTool> suspects) {
  /** Nothing to look at. */
  public static final Inspected NOTHING = new Inspected(PinMode.OFF, List.of(), Map.of());

  /** Over the tools. */
  static Inspected of(PinMode mode, List<CatalogueTool> tools) {
    Map<String, CatalogueTool> suspects = new HashMap<>();
    tools.stream()
        .filter(tool -> tool.routed() && tool.isSuspect())
        .forEach(tool -> suspects.put(tool.name(), tool));
    return new Inspected(mode, List.copyOf(tools), Map.copyOf(suspects));
  }

  /** The tool that a call of that name would reach, if something speaks against it. */
  public Optional<CatalogueTool> suspect(String tool) {
    return Optional.ofNullable(suspects.get(tool));
  }

  /** Whether the tool must be neither listed nor called. */
  public boolean quarantines(String tool) {
    return mode == PinMode.QUARANTINE && suspects.containsKey(tool);
  }
}
