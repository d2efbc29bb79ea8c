package io.securegateway.server.metrics;

import io.securegateway.server.admin.AdminDoor;
import io.securegateway.server.identity.AdminTable;
import io.securegateway.server.identity.AuthFailures;
import io.securegateway.server.identity.Keys;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code GET /metrics}: for Prometheus. With the key of {@code metrics.key_sha256}, or that of an
 * admin who sees all projects, as {@code Authorization: Bearer} or {@code X-Admin-Key}.
 */
public final class MetricsDoor {
  private static final String BEARER = "Bearer ";

  private final Metrics metrics;
  private final Supplier<AdminTable> admins;
  private final Supplier<Optional<String>> keyHash;
  private final AuthFailures failures;

  /** {@code keyHash}: SHA-256 of the metrics key, if one is set. */
  public MetricsDoor(
      Metrics metrics,
      Supplier<AdminTable> admins,
      Supplier<Optional<String>> keyHash,
      AuthFailures failures) {
    this.metrics = metrics;
    this.admins = admins;
    this.keyHash = keyHash;
    this.failures = failures;
  }

  /** Takes the request if it is for the metrics. */
  public boolean take(Exchange exchange) {
    if (!exchange.path().equals("/metrics")) {
      return false;
    }
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      AdminDoor.refuse(
          exchange.with("allow", "GET, HEAD"),
          new Refusal(405, "method.refused", "This path does not take " + exchange.method() + "."));
    } else if (!isKnown(exchange)) {
      failures.count(exchange.source(), "metrics key");
      AdminDoor.refuse(
          exchange,
          new Refusal(
              401,
              "unauthorized",
              "The metrics key or an admin key for all projects is needed (Authorization: Bearer)."));
    } else {
      exchange.send(
          200,
          "text/plain; version=0.0.4; charset=utf-8",
          metrics.prometheus().getBytes(StandardCharsets.UTF_8));
    }
    return true;
  }

  private boolean isKnown(Exchange exchange) {
    Optional<String> sent =
        exchange
            .header("x-admin-key")
            .or(
                () ->
                    exchange
                        .header("authorization")
                        .filter(value -> value.startsWith(BEARER))
                        .map(value -> value.substring(BEARER.length())));
    if (sent.isEmpty() || sent.get().isEmpty() || sent.get().length() > Keys.MAX_LENGTH) {
      return false;
    }
    boolean metricsKey =
        keyHash.get().filter(hash -> Keys.sameHash(hash, Keys.hash(sent.get()))).isPresent();
    return metricsKey
        || admins
            .get()
            .identify(sent.get())
            .filter(admin -> admin.projects().isEmpty())
            .isPresent();
  }
}
