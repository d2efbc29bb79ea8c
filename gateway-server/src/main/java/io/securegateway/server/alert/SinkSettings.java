package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Severity;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where alerts go.
 *
 * @param secret for signatures of webhooks, {@code whsec_…}; null for none
 * @param least the least severity that is told
 * @param projects whose alerts are told; empty for all
 * @param allowPrivate whether the address may be private or loopback
 * @param retries how long to wait after each failed try; after the last one the message is dead
 */
public record SinkSettings(
    String name,
    Type type,
    URI url,
    @Nullable String secret,
    Severity least,
    Set<String> projects,
    boolean allowPrivate,
    List<Duration> retries) {
  /** How it is spoken to. */
  public enum Type {
    /** Plain JSON by POST. */
    SIEM,
    /** Standard Webhooks 1.0.0. */
    WEBHOOK,
    /** RFC 5424 with CEF, over tcp, tls or udp. */
    SYSLOG
  }

  /**
   * Unless the operator says otherwise: after 5 s, 30 s, 2 min, 5 min, 15 min, 30 min, then hourly,
   * for about three days.
   */
  public static final List<Duration> RETRIES =
      Stream.concat(
              Stream.of(5, 30, 120, 300, 900, 1_800).map(Duration::ofSeconds),
              Collections.nCopies(74, Duration.ofHours(1)).stream())
          .toList();

  /** Whether it is told of an alert. */
  public boolean wants(String project, Severity severity) {
    return severity.compareTo(least) >= 0 && (projects.isEmpty() || projects.contains(project));
  }

  /** The address for people: without what may be a secret. */
  public String shown() {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return url.getScheme()
        + "://"
        + url.getHost()
        + port
        + path
        + (url.getRawQuery() == null ? "" : "?…");
  }
}
