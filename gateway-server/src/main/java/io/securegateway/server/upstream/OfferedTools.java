package io.securegateway.server.upstream;

import io.securegateway.core.event.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tools of one server: those that it lists to everybody, and beside them those that it lists
 * only to clients that can be asked. The catalogue has both. Beside it stands what single
 * conversations define otherwise. Used on the upstream's loop only.
 */
final class OfferedTools {
  private static final Logger LOG = LoggerFactory.getLogger(OfferedTools.class);
  private static final int MOST = 2_000;
  private static final int MOST_CONVERSATIONS = 1_024;

  private final UpstreamSettings settings;
  private final Catalogues catalogues;
  private final TreeMap<String, Event.ToolDefinition> toSome = new TreeMap<>();
  private final Set<String> conversations = new LinkedHashSet<>();
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

  /**
   * What is told in one conversation; the names of that. What everybody is told goes on to stand as
   * it is; where it is other there, that is remembered.
   */
  Set<String> toSome(String conversation, List<Event.ToolDefinition> listed) {
    Map<String, String> known =
        toAll.orElse(List.of()).stream()
            .collect(Collectors.toMap(Event.ToolDefinition::name, Event.ToolDefinition::sha256));
    Map<String, Event.ToolDefinition> others = new HashMap<>();
    for (Event.ToolDefinition tool : listed) {
      String hash = known.get(tool.name());
      if (hash != null && !hash.equals(tool.sha256())) {
        others.put(tool.name(), tool);
      } else if (hash == null) {
        if (toSome.size() >= MOST && !toSome.containsKey(tool.name())) {
          LOG.warn("{} lists more than {} tools to some clients only", settings.name(), MOST);
          break;
        }
        toSome.put(tool.name(), tool);
      }
    }
    remember(conversation, others);
    if (toAll.isPresent()) {
      take();
    }
    return listed.stream().map(Event.ToolDefinition::name).collect(Collectors.toSet());
  }

  private void remember(String conversation, Map<String, Event.ToolDefinition> others) {
    conversations.remove(conversation);
    catalogues.own(settings, conversation, others);
    if (!others.isEmpty()) {
      conversations.add(conversation);
      if (conversations.size() > MOST_CONVERSATIONS) {
        over(conversations.iterator().next());
      }
    }
  }

  /** That conversation is over. */
  void over(String conversation) {
    remember(conversation, Map.of());
  }

  private boolean take() {
    List<Event.ToolDefinition> tools = new ArrayList<>(toAll.orElse(List.of()));
    tools.addAll(toSome.values());
    tools.sort(Comparator.comparing(Event.ToolDefinition::name));
    return catalogues.take(settings, tools, Set.copyOf(toSome.keySet()));
  }
}
