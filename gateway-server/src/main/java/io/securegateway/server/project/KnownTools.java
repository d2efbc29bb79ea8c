package io.securegateway.server.project;

import io.securegateway.api.Caller;
import io.securegateway.core.decide.Reach;
import io.securegateway.core.policy.lint.Offered;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.schema.Direction;
import io.securegateway.server.schema.SchemaStore;
import io.securegateway.server.upstream.ToolRoute;
import io.securegateway.server.upstream.UpstreamSettings;
import io.securegateway.server.upstream.Wire;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools of each project: those that upstreams list, and those with a schema that an upstream
 * would take. A caller sees of them what its key and policy could ever allow.
 */
public final class KnownTools implements Catalogue {
  private final Benches benches;
  private final Supplier<InForce> inForce;

  /** Over what is in force. */
  public KnownTools(Benches benches, Supplier<InForce> inForce) {
    this.benches = benches;
    this.inForce = inForce;
  }

  @Override
  public List<String> visible(Caller caller) {
    InForce now = inForce.get();
    return of(caller.project(), now.upstreams(caller.project()), now.schemas()).stream()
        .filter(tool -> reaches(caller, tool))
        .filter(tool -> !now.inspected(caller.project()).quarantines(tool))
        .toList();
  }

  @Override
  public boolean isVisible(Caller caller, String tool) {
    InForce now = inForce.get();
    return of(caller.project(), now.upstreams(caller.project()), now.schemas()).contains(tool)
        && !now.inspected(caller.project()).quarantines(tool)
        && reaches(caller, tool);
  }

  /** All tools of a project, sorted by name. */
  public List<String> all(String project) {
    InForce now = inForce.get();
    return List.copyOf(of(project, now.upstreams(project), now.schemas()));
  }

  @Override
  public boolean reaches(Caller caller, String tool) {
    Optional<Bench> bench = benches.of(caller.project());
    return bench.isPresent() && Reach.couldAllow(bench.get().judging().policy(), caller, tool);
  }

  @Override
  public Predicate<ObjectNode> calls(Caller caller, String tool) {
    return benches
        .of(caller.project())
        .map(bench -> Reach.calls(bench.judging().policy(), caller, tool))
        .orElse(known -> false);
  }

  /** What is known of the tools of every project, for the lint. */
  static Map<String, Offered> byProject(
      Set<String> projects, GatewayConfig config, SchemaStore schemas) {
    InForce files = new InForce(config, Map.of(), schemas, Map.of(), List.of());
    Map<String, Offered> offered = new HashMap<>();
    projects.forEach(
        project -> offered.put(project, offered(project, files.upstreams(project), schemas)));
    return offered;
  }

  private static Offered offered(
      String project, List<UpstreamSettings> upstreams, SchemaStore schemas) {
    Set<String> open = new HashSet<>();
    Set<String> listed = new HashSet<>();
    for (UpstreamSettings upstream : upstreams) {
      String prefix = upstream.prefix() == null ? "" : upstream.prefix() + ".";
      if (upstream.tools().isEmpty()) {
        open.add(prefix);
      } else if (!prefix.isEmpty()) {
        listed.add(prefix);
      }
    }
    Map<String, JsonNode> trees = new HashMap<>();
    for (String tool : schemas.tools(project)) {
      schemas.tree(project, tool, Direction.INPUT).ifPresent(tree -> trees.put(tool, tree));
    }
    Set<String> names = of(project, upstreams, schemas);
    boolean speaksMcp =
        upstreams.stream().anyMatch(upstream -> !(upstream.wire() instanceof Wire.Http));
    if (speaksMcp && !(names.isEmpty() && open.isEmpty())) {
      names.addAll(Method.DECIDED);
    }
    return new Offered(names, open, listed, trees);
  }

  private static Set<String> of(
      String project, List<UpstreamSettings> upstreams, SchemaStore schemas) {
    Set<String> tools = new TreeSet<>(configured(upstreams));
    schemas.tools(project).stream()
        .filter(tool -> ToolRoute.find(upstreams, tool).isPresent())
        .forEach(tools::add);
    return tools;
  }

  /** The names that the configuration gives to tools that do not name themselves. */
  static Set<String> configured(List<UpstreamSettings> upstreams) {
    Set<String> tools = new TreeSet<>();
    for (UpstreamSettings upstream : upstreams) {
      if (!(upstream.wire() instanceof Wire.Http)) {
        continue; // what MCP servers list comes with its schemas
      }
      String prefix = upstream.prefix() == null ? "" : upstream.prefix() + ".";
      upstream.tools().forEach(tool -> tools.add(prefix + tool));
    }
    return tools;
  }
}
