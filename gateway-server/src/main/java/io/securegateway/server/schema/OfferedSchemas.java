package io.securegateway.server.schema;

import io.securegateway.core.json.Canonical;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The schemas that upstreams publish with their tools. Immutable and thread-safe. */
public final class OfferedSchemas {
  /** None. */
  public static final OfferedSchemas NONE = new OfferedSchemas(Map.of(), Map.of());

  /** Projects that are not among the listed ones have what this one has. */
  private static final String OTHERS = "default";

  private final Map<String, Map<String, Tool>> projects;
  private final Map<String, ToolSchema> compiled;

  private record Tool(ToolSchema input, @Nullable ToolSchema output) {}

  /**
   * A tool's schemas as its server says.
   *
   * @param output null if it says none
   */
  public record Offer(JsonNode input, @Nullable JsonNode output) {}

  private OfferedSchemas(
      Map<String, Map<String, Tool>> projects, Map<String, ToolSchema> compiled) {
    this.projects = projects;
    this.compiled = compiled;
  }

  /** Compiles those that are not known from here; takes its time. */
  public OfferedSchemas next(Map<String, Map<String, Offer>> offers) {
    Map<String, ToolSchema> used = new HashMap<>();
    Map<String, Map<String, Tool>> next = new HashMap<>();
    offers.forEach(
        (project, tools) -> {
          Map<String, Tool> of = new HashMap<>();
          tools.forEach(
              (name, offer) -> {
                JsonNode output = offer.output();
                of.put(
                    name,
                    new Tool(
                        schema(offer.input(), used), output == null ? null : schema(output, used)));
              });
          next.put(project, Map.copyOf(of));
        });
    return new OfferedSchemas(Map.copyOf(next), Map.copyOf(used));
  }

  private ToolSchema schema(JsonNode tree, Map<String, ToolSchema> used) {
    return used.computeIfAbsent(
        Canonical.sha256(tree),
        hash -> {
          ToolSchema known = compiled.get(hash);
          return known == null ? ToolSchema.of(tree) : known;
        });
  }

  Set<String> tools(String project) {
    return new HashSet<>(of(project).keySet());
  }

  @Nullable ToolSchema find(String project, String tool, Direction direction) {
    Tool found = of(project).get(tool);
    if (found == null) {
      return null;
    }
    return switch (direction) {
      case INPUT -> found.input();
      case OUTPUT -> found.output();
    };
  }

  private Map<String, Tool> of(String project) {
    Map<String, Tool> own = projects.get(project);
    return own != null ? own : projects.getOrDefault(OTHERS, Map.of());
  }
}
