package io.securegateway.server.config;

import io.securegateway.server.upstream.Wire;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads how an upstream is spoken to: {@code type}, and the keys that belong to it. */
final class WireReader {
  private static final Map<String, Kind> KINDS =
      Map.of("http", Kind.HTTP, "mcp-http", Kind.MCP_HTTP, "mcp-stdio", Kind.MCP_STDIO);
  private static final Map<String, Wire.Protocol> PROTOCOLS =
      Map.of(
          "auto", Wire.Protocol.AUTO,
          "session", Wire.Protocol.SESSION,
          "stateless", Wire.Protocol.STATELESS);

  /** What every child process finds in its environment, if the gateway has it. */
  private static final List<String> ALWAYS = List.of("PATH", "HOME");

  private enum Kind {
    HTTP,
    MCP_HTTP,
    MCP_STDIO
  }

  private WireReader() {}

  static @Nullable Wire read(Section section) {
    return switch (section.word("type", Kind.HTTP, KINDS)) {
      case HTTP -> url(section).map(Wire.Http::new).orElse(null);
      case MCP_HTTP -> {
        Wire.Protocol protocol = protocol(section);
        yield url(section).map(url -> new Wire.McpHttp(url, protocol)).orElse(null);
      }
      case MCP_STDIO -> stdio(section);
    };
  }

  private static Wire.Protocol protocol(Section section) {
    return section.word("protocol", Wire.Protocol.AUTO, PROTOCOLS);
  }

  private static Optional<URI> url(Section section) {
    Optional<URI> url = UpstreamReader.url(section.text("url", ""));
    if (url.isEmpty()) {
      section.wrong(
          section.positionOf("url"),
          "url",
          "must be an http or https address without query, user or fragment");
    }
    return url;
  }

  private static @Nullable Wire stdio(Section section) {
    Wire.Protocol protocol = protocol(section);
    List<String> command = section.texts("command");
    if (command.isEmpty() || command.stream().anyMatch(WireReader::isNoWord)) {
      section.wrong(
          section.positionOf("command"),
          "command",
          "must be a list of the program and its arguments, such as [\"node\", \"server.js\"]");
      return null;
    }
    Map<String, String> environment = new TreeMap<>();
    ALWAYS.forEach(name -> add(environment, name, section.variable(name)));
    for (String entry : section.texts("env")) {
      int equals = entry.indexOf('=');
      String name = equals < 0 ? entry : entry.substring(0, equals);
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,127}") || entry.indexOf('\0') >= 0) {
        section.wrong(
            section.positionOf("env"),
            "env",
            "has an entry that is neither NAME nor NAME=value; NAME takes the gateway's own value");
        continue;
      }
      add(environment, name, equals < 0 ? section.variable(name) : entry.substring(equals + 1));
    }
    return new Wire.McpStdio(List.copyOf(command), Map.copyOf(environment), protocol);
  }

  private static boolean isNoWord(String word) {
    return word.isEmpty() || word.indexOf('\0') >= 0;
  }

  private static void add(Map<String, String> to, String name, @Nullable String value) {
    if (value != null) {
      to.put(name, value);
    }
  }
}
