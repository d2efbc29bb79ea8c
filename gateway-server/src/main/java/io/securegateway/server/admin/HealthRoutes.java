package io.securegateway.server.admin;

import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.journal.Journal;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /healthz}: the process is alive. {@code /readyz}: it may take traffic. Open without a key;
 * they tell no secrets.
 */
public final class HealthRoutes {
  private final Journal journal;
  private final BooleanSupplier stopping;

  /** {@code stopping}: whether the gateway is closing. */
  public HealthRoutes(Journal journal, BooleanSupplier stopping) {
    this.journal = journal;
    this.stopping = stopping;
  }

  /** Takes the request if its path is one of the two. */
  public boolean take(Exchange exchange) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    switch (exchange.path()) {
      case "/healthz" -> exchange.json(200, body.put("status", "alive"));
      case "/readyz" -> {
        Journal.Health health = journal.health();
        if (stopping.getAsBoolean()) {
          exchange.json(
              503, body.put("status", "stopping").put("reason", "The gateway is stopping."));
        } else if (health.ready()) {
          exchange.json(200, body.put("status", "ready"));
        } else {
          exchange.json(503, body.put("status", "not ready").put("reason", health.problem()));
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }
}
