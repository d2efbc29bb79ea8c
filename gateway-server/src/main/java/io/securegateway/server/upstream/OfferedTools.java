package io.securegateway.server.upstream;

import io.securegateway.core.event.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tools of one server: those that it lists to everybody, and beside them those that it lists
 * only to clients that can be asked. The catalogue has both. Used on the upstream's loop only.
 */
final class OfferedTools {
  private static final Logger LOG = LoggerFactory.getLogger(OfferedTools.class);
  private static final int MOST = 2_000;

  private final UpstreamSettings settings;
  private final Catalogues catalogues;
  private final TreeMap<String, Event.ToolDefinition> toSome = new TreeMap<>();
  private Optional<List<Event.ToolDefinition>> toAll = Optional.empty();

  OfferedTools(UpstreamSettings settings, Catalogues catalogues) {
    this.settings = settings;
    this.catalogues = catalogues;
  }

  /** What a client is told that cannot be asked. False if it could not be journaled. */
  boolean toAll(List<Event.ToolDefinition> listed) {
    toAll = Optional.of(listed);
    listed.forEach(tool -> toSome.remove(tool.name()));
    return take();
  }

  /** What a client is told that can be asked; the names of that. */
  Set<String> toSome(List<Event.ToolDefinition> listed) {
    Set<String> known =
        toAll.orElse(List.of()).stream()
            .map(Event.ToolDefinition::name)
            .collect(Collectors.toSet());
    for (Event.ToolDefinition tool : listed) {
      if (!known.contains(tool.name())) {
        if (toSome.size() >= MOST && !toSome.containsKey(tool.name())) {
          LOG.warn("{} lists more than {} tools to some clients only", settings.name(), MOST);
          break;
        }
        toSome.put(tool.name(), tool);
      }
    }
    if (toAll.isPresent()) {
      take();
    }
    return listed.stream().map(Event.ToolDefinition::name).collect(Collectors.toSet());
  }

  private boolean take() {
    List<Event.ToolDefinition> tools = new ArrayList<>(toAll.orElse(List.of()));
    tools.addAll(toSome.values());
    tools.sort(Comparator.comparing(Event.ToolDefinition::name));
    return catalogues.take(settings, tools, Set.copyOf(toSome.keySet()));
  }
}
