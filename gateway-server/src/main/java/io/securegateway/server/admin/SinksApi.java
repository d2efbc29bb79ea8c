package io.securegateway.server.admin;

import io.securegateway.core.anomaly.Delivery;
import io.securegateway.server.alert.AlertDesk;
import io.securegateway.server.alert.Deliverer;
import io.securegateway.server.alert.Deliverer.Tested;
import io.securegateway.server.alert.SinkSettings;
import io.securegateway.server.identity.AdminRole;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/sinks}: where alerts go, and a test of each. */
public final class SinksApi {
  private static final long PATIENCE_SECONDS = 40;

  private final AlertDesk desk;
  private final Deliverer deliverer;
  private final Supplier<List<SinkSettings>> sinks;

  /** Over the sinks in force. */
  public SinksApi(AlertDesk desk, Deliverer deliverer, Supplier<List<SinkSettings>> sinks) {
    this.desk = desk;
    this.deliverer = deliverer;
    this.sinks = sinks;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/sinks", AdminRole.VIEWER, this::sinks),
        new Route("POST", "/api/sinks/{name}/test", AdminRole.EDITOR, this::test));
  }

  private Reply sinks(AdminRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    for (SinkSettings sink : sinks.get()) {
      List<Delivery> all =
          desk.deliveries().stream().filter(one -> one.sink().equals(sink.name())).toList();
      ObjectNode item =
          items.addObject().put("name", sink.name()).put("type", AlertsApi.word(sink.type()));
      item.put("url", sink.shown()).put("min_severity", sink.least().word());
      item.put("signed", sink.secret() != null);
      for (Delivery.State state : Delivery.State.values()) {
        item.put(AlertsApi.word(state), all.stream().filter(one -> one.state() == state).count());
      }
    }
    return Reply.ok(body);
  }

  private Reply test(AdminRequest request) {
    if (!request.admin().projects().isEmpty()) {
      throw new Problem(
          403, "role.refused", "Sinks take alerts of every project: this needs an editor of all.");
    }
    String name = request.segment("name");
    Tested tested;
    try {
      tested =
          deliverer
              .test(name, request.admin().name())
              .orElseThrow(
                  () ->
                      new Problem(
                          404, "sink.unknown", "There is no such sink; GET /api/sinks lists them."))
              .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof IllegalStateException busy) {
        throw new Problem(
            409, "sink.busy", "The test was not made: " + busy.getMessage() + ". Try again.");
      }
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
      throw new Problem(
          504, "sink.slow", "The sink has not answered within " + PATIENCE_SECONDS + " s.");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("sink", name).put("delivery", tested.delivery()).put("arrived", tested.arrived());
    body.put("status", tested.status()).put("detail", tested.detail());
    return Reply.ok(body.put("ms", tested.millis()));
  }
}
