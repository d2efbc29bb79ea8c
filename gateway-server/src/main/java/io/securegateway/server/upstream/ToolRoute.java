package io.securegateway.server.upstream;

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
   * prefix.
   */
  public static Optional<ToolRoute> find(List<UpstreamSettings> upstreams, String name) {
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
    return upstream.tools().isEmpty() || upstream.tools().contains(tool)
        ? Optional.of(new ToolRoute(upstream, tool))
        : Optional.empty();
  }

  /** Whether the tool reads numbers exactly. */
  public boolean exactNumbers() {
    return upstream.exactNumbers().contains(tool);
  }
}
