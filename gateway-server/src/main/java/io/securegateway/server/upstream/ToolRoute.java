package io.securegateway.server.upstream;

import io.securegateway.core.call.Names;
import io.securegateway.server.mcp.Method;
import java.util.List;
import java.util.Optional;

/**
 * Where a tool is found.
 *
 * @param tool the name on the upstream's own side
 */
public record ToolRoute(UpstreamSettings upstream, String tool) {

  /**
   * The upstream that offers the name: the one whose prefix it bears, else the one without a
   * prefix. A good name can hide a refused one behind its prefix ({@code fs.../secret} hides {@code
   * ../secret}), so what the upstream is asked for is held to the same grammar.
   */
  public static Optional<ToolRoute> find(List<UpstreamSettings> upstreams, String name) {
    if (Method.of(name).isPresent()) {
      // Policies know methods by their names: no tool may go under one.
      return Optional.empty();
    }
    for (UpstreamSettings upstream : upstreams) {
      String prefix = upstream.prefix();
      if (prefix != null && name.startsWith(prefix + ".") && name.length() > prefix.length() + 1) {
        return offered(upstream, name.substring(prefix.length() + 1));
      }
    }
    return upstreams.stream()
        .filter(upstream -> upstream.prefix() == null)
        .findFirst()
        .flatMap(upstream -> offered(upstream, name));
  }

  private static Optional<ToolRoute> offered(UpstreamSettings upstream, String tool) {
    boolean listed = upstream.tools().isEmpty() || upstream.tools().contains(tool);
    return listed && Names.toolProblem(tool).isEmpty()
        ? Optional.of(new ToolRoute(upstream, tool))
        : Optional.empty();
  }

  /** Whether the tool reads numbers exactly. */
  public boolean exactNumbers() {
    return upstream.exactNumbers().contains(tool);
  }
}
