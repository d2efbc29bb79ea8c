package io.securegateway.server.ingress;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which names the gateway answers to, and from which web pages. Against DNS rebinding and
 * cross-site requests.
 *
 * <p>Immutable and thread-safe.
 */
public final class HostCheck {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final boolean loopbackOnly;
  private final Set<String> hosts;
  private final Set<String> origins;

  /**
   * @param loopbackOnly whether the gateway listens on loopback, so that without {@code hosts} only
   *     loopback names count
   * @param hosts names it answers to, without port; empty for any (or loopback)
   * @param origins web origins that may call, such as {@code https://console.example.com}
   */
  public HostCheck(boolean loopbackOnly, List<String> hosts, List<String> origins) {
    this.loopbackOnly = loopbackOnly;
    this.hosts = lower(hosts);
    this.origins = lower(origins);
  }

  private static Set<String> lower(List<String> names) {
    return Set.copyOf(names.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList());
  }

  /** Why a request with this {@code Host} and {@code Origin} is refused, or empty. */
  public Optional<Refusal> problem(HttpServerRequest request) {
    List<String> values = request.headers().getAll("host");
    if (values.size() != 1 || !isHost(values.get(0))) {
      return Optional.of(
          new Refusal(400, "host.malformed", "Exactly one well-formed Host header is needed."));
    }
    HostAndPort authority = HostAndPort.parseAuthority(values.get(0), -1);
    if (authority == null) {
      return Optional.of(
          new Refusal(400, "host.malformed", "Exactly one well-formed Host header is needed."));
    }
    String host = authority.host().toLowerCase(Locale.ROOT);
    boolean known =
        hosts.contains(host)
            || (hosts.isEmpty() && !loopbackOnly)
            || (loopbackOnly && LOOPBACK.contains(host));
    if (!known) {
      return Optional.of(
          new Refusal(
              421,
              "host.refused",
              "This gateway does not answer to that Host; list it under server.hosts."));
    }
    return originProblem(request.getHeader("origin"), values.get(0));
  }

  private Optional<Refusal> originProblem(@Nullable String origin, String host) {
    if (origin == null) {
      return Optional.empty();
    }
    String lower = origin.toLowerCase(Locale.ROOT);
    String authority = host.toLowerCase(Locale.ROOT);
    if (origins.contains(lower)
        || lower.equals("http://" + authority)
        || lower.equals("https://" + authority)) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(
            403,
            "origin.refused",
            "Requests from this web origin are refused; list it under server.origins."));
  }

  /** Letters, digits, dots and hyphens, or a bracketed IPv6 address; a port of at most 65535. */
  static boolean isHost(String text) {
    int end = text.length();
    int colon = text.lastIndexOf(':');
    int bracket = text.lastIndexOf(']');
    if (colon > bracket) {
      String port = text.substring(colon + 1);
      if (port.isEmpty()
          || port.length() > 5
          || !port.chars().allMatch(c -> c >= '0' && c <= '9')
          || Integer.parseInt(port) > 65535) {
        return false;
      }
      end = colon;
    }
    String name = text.substring(0, end);
    if (name.isEmpty() || name.length() > 255) {
      return false;
    }
    if (name.startsWith("[")) {
      return name.length() > 2
          && name.endsWith("]")
          && name.substring(1, name.length() - 1).chars().allMatch(HostCheck::isIpv6);
    }
    return name.chars().allMatch(HostCheck::isName);
  }

  private static boolean isIpv6(int c) {
    return c == ':' || c == '.' || HexFormat.isHexDigit(c);
  }

  private static boolean isName(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-';
  }
}
