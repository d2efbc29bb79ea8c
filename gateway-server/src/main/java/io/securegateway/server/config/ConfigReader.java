package io.securegateway.server.config;

import io.securegateway.core.call.Names;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.yaml.ScalarKind;
import io.securegateway.core.policy.yaml.YamlNode;
import io.securegateway.core.policy.yaml.YamlReader;
import io.securegateway.server.alert.SinkSettings;
import io.securegateway.server.catalogue.PinMode;
import io.securegateway.server.config.GatewayConfig.Project;
import io.securegateway.server.config.GatewayConfig.Server;
import io.securegateway.server.flow.Mode;
import io.securegateway.server.identity.Admin;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.identity.AdminTable;
import io.securegateway.server.identity.Keys;
import io.securegateway.server.upstream.UpstreamSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code gateway.yaml}. Pure: the text and the environment come in, settings and findings go
 * out.
 */
public final class ConfigReader {
  /** How the file is named in findings. */
  public static final String FILE = "gateway.yaml";

  private static final Map<String, Mode> MODES =
      Map.of("enforce", Mode.ENFORCE, "observe", Mode.OBSERVE);
  private static final Map<String, Explain> EXPLAIN =
      Map.of("none", Explain.NONE, "brief", Explain.BRIEF, "full", Explain.FULL);
  private static final Map<String, PinMode> PINS =
      Map.of("off", PinMode.OFF, "alert", PinMode.ALERT, "quarantine", PinMode.QUARANTINE);
  private static final Map<String, AdminRole> ROLES =
      Map.of("viewer", AdminRole.VIEWER, "editor", AdminRole.EDITOR, "admin", AdminRole.ADMIN);
  private static final Map<String, Boolean> UNKNOWN = Map.of("default", false, "refuse", true);

  private final Map<String, String> environment;
  private static final int MIN_KEY = 16;

  private final List<Finding> findings = new ArrayList<>();

  private ConfigReader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * What was read.
   *
   * @param config defaults stand in for what is wrong; only to be used if no finding is an error
   */
  public record Read(GatewayConfig config, List<Finding> findings) {
    /** Whether it may be used. */
    public boolean isUsable() {
      return findings.stream().noneMatch(Finding::isError);
    }
  }

  /** Reads a text. An empty one means defaults. */
  public static Read read(String text, Map<String, String> environment) {
    ConfigReader reader = new ConfigReader(environment);
    GatewayConfig config = text.isBlank() ? GatewayConfig.defaults() : reader.config(text);
    GatewayConfig whole =
        SinkReader.withSiem(reader.withToolServer(config), environment, reader.findings);
    whole = whole.with(TraceReader.withEnvironment(whole.tracing(), environment, reader.findings));
    return new Read(whole, List.copyOf(reader.findings));
  }

  private GatewayConfig config(String text) {
    var document = YamlReader.read(FILE, text);
    findings.addAll(document.findings());
    GatewayConfig defaults = GatewayConfig.defaults();
    YamlNode found = document.root();
    if (!(found instanceof YamlNode.Mapping root)) {
      if (found != null
          && !(found instanceof YamlNode.Scalar scalar && scalar.kind() == ScalarKind.NULL)) {
        findings.add(
            new Finding(
                "config-value",
                Finding.Severity.ERROR,
                found.at(),
                "The file must be a mapping, not " + found.described() + ".",
                "Write key: value pairs, such as server: and projects:."));
      }
      return defaults;
    }
    Section top = new Section(root, "", environment, findings);
    Server server =
        top.section("server")
            .map(section -> server(section, defaults.server()))
            .orElse(defaults.server());
    var journal =
        top.section("journal")
            .map(section -> journal(section, defaults.journal()))
            .orElse(defaults.journal());
    Map<String, Project> projects = new LinkedHashMap<>(defaults.projects());
    boolean[] refuse = {false};
    top.section("projects").ifPresent(section -> refuse[0] = projects(section, projects));
    List<AdminTable.Entry> admins = top.sections("admins", this::admin);
    var metrics = top.section("metrics").map(this::metrics).orElse(defaults.metrics());
    List<SinkSettings> sinks = SinkReader.distinct(top, top.sections("sinks", SinkReader::read));
    var plugins = top.section("plugins").map(PluginReader::read).orElse(defaults.plugins());
    var tracing = top.section("tracing").flatMap(TraceReader::read);
    top.end();
    return new GatewayConfig(
        server,
        journal,
        Map.copyOf(projects),
        refuse[0],
        List.copyOf(admins),
        metrics,
        List.copyOf(sinks),
        plugins,
        tracing);
  }

  private Server server(Section section, Server otherwise) {
    Server server =
        new Server(
            section.text("host", otherwise.host()),
            (int) section.whole("port", otherwise.port(), 0, 65_535),
            section.texts("hosts"),
            section.texts("origins"),
            (int) section.whole("max_body", otherwise.maxBody(), 1_024, 64 * 1024 * 1024));
    section.end();
    return server;
  }

  private GatewayConfig.JournalSettings journal(
      Section section, GatewayConfig.JournalSettings otherwise) {
    section.word("durability", "fsync", Map.of("fsync", "fsync"));
    var settings =
        new GatewayConfig.JournalSettings(
            section.whole(
                "segment_bytes", otherwise.segmentBytes(), 64 * 1024, 1024L * 1024 * 1024));
    section.end();
    return settings;
  }

  /** The key itself, best from the environment, or its hash. */
  private GatewayConfig.MetricsSettings metrics(Section section) {
    String key = section.text("key", "");
    String hash = section.text("key_sha256", "");
    if (!key.isEmpty() && key.length() < MIN_KEY) {
      section.wrong(section.positionOf("key"), "key", "is shorter than " + MIN_KEY + " characters");
    }
    if (!hash.isEmpty() && !hash.matches("[0-9a-f]{64}")) {
      section.wrong(
          section.positionOf("key_sha256"),
          "key_sha256",
          "must be 64 lower-case hex digits; make one with ./securegateway keys hash");
    }
    if (!hash.isEmpty() && !key.isEmpty()) {
      section.wrong(section.positionOf("key"), "key", "stands beside key_sha256; write one");
    }
    section.end();
    return new GatewayConfig.MetricsSettings(
        Optional.of(key.isEmpty() ? hash : Keys.hash(key)).filter(any -> !any.isEmpty()));
  }

  private boolean projects(Section section, Map<String, Project> projects) {
    boolean refuse = false;
    for (String id : section.keys()) {
      if (id.equals("unknown")) {
        refuse = section.word("unknown", false, UNKNOWN);
      } else if (!Names.isProject(id)) {
        section.has(id);
        section.wrong(section.positionOf(id), id, "is no project id: 1 to 63 of a-z, 0-9, _ and -");
      } else {
        section.section(id).ifPresent(below -> projects.put(id, project(id, below)));
      }
    }
    section.end();
    return refuse;
  }

  private Project project(String id, Section section) {
    Project project =
        new Project(
            section.word("mode", Mode.ENFORCE, MODES),
            section.word("explain", Explain.BRIEF, EXPLAIN),
            section.word("pin", PinMode.ALERT, PINS),
            section.sections("upstreams", below -> UpstreamReader.read(id, below)));
    long plain = project.upstreams().stream().filter(upstream -> upstream.prefix() == null).count();
    if (plain > 1) {
      section.wrong(
          section.positionOf("upstreams"),
          "upstreams",
          "has more than one upstream without a prefix; give all but one a prefix");
    }
    Set<String> prefixes = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (UpstreamSettings upstream : project.upstreams()) {
      if (!names.add(upstream.name())) {
        section.wrong(
            section.positionOf("upstreams"),
            "upstreams",
            "has two upstreams with the name " + upstream.name() + "; each needs its own");
      }
      if (upstream.prefix() != null && !prefixes.add(upstream.prefix())) {
        section.wrong(
            section.positionOf("upstreams"),
            "upstreams",
            "has two upstreams with the prefix " + upstream.prefix() + "; each needs its own");
      }
    }
    section.end();
    return project;
  }

  private Optional<AdminTable.Entry> admin(Section section) {
    String name = section.text("name", "");
    String hash = section.text("key_sha256", "");
    AdminRole role = section.word("role", AdminRole.VIEWER, ROLES);
    Set<String> projects = Set.copyOf(section.texts("projects"));
    if (name.isEmpty()) {
      section.wrong(section.at(), "name", "is missing");
    }
    if (!hash.matches("[0-9a-f]{64}")) {
      section.wrong(
          section.positionOf("key_sha256"),
          "key_sha256",
          "must be 64 lower-case hex digits; make one with ./securegateway keys hash");
    }
    section.end();
    return Optional.of(new AdminTable.Entry(new Admin(name, role, projects), hash));
  }

  /** {@code TOOL_SERVER_URL} adds one HTTP upstream without a prefix to {@code default}. */
  private GatewayConfig withToolServer(GatewayConfig config) {
    String url = environment.get("TOOL_SERVER_URL");
    if (url == null || url.isBlank()) {
      return config;
    }
    Project standing = config.projects().getOrDefault("default", Project.DEFAULT);
    if (standing.upstreams().stream().anyMatch(upstream -> upstream.prefix() == null)) {
      findings.add(
          new Finding(
              "config-value",
              Finding.Severity.ERROR,
              new Position("TOOL_SERVER_URL", 1, 1),
              "TOOL_SERVER_URL would never be used: the project default has an upstream without a prefix already.",
              "Unset it, or give the upstream in gateway.yaml a prefix."));
      return config;
    }
    List<UpstreamSettings> upstreams = new ArrayList<>(standing.upstreams());
    UpstreamReader.fromEnvironment(url, findings).ifPresent(upstreams::add);
    Map<String, Project> projects = new LinkedHashMap<>(config.projects());
    projects.put("default", standing.with(List.copyOf(upstreams)));
    return new GatewayConfig(
        config.server(),
        config.journal(),
        Map.copyOf(projects),
        config.refuseUnknown(),
        config.admins(),
        config.metrics(),
        config.sinks(),
        config.plugins(),
        config.tracing());
  }
}
