package io.securegateway.server.upstream;

import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Makes the upstream clients of each loop; breakers and bulkheads are shared by all loops, per
 * settings. A changed upstream gets a new client and a new breaker. Thread-safe.
 */
public final class UpstreamPool {
  private final Vertx vertx;
  private final Function<String, List<UpstreamSettings>> ofProject;
  private final Map<UpstreamSettings, Breaker> breakers = new ConcurrentHashMap<>();

  /** {@code ofProject}: the upstreams that serve a project now. */
  public UpstreamPool(Vertx vertx, Function<String, List<UpstreamSettings>> ofProject) {
    this.vertx = vertx;
    this.ofProject = ofProject;
  }

  /** The clients of one loop; called on it. */
  public Upstreams forLoop() {
    Map<UpstreamSettings, HttpToolUpstream> clients = new HashMap<>();
    return new Upstreams(
        ofProject,
        settings ->
            clients.computeIfAbsent(
                settings, fresh -> new HttpToolUpstream(vertx, fresh, breaker(fresh))));
  }

  private Breaker breaker(UpstreamSettings settings) {
    return breakers.computeIfAbsent(
        settings,
        fresh -> new Breaker(() -> System.nanoTime() / 1_000_000, 2 * fresh.maxConcurrent()));
  }
}
