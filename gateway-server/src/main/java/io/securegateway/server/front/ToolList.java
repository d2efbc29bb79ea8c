package io.securegateway.server.front;

import io.securegateway.api.Caller;
import io.securegateway.core.json.Canonical;
import io.securegateway.server.project.Catalogue;
import io.securegateway.server.project.InForce;
import io.securegateway.server.schema.Direction;
import io.securegateway.server.upstream.Catalogues;
import io.securegateway.server.upstream.ToolRoute;
import io.securegateway.server.upstream.UpstreamSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools that a caller may know of, sorted by name, each as its server defined it but under the
 * gateway's name and with the schemas in force. Depends on key and policy, and on what the server
 * offers to a client that can be asked; never on what happened in a session.
 */
final class ToolList {
  private final Catalogue tools;
  private final Catalogues catalogues;
  private final Supplier<InForce> inForce;

  ToolList(Catalogue tools, Catalogues catalogues, Supplier<InForce> inForce) {
    this.tools = tools;
    this.catalogues = catalogues;
    this.inForce = inForce;
  }

  boolean reaches(Caller caller, String tool) {
    return tools.reaches(caller, tool);
  }

  /** As {@link Catalogue#calls}. */
  Predicate<ObjectNode> calls(Caller caller, String tool) {
    return tools.calls(caller, tool);
  }

  boolean isVisible(Caller caller, String tool) {
    return tools.isVisible(caller, tool);
  }

  /** Those that have a tool which the caller may know of. */
  Set<UpstreamSettings> servers(Caller caller) {
    List<UpstreamSettings> upstreams = inForce.get().upstreams(caller.project());
    return tools.visible(caller).stream()
        .flatMap(tool -> ToolRoute.find(upstreams, tool).stream())
        .map(ToolRoute::upstream)
        .collect(Collectors.toSet());
  }

  /** What everybody is offered who may know of it. */
  List<ObjectNode> of(Caller caller) {
    return of(caller, Map.of());
  }

  /** {@code offered}: what servers offer to this very client, if that is something else. */
  List<ObjectNode> of(Caller caller, Map<UpstreamSettings, Set<String>> offered) {
    InForce now = inForce.get();
    return tools.visible(caller).stream()
        .filter(tool -> isOffered(now, caller, tool, offered))
        .map(tool -> definition(now, caller, tool))
        .toList();
  }

  private boolean isOffered(
      InForce now, Caller caller, String tool, Map<UpstreamSettings, Set<String>> offered) {
    return ToolRoute.find(now.upstreams(caller.project()), tool)
        .map(
            route -> {
              Set<String> own = offered.get(route.upstream());
              return own == null
                  ? catalogues.isForAll(route.upstream(), route.tool())
                  : own.contains(route.tool());
            })
        .orElse(true);
  }

  /** Of the whole list; another list has another one. Takes its time. */
  String digest(Caller caller) {
    StringBuilder all = new StringBuilder();
    of(caller).forEach(tool -> all.append(Canonical.sha256(tool)));
    return Canonical.sha256(all.toString());
  }

  /** The input schema in force, for what of the arguments stands in headers. */
  Optional<JsonNode> schema(Caller caller, String tool) {
    return inForce.get().schemas().tree(caller.project(), tool, Direction.INPUT);
  }

  private ObjectNode definition(InForce now, Caller caller, String tool) {
    String project = caller.project();
    ObjectNode definition =
        ToolRoute.find(now.upstreams(project), tool)
            .flatMap(
                route ->
                    catalogues
                        .of(route.upstream())
                        .flatMap(
                            event ->
                                event.tools().stream()
                                    .filter(known -> known.name().equals(route.tool()))
                                    .findFirst()))
            .filter(known -> known.definition().isObject())
            .map(known -> (ObjectNode) known.definition().deepCopy())
            .orElseGet(JsonNodeFactory.instance::objectNode);
    definition.put("name", tool);
    now.schemas()
        .tree(project, tool, Direction.INPUT)
        .ifPresentOrElse(
            schema -> definition.set("inputSchema", objects(schema)),
            () -> {
              if (!definition.path("inputSchema").isObject()) {
                definition.putObject("inputSchema").put("type", "object");
              }
            });
    now.schemas()
        .tree(project, tool, Direction.OUTPUT)
        .filter(schema -> schema.path("type").asString("").equals("object"))
        .ifPresent(schema -> definition.set("outputSchema", schema));
    return definition;
  }

  /** Input schemas say that they are of objects; one that leaves it open is told so. */
  private static JsonNode objects(JsonNode schema) {
    return schema instanceof ObjectNode object && !object.has("type")
        ? object.deepCopy().put("type", "object")
        : schema;
  }
}
