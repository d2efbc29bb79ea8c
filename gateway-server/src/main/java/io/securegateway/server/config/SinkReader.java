package io.securegateway.server.config;

import io.securegateway.core.anomaly.Severity;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Position;
import io.securegateway.server.alert.SinkSettings;
import io.securegateway.server.alert.SinkSettings.Type;
import io.securegateway.server.alert.WebhookSignature;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The section {@code sinks:} and {@code SIEM_URL}: where alerts go. */
final class SinkReader {
  private static final Map<String, Type> TYPES =
      Map.of("siem", Type.SIEM, "webhook", Type.WEBHOOK, "syslog", Type.SYSLOG);
  private static final Map<String, Severity> SEVERITIES =
      Map.of(
          "low", Severity.LOW,
          "medium", Severity.MEDIUM,
          "high", Severity.HIGH,
          "critical", Severity.CRITICAL);
  private static final Set<String> HTTP = Set.of("https", "http");
  private static final Set<String> SYSLOG = Set.of("tls", "tcp", "udp");

  private SinkReader() {}

  /** One sink; empty if it cannot be used, with a finding that says why. */
  static Optional<SinkSettings> read(Section section) {
    String name = section.text("name", "");
    Type type = section.word("type", Type.WEBHOOK, TYPES);
    String address = section.text("url", "");
    @Nullable String secret = section.text("secret");
    Severity least = section.word("min_severity", Severity.LOW, SEVERITIES);
    List<String> projects = section.texts("projects");
    boolean allowPrivate = section.flag("allow_private", false);
    List<Duration> retries = retries(section);
    if (!name.matches("[a-z0-9][a-z0-9_-]{0,62}")) {
      section.wrong(section.positionOf("name"), "name", "must be 1 to 63 of a-z, 0-9, _ and -");
      name = "";
    }
    String problem = problem(type, address, allowPrivate);
    if (!problem.isEmpty()) {
      section.wrong(section.positionOf("url"), "url", problem);
    }
    String secretProblem =
        secret == null
            ? ""
            : type != Type.WEBHOOK
                ? "is for sinks of type webhook only"
                : WebhookSignature.problem(secret);
    if (!secretProblem.isEmpty()) {
      section.wrong(section.positionOf("secret"), "secret", secretProblem);
    }
    section.end();
    if (name.isEmpty() || !problem.isEmpty() || !secretProblem.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SinkSettings(
            name,
            type,
            URI.create(address.strip()),
            secret,
            least,
            Set.copyOf(projects),
            allowPrivate,
            retries));
  }

  private static List<Duration> retries(Section section) {
    List<Duration> retries = new ArrayList<>();
    for (String text : section.texts("retry")) {
      Optional<Duration> one = Durations.of(text).filter(wait -> wait.toHours() <= 24);
      if (one.isEmpty()) {
        section.wrong(
            section.positionOf("retry"), "retry", "has \"" + text + "\"; write 5s, 2m or 1h");
      }
      one.ifPresent(retries::add);
    }
    return retries.isEmpty() ? SinkSettings.RETRIES : List.copyOf(retries);
  }

  private static String problem(Type type, String address, boolean allowPrivate) {
    Set<String> schemes = type == Type.SYSLOG ? SYSLOG : HTTP;
    try {
      URI url = new URI(address.strip());
      if (url.getScheme() == null || !schemes.contains(url.getScheme()) || url.getHost() == null) {
        return "must be an address with one of "
            + schemes.stream().sorted().toList()
            + " and a host";
      }
      if (url.getUserInfo() != null) {
        return "has a user or password in it; receivers take a secret or a token in the path instead";
      }
      if (url.getScheme().equals("http") && !allowPrivate) {
        return "is not encrypted; use https, or set allow_private: true for a receiver nearby";
      }
      return "";
    } catch (URISyntaxException e) {
      return "is no address: " + e.getReason();
    }
  }

  /** Says which names occur twice. */
  static List<SinkSettings> distinct(Section top, List<SinkSettings> sinks) {
    Set<String> names = new HashSet<>();
    for (SinkSettings sink : sinks) {
      if (!names.add(sink.name())) {
        top.wrong(
            top.positionOf("sinks"),
            "sinks",
            "has two sinks named " + sink.name() + "; rename one");
      }
    }
    return sinks;
  }

  /**
   * {@code SIEM_URL} adds a sink named {@code siem}. Whoever sets the environment of the process
   * may name any address, also a private one without TLS.
   */
  static GatewayConfig withSiem(
      GatewayConfig config, Map<String, String> environment, List<Finding> findings) {
    String url = environment.get("SIEM_URL");
    if (url == null || url.isBlank()) {
      return config;
    }
    String problem = problem(Type.SIEM, url, true);
    if (problem.isEmpty() && config.sinks().stream().anyMatch(sink -> sink.name().equals("siem"))) {
      problem = "adds a sink named siem, but gateway.yaml has one; rename that";
    }
    if (!problem.isEmpty()) {
      findings.add(
          new Finding(
              "config-value",
              Finding.Severity.ERROR,
              new Position("SIEM_URL", 1, 1),
              "SIEM_URL " + problem + ".",
              "Set it to an address like https://siem.example.com/hook."));
      return config;
    }
    List<SinkSettings> sinks = new ArrayList<>(config.sinks());
    sinks.add(
        new SinkSettings(
            "siem",
            Type.SIEM,
            URI.create(url.strip()),
            null,
            Severity.LOW,
            Set.of(),
            true,
            SinkSettings.RETRIES));
    return new GatewayConfig(
        config.server(),
        config.journal(),
        config.projects(),
        config.refuseUnknown(),
        config.admins(),
        config.metrics(),
        List.copyOf(sinks),
        config.plugins(),
        config.tracing());
  }
}
