package io.securegateway.server.project;

import io.securegateway.core.event.Event;
import io.securegateway.server.catalogue.Inspected;
import io.securegateway.server.catalogue.Inspection;
import io.securegateway.server.catalogue.PinMode;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.schema.OfferedSchemas;
import io.securegateway.server.schema.OfferedSchemas.Offer;
import io.securegateway.server.upstream.Catalogues;
import io.securegateway.server.upstream.ToolRoute;
import io.securegateway.server.upstream.UpstreamSettings;
import io.securegateway.server.upstream.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Puts together what is in force: what the files say, over what the upstreams offer. Thread-safe;
 * compiles schemas, so never on a loop.
 */
public final class Assembly {
  private final Catalogues catalogues;
  private final Findings findings;
  private volatile InForce now;
  private OfferedSchemas offered = OfferedSchemas.NONE;
  private @Nullable InForce files;
  private Runnable changed = () -> {};
  private Consumer<List<UpstreamSettings>> servers = upstreams -> {};

  /** Begins with the settings alone: nothing may be done yet. */
  public Assembly(GatewayConfig config, Catalogues catalogues) {
    this.catalogues = catalogues;
    this.findings = new Findings(catalogues);
    this.now = InForce.nothing(config);
  }

  /** What is in force now. */
  public InForce now() {
    return now;
  }

  /** Who keeps conversations with the upstreams in force: told which, whenever files were read. */
  public synchronized void servers(Consumer<List<UpstreamSettings>> keeper) {
    servers = keeper;
  }

  /** Who is told, on the changing thread, that something else is in force. */
  public synchronized void onChange(Runnable told) {
    changed = told;
  }

  /** The files were read again. */
  public synchronized void files(InForce read) {
    files = read;
    assemble(read);
    servers.accept(upstreams(read.config()));
  }

  /** An upstream offers something else. */
  public synchronized void offered() {
    InForce read = files;
    if (read != null) {
      assemble(read);
    }
  }

  private void assemble(InForce read) {
    Map<String, Map<String, Offer>> offers = new HashMap<>();
    Map<String, Inspected> inspected = new HashMap<>();
    read.config()
        .projects()
        .forEach(
            (id, project) -> {
              List<Inspection.Offered> tools = tools(read.upstreams(id));
              offers.put(id, offers(tools));
              inspected.put(id, inspect(read, id, project.pin(), tools));
            });
    offered = offered.next(offers);
    now = read.with(read.schemas().over(offered), Map.copyOf(inspected));
    changed.run();
    inspected.values().forEach(found -> found.tools().forEach(findings::tell));
  }

  private Inspected inspect(
      InForce read, String project, PinMode pin, List<Inspection.Offered> tools) {
    List<UpstreamSettings> upstreams = read.upstreams(project);
    Set<String> configured = new HashSet<>(KnownTools.configured(upstreams));
    Set<String> listed = new HashSet<>();
    tools.forEach(tool -> listed.add(tool.name()));
    read.schemas().tools(project).stream()
        .filter(tool -> !listed.contains(tool))
        .filter(
            tool ->
                ToolRoute.find(upstreams, tool)
                    .filter(route -> route.upstream().wire() instanceof Wire.Http)
                    .isPresent())
        .forEach(configured::add);
    return Inspection.of(pin, tools, configured, catalogues.pins());
  }

  /** What servers offer to a project. */
  private List<Inspection.Offered> tools(List<UpstreamSettings> upstreams) {
    List<Inspection.Offered> tools = new ArrayList<>();
    for (UpstreamSettings upstream : upstreams) {
      String prefix = upstream.prefix() == null ? "" : upstream.prefix() + ".";
      for (Event.ToolDefinition tool :
          catalogues.of(upstream).map(Event.CatalogueChanged::tools).orElse(List.of())) {
        String name = prefix + tool.name();
        String reached =
            ToolRoute.find(upstreams, name).map(route -> route.upstream().name()).orElse(null);
        tools.add(new Inspection.Offered(name, upstream.project(), upstream.name(), tool, reached));
      }
    }
    return tools;
  }

  /** The schemas of those that calls reach. */
  private static Map<String, Offer> offers(List<Inspection.Offered> tools) {
    Map<String, Offer> offers = new HashMap<>();
    for (Inspection.Offered tool : tools) {
      if (tool.routed()) {
        JsonNode definition = tool.definition().definition();
        JsonNode output = definition.path("outputSchema");
        offers.put(
            tool.name(),
            new Offer(definition.path("inputSchema"), output.isObject() ? output : null));
      }
    }
    return offers;
  }

  /** The upstreams of all projects. */
  private static List<UpstreamSettings> upstreams(GatewayConfig config) {
    List<UpstreamSettings> all = new ArrayList<>();
    config.projects().values().forEach(project -> all.addAll(project.upstreams()));
    return all;
  }
}
