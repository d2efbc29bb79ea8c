package io.securegateway.server.config;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Position;
import io.securegateway.server.trace.TraceSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The section {@code tracing:} and OpenTelemetry's own variables: where spans go. */
final class TraceReader {
  private static final String BASE = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String WHOLE = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
  private static final String NAME = "OTEL_SERVICE_NAME";
  private static final String PATH = "/v1/traces";

  private TraceReader() {}

  /** The section; empty if it cannot be used, with a finding that says why. */
  static Optional<TraceSettings> read(Section section) {
    String endpoint = section.text("endpoint", "");
    String authorization = section.text("authorization", "");
    int percent = (int) section.whole("percent", 100, 0, 100);
    String service = section.text("service", TraceSettings.SERVICE);
    URI url = url(endpoint);
    if (url == null) {
      section.wrong(
          section.positionOf("endpoint"),
          "endpoint",
          "must be the whole http(s) address that takes OTLP, such as"
              + " http://127.0.0.1:4318/v1/traces");
    }
    boolean sendable = isHeader(authorization);
    if (!sendable) {
      section.wrong(
          section.positionOf("authorization"), "authorization", "must be printable ASCII");
    }
    section.end();
    return url == null || !sendable
        ? Optional.empty()
        : Optional.of(
            new TraceSettings(
                url,
                authorization.isEmpty() ? Map.of() : Map.of("authorization", authorization),
                percent,
                service));
  }

  /** What the environment says, else what stands in the file. */
  static Optional<TraceSettings> withEnvironment(
      Optional<TraceSettings> file, Map<String, String> environment, List<Finding> findings) {
    String whole = environment.getOrDefault(WHOLE, "").strip();
    String base = environment.getOrDefault(BASE, "").strip();
    if (whole.isEmpty() && base.isEmpty()) {
      return file;
    }
    String name = whole.isEmpty() ? BASE : WHOLE;
    String address = whole.isEmpty() ? base.replaceFirst("/+$", "") + PATH : whole;
    URI url = url(address);
    Map<String, String> headers = headers(environment.getOrDefault(HEADERS, ""));
    if (url == null) {
      wrong(findings, name, "is no http(s) address", "Set it like http://127.0.0.1:4318");
      return Optional.empty();
    }
    if (!headers.values().stream().allMatch(TraceReader::isHeader)) {
      wrong(findings, HEADERS, "is no list of headers", "Write it like name=value,name=value");
      return Optional.empty();
    }
    String service = environment.getOrDefault(NAME, "").strip();
    return Optional.of(
        new TraceSettings(url, headers, 100, service.isEmpty() ? TraceSettings.SERVICE : service));
  }

  private static void wrong(List<Finding> findings, String name, String what, String mend) {
    findings.add(
        new Finding(
            "config-value",
            Finding.Severity.ERROR,
            new Position(name, 1, 1),
            name + " " + what + ".",
            mend + ", or unset it."));
  }

  /** {@code name=value,…}; what is none has the value of a line break, which no header may have. */
  private static Map<String, String> headers(String text) {
    Map<String, String> headers = new HashMap<>();
    for (String item : text.split(",")) {
      int at = item.indexOf('=');
      String name = at < 0 ? item.strip() : item.substring(0, at).strip();
      if (name.isEmpty() && at < 0) {
        continue;
      }
      boolean fits = at > 0 && name.matches("[A-Za-z0-9-]+");
      headers.put(name, fits ? item.substring(at + 1).strip() : "\n");
    }
    return Map.copyOf(headers);
  }

  private static boolean isHeader(String value) {
    return value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }

  private static @Nullable URI url(String text) {
    try {
      URI url = new URI(text.strip());
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return http && url.getHost() != null && url.getUserInfo() == null ? url : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
