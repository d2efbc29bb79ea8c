package io.securegateway.server.project;

import io.securegateway.api.Caller;
import io.securegateway.core.anomaly.AnomalySettings;
import io.securegateway.core.anomaly.Severity;
import io.securegateway.core.policy.Finding;
import io.securegateway.server.alert.SinkSettings;
import io.securegateway.server.catalogue.Inspected;
import io.securegateway.server.config.Explain;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.identity.Identity;
import io.securegateway.server.identity.KeyTable;
import io.securegateway.server.schema.SchemaStore;
import io.securegateway.server.upstream.ToolRoute;
import io.securegateway.server.upstream.UpstreamSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is in force now, besides the policies that the benches hold. Immutable; replaced as a whole.
 *
 * @param config of {@code gateway.yaml}
 * @param keys by project
 * @param schemas of tools
 * @param alerts how projects are watched, by project
 * @param findings of the files as they are on disk now; with errors among them, an older version of
 *     those is in force
 * @param inspected what speaks against the tools of MCP servers, by listed project
 */
public record InForce(
    GatewayConfig config,
    Map<String, KeyTable> keys,
    SchemaStore schemas,
    Map<String, AnomalySettings> alerts,
    List<Finding> findings,
    Map<String, Inspected> inspected) {

  /** Before the catalogues were looked at. */
  InForce(
      GatewayConfig config,
      Map<String, KeyTable> keys,
      SchemaStore schemas,
      Map<String, AnomalySettings> alerts,
      List<Finding> findings) {
    this(config, keys, schemas, alerts, findings, Map.of());
  }

  /** Nothing may be done yet. */
  public static InForce nothing(GatewayConfig config) {
    return new InForce(config, Map.of(), SchemaStore.EMPTY, Map.of(), List.of());
  }

  /** The same with what the upstreams offer. */
  InForce with(SchemaStore others, Map<String, Inspected> tools) {
    return new InForce(config, keys, others, alerts, findings, tools);
  }

  /** What speaks against the tools of a project's servers. */
  public Inspected inspected(String project) {
    Inspected own = inspected.get(project);
    return own != null ? own : inspected.getOrDefault("default", Inspected.NOTHING);
  }

  /** The keys of a project. */
  public KeyTable keysOf(String project) {
    return keys.getOrDefault(project, KeyTable.EMPTY);
  }

  /** How a project is watched: by its own file, or as {@code default}. */
  public AnomalySettings alerts(String project) {
    AnomalySettings own = alerts.get(project);
    return own != null ? own : alerts.getOrDefault("default", AnomalySettings.DEFAULT);
  }

  /** Names of the sinks that are told of an alert. */
  public List<String> toldOf(String project, Severity severity) {
    return config.sinks().stream()
        .filter(sink -> sink.wants(project, severity))
        .map(SinkSettings::name)
        .toList();
  }

  /** Whose key it is that a project does not know, if it is good in another one. */
  public Optional<Caller> elsewhere(String presented, long now) {
    for (KeyTable table : keys.values()) {
      if (table.identify(presented, now) instanceof Identity.Known(Caller caller)) {
        return Optional.of(caller);
      }
    }
    return Optional.empty();
  }

  /** The ids of keys that a project's file holds, but that were revoked earlier. */
  public List<String> stillRevoked(String project) {
    KeyTable table = keysOf(project);
    return table.keys().models().stream()
        .flatMap(model -> model.keys().stream())
        .filter(table::isRevoked)
        .map(key -> key.id())
        .toList();
  }

  /** How much a project's callers are told. */
  public Explain explain(String project) {
    return config.settings(project).explain();
  }

  /** The upstreams that serve a project: its own, or those of {@code default}. */
  public List<UpstreamSettings> upstreams(String project) {
    List<UpstreamSettings> own = config.settings(project).upstreams();
    return own.isEmpty() ? config.settings("default").upstreams() : own;
  }

  /**
   * Whether the tool declares {@code exact_numbers}, so that numbers no double can hold may reach
   * it.
   */
  public boolean exactNumbers(String project, String tool) {
    return ToolRoute.find(upstreams(project), tool).filter(ToolRoute::exactNumbers).isPresent();
  }
}
