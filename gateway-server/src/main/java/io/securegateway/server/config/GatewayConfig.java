package io.securegateway.server.config;

import io.securegateway.server.alert.SinkSettings;
import io.securegateway.server.catalogue.PinMode;
import io.securegateway.server.flow.Mode;
import io.securegateway.server.identity.AdminTable;
import io.securegateway.server.plugin.PluginSettings;
import io.securegateway.server.trace.TraceSettings;
import io.securegateway.server.upstream.UpstreamSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@code gateway.yaml} and the environment say, complete with defaults. Immutable.
 *
 * @param projects by id; {@code default} is always among them
 * @param refuseUnknown whether a project that does not exist is refused instead of served as {@code
 *     default}
 * @param tracing where spans go; empty if calls are not followed; read at the start only
 */
public record GatewayConfig(
    Server server,
    JournalSettings journal,
    Map<String, Project> projects,
    boolean refuseUnknown,
    List<AdminTable.Entry> admins,
    MetricsSettings metrics,
    List<SinkSettings> sinks,
    PluginSettings plugins,
    Optional<TraceSettings> tracing) {

  /**
   * @param keySha256 hash of the key that reads {@code /metrics}; empty if only admins may
   */
  public record MetricsSettings(Optional<String> keySha256) {}

  /**
   * Where and how it listens.
   *
   * @param host the address; {@code --host} and {@code PORT} come first
   * @param port 0 for a free one
   * @param hosts names it answers to; empty for any, or for loopback names on loopback
   * @param origins web origins that may call
   * @param maxBody largest request body in bytes
   */
  public record Server(
      String host, int port, List<String> hosts, List<String> origins, int maxBody) {}

  /**
   * @param segmentBytes size of a journal segment
   */
  public record JournalSettings(long segmentBytes) {}

  /**
   * One project's settings; those without upstreams use the default project's.
   *
   * @param pin what is done about tools that change or imitate others
   */
  public record Project(Mode mode, Explain explain, PinMode pin, List<UpstreamSettings> upstreams) {
    /** As it is unless something else is said. */
    public static final Project DEFAULT =
        new Project(Mode.ENFORCE, Explain.BRIEF, PinMode.ALERT, List.of());

    /** The same with other upstreams. */
    public Project with(List<UpstreamSettings> others) {
      return new Project(mode, explain, pin, others);
    }
  }

  /** The same, with spans going there. */
  GatewayConfig with(Optional<TraceSettings> spans) {
    return new GatewayConfig(
        server, journal, projects, refuseUnknown, admins, metrics, sinks, plugins, spans);
  }

  /** A project's settings, or those of {@code default}. */
  public Project settings(String project) {
    Project own = projects.get(project);
    return own != null
        ? own
        : Objects.requireNonNull(projects.get("default"), "default is always there");
  }

  /** Defaults: loopback, port 8080, one project that enforces. */
  public static GatewayConfig defaults() {
    return new GatewayConfig(
        new Server("127.0.0.1", 8080, List.of(), List.of(), 1024 * 1024),
        new JournalSettings(64L * 1024 * 1024),
        Map.of("default", Project.DEFAULT),
        false,
        List.of(),
        new MetricsSettings(Optional.empty()),
        List.of(),
        PluginSettings.DEFAULT,
        Optional.empty());
  }
}
