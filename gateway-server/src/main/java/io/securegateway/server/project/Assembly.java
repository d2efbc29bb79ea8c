package io.securegateway.server.project;

import io.securegateway.core.event.Event;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.schema.OfferedSchemas;
import io.securegateway.server.schema.OfferedSchemas.Offer;
import io.securegateway.server.upstream.Catalogues;
import io.securegateway.server.upstream.UpstreamSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Puts together what is in force: what the files say, over what the upstreams offer. Thread-safe;
 * compiles schemas, so never on a loop.
 */
public final class Assembly {
  private final Catalogues catalogues;
  private volatile InForce now;
  private OfferedSchemas offered = OfferedSchemas.NONE;
  private @Nullable InForce files;
  private Consumer<List<UpstreamSettings>> servers = upstreams -> {};

  /** Begins with the settings alone: nothing may be done yet. */
  public Assembly(GatewayConfig config, Catalogues catalogues) {
    this.catalogues = catalogues;
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
    read.config().projects().keySet().forEach(id -> offers.put(id, offers(read.upstreams(id))));
    offered = offered.next(offers);
    now = read.with(read.schemas().over(offered));
  }

  private Map<String, Offer> offers(List<UpstreamSettings> upstreams) {
    Map<String, Offer> offers = new HashMap<>();
    for (UpstreamSettings upstream : upstreams) {
      String prefix = upstream.prefix() == null ? "" : upstream.prefix() + ".";
      catalogues
          .of(upstream)
          .map(Event.CatalogueChanged::tools)
          .orElse(List.of())
          .forEach(
              tool -> {
                JsonNode output = tool.definition().path("outputSchema");
                offers.put(
                    prefix + tool.name(),
                    new Offer(
                        tool.definition().path("inputSchema"), output.isObject() ? output : null));
              });
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
