package io.securegateway.server.config;

import io.securegateway.core.call.Names;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import io.securegateway.server.upstream.UpstreamSettings;
import io.securegateway.server.upstream.Wire;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the upstreams of a project. */
final class UpstreamReader {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int MAX_ANSWER = 4 * 1024 * 1024;
  private static final int MAX_CONCURRENT = 256;

  /** Headers that say how a request is framed or routed: never credentials. */
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "transfer-encoding",
          "connection",
          "te",
          "upgrade",
          "expect");

  private UpstreamReader() {}

  static Optional<UpstreamSettings> read(String project, Section section) {
    String name = section.text("name", "");
    String prefix = section.text("prefix");
    Wire wire = WireReader.read(section);
    List<String> tools = section.texts("tools");
    Duration deadline = deadline(section);
    int maxAnswer = (int) section.whole("max_answer", MAX_ANSWER, 1_024, 256 * 1024 * 1024);
    int maxConcurrent = (int) section.whole("max_concurrent", MAX_CONCURRENT, 1, 10_000);
    Set<String> exact = Set.copyOf(section.texts("exact_numbers"));
    UpstreamSettings.Credentials credentials =
        section.section("credentials").map(UpstreamReader::credentials).orElse(null);
    if (!name.matches("[a-zA-Z0-9_-]{1,64}")) {
      section.wrong(section.positionOf("name"), "name", "must be 1 to 64 letters, digits, _ and -");
    }
    if (prefix != null && !prefix.matches("[a-zA-Z0-9_-]{1,64}")) {
      section.wrong(
          section.positionOf("prefix"), "prefix", "must be 1 to 64 letters, digits, _ and -");
    }
    for (String tool : tools) {
      Names.toolProblem(tool)
          .ifPresent(
              text ->
                  section.wrong(
                      section.positionOf("tools"), "tools", "has a name that is refused: " + text));
    }
    if (credentials != null && wire instanceof Wire.McpStdio) {
      section.wrong(
          section.positionOf("credentials"),
          "credentials",
          "goes into headers, which a child process has not; use env");
    }
    section.end();
    return wire == null
        ? Optional.empty()
        : Optional.of(
            new UpstreamSettings(
                project,
                name,
                prefix,
                wire,
                List.copyOf(tools),
                deadline,
                maxAnswer,
                maxConcurrent,
                credentials,
                exact));
  }

  static Optional<UpstreamSettings> fromEnvironment(String text, List<Finding> findings) {
    Optional<URI> url = url(text.strip());
    if (url.isEmpty()) {
      findings.add(
          new Finding(
              "config-value",
              Severity.ERROR,
              new Position("TOOL_SERVER_URL", 1, 1),
              "The environment variable TOOL_SERVER_URL is no http or https address without query, user or fragment.",
              "Set it to something like http://127.0.0.1:5001/tools, or unset it."));
    }
    return url.map(
        address ->
            new UpstreamSettings(
                "default",
                "TOOL_SERVER_URL",
                null,
                new Wire.Http(address),
                List.of(),
                DEADLINE,
                MAX_ANSWER,
                MAX_CONCURRENT,
                null,
                Set.of()));
  }

  private static UpstreamSettings.@Nullable Credentials credentials(Section section) {
    String header = section.text("header", "Authorization");
    String value = section.text("value", "");
    if (!header.matches("[A-Za-z0-9-]{1,64}")
        || OWN_HEADERS.contains(header.toLowerCase(Locale.ROOT))) {
      section.wrong(
          section.positionOf("header"),
          "header",
          "must be the name of a header that is not the connection's own");
    }
    if (value.isEmpty() || value.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
      section.wrong(
          section.positionOf("value"),
          "value",
          "must be printable ASCII; read it from the environment with ${NAME}");
    }
    section.end();
    return new UpstreamSettings.Credentials(header, value);
  }

  private static Duration deadline(Section section) {
    String text = section.text("deadline");
    if (text == null) {
      return DEADLINE;
    }
    Optional<Duration> read = duration(text);
    if (read.isEmpty() || read.get().isZero() || read.get().compareTo(Duration.ofHours(1)) > 0) {
      section.wrong(
          section.positionOf("deadline"), "deadline", "must be a time like 30s or 2m, at most 60m");
      return DEADLINE;
    }
    return read.get();
  }

  private static Optional<Duration> duration(String text) {
    if (!text.matches("[0-9]{1,6}(ms|s|m)")) {
      return Optional.empty();
    }
    long number = Long.parseLong(text.replaceAll("[a-z]", ""));
    return Optional.of(
        text.endsWith("ms")
            ? Duration.ofMillis(number)
            : text.endsWith("s") ? Duration.ofSeconds(number) : Duration.ofMinutes(number));
  }

  static Optional<URI> url(String text) {
    try {
      URI url = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      boolean plain =
          url.getRawQuery() == null && url.getRawFragment() == null && url.getRawUserInfo() == null;
      boolean port = url.getPort() == -1 || (url.getPort() > 0 && url.getPort() <= 65_535);
      return http && plain && port && url.getHost() != null ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
