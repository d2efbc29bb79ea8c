package io.securegateway.server.admin;

import io.securegateway.core.anomaly.Alert;
import io.securegateway.core.anomaly.Delivery;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import io.securegateway.server.alert.AlertDesk;
import io.securegateway.server.identity.Admin;
import io.securegateway.server.identity.AdminRole;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/alerts} and their deliveries. */
public final class AlertsApi {
  private static final int MAX_LIMIT = 1_000;
  private static final int LIMIT = 100;
  private static final int MAX_NOTE = 2_000;
  private static final long SETTLE_MILLIS = 3_000;

  private final AlertDesk desk;

  /** Over the alerts. */
  public AlertsApi(AlertDesk desk) {
    this.desk = desk;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/alerts", AdminRole.VIEWER, this::alerts)
            .query("project", "state", "detector", "limit", "cursor"),
        new Route("POST", "/api/alerts/{id}/ack", AdminRole.EDITOR, this::acknowledge).body("note"),
        new Route("GET", "/api/alerts/deliveries", AdminRole.VIEWER, this::deliveries)
            .query("sink", "state", "alert", "limit", "cursor"),
        new Route("POST", "/api/alerts/deliveries/{id}/retry", AdminRole.EDITOR, this::retry));
  }

  private static boolean sees(Admin admin, Alert alert) {
    return alert.project().equals(Recorded.GATEWAY)
        ? admin.projects().isEmpty()
        : admin.sees(alert.project());
  }

  private Reply alerts(AdminRequest request) {
    Optional<String> project = request.project();
    Optional<String> state = request.word("state", List.of("open", "acknowledged", "resolved"));
    Optional<String> detector = request.parameter("detector");
    List<ObjectNode> fitting =
        caughtUp().alerts().reversed().stream()
            .filter(alert -> sees(request.admin(), alert))
            .filter(alert -> project.map(alert.project()::equals).orElse(true))
            .filter(alert -> state.map(word(alert.state())::equals).orElse(true))
            .filter(alert -> detector.map(alert.detector().word()::equals).orElse(true))
            .map(AlertsApi::json)
            .toList();
    return page(request, fitting);
  }

  /** Right after a start the desk reads what it missed: no list before it is whole. */
  private AlertDesk caughtUp() {
    settle(desk::isCaughtUp);
    if (!desk.isCaughtUp()) {
      throw new Problem(
          503,
          "alerts.behind",
          "The gateway has just started and still reads the journal for alerts; try again soon.");
    }
    return desk;
  }

  /** The cursor is the id of the last item of the page before. */
  private static Reply page(AdminRequest request, List<ObjectNode> all) {
    int from = 0;
    Optional<String> cursor = request.parameter("cursor");
    for (int i = 0; cursor.isPresent() && i < all.size(); i++) {
      if (all.get(i).path("id").asString("").equals(cursor.get())) {
        from = i + 1;
      }
    }
    int to = Math.min(all.size(), from + request.whole("limit", LIMIT, 1, MAX_LIMIT));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    all.subList(from, to).forEach(items::add);
    body.put("next_cursor", to < all.size() ? all.get(to - 1).path("id").asString("") : null);
    return Reply.ok(body);
  }

  static String word(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode json(Alert alert) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("id", alert.id()).put("detector", alert.detector().word());
    item.put("title", alert.detector().title()).put("severity", alert.severity().word());
    item.put("project", alert.project()).put("state", word(alert.state()));
    ObjectNode group = item.putObject("group");
    alert.group().forEach(group::put);
    item.put("count", alert.count()).put("summary", alert.summary());
    item.put("first_seen", BigDecimal.valueOf(alert.firstSeen(), 3));
    item.put("last_seen", BigDecimal.valueOf(alert.lastSeen(), 3));
    item.put("fingerprint", alert.fingerprint());
    alert.samples().forEach(item.putArray("samples")::add);
    item.put("acknowledged_by", alert.acknowledgedBy()).put("note", alert.note());
    return item;
  }

  private Alert known(AdminRequest request) {
    return caughtUp()
        .alert(request.segment("id"))
        .filter(alert -> sees(request.admin(), alert))
        .orElseThrow(() -> new Problem(404, "alert.unknown", "There is no such alert."));
  }

  private Reply acknowledge(AdminRequest request) {
    Alert alert = known(request);
    if (alert.state() == Alert.State.RESOLVED) {
      throw new Problem(409, "alert.resolved", "The alert has been resolved already.");
    }
    @Nullable String note =
        request.body().path("note").isString() ? request.body().path("note").stringValue() : null;
    if (note != null && note.length() > MAX_NOTE) {
      throw new Problem(400, "body.member", "The note is longer than " + MAX_NOTE + " characters.");
    }
    desk.journal(
        alert.project(), new Event.AlertAcknowledged(alert.id(), request.admin().name(), note));
    settle(() -> desk.alert(alert.id()).orElseThrow().state() != Alert.State.OPEN);
    return Reply.ok(json(desk.alert(alert.id()).orElseThrow()));
  }

  private Reply deliveries(AdminRequest request) {
    Optional<String> sink = request.parameter("sink");
    Optional<String> state = request.word("state", List.of("pending", "delivered", "dead"));
    Optional<String> alert = request.parameter("alert");
    List<ObjectNode> fitting =
        caughtUp().deliveries().reversed().stream()
            .filter(one -> sees(request.admin(), one.alert()))
            .filter(one -> sink.map(one.sink()::equals).orElse(true))
            .filter(one -> state.map(word(one.state())::equals).orElse(true))
            .filter(one -> alert.map(one.alert().id()::equals).orElse(true))
            .map(AlertsApi::json)
            .toList();
    return page(request, fitting);
  }

  private static ObjectNode json(Delivery delivery) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("id", delivery.id()).put("alert", delivery.alert().id());
    item.put("event", delivery.event()).put("sink", delivery.sink());
    item.put("state", word(delivery.state())).put("attempts", delivery.attempts());
    item.put("last_status", delivery.lastStatus()).put("last_error", delivery.lastError());
    item.put("next_attempt", seconds(delivery.nextAttempt()));
    item.put("created", seconds(delivery.created()));
    item.put(
        "delivered",
        delivery.state() == Delivery.State.DELIVERED ? seconds(delivery.ended()) : null);
    return item;
  }

  private static @Nullable BigDecimal seconds(@Nullable Long millis) {
    return millis == null ? null : BigDecimal.valueOf(millis, 3);
  }

  private Reply retry(AdminRequest request) {
    Delivery delivery =
        caughtUp()
            .delivery(request.segment("id"))
            .filter(one -> sees(request.admin(), one.alert()))
            .orElseThrow(() -> new Problem(404, "delivery.unknown", "There is no such delivery."));
    if (delivery.state() == Delivery.State.DELIVERED) {
      throw new Problem(409, "delivery.done", "The message was delivered already.");
    }
    long now = System.currentTimeMillis();
    desk.journal(
        delivery.alert().project(),
        new Event.DeliveryTried(
            delivery.id(),
            delivery.sink(),
            delivery.alert().id(),
            delivery.attempts(),
            Event.Sent.RETRY,
            null,
            "tried again for " + request.admin().name(),
            now));
    settle(
        () ->
            desk.delivery(delivery.id()).orElseThrow().state() != Delivery.State.DEAD
                || delivery.state() != Delivery.State.DEAD);
    return Reply.ok(json(desk.delivery(delivery.id()).orElseThrow()));
  }

  /** What was journaled comes back to the desk a moment later. */
  private static void settle(BooleanSupplier seen) {
    long end = System.nanoTime() + SETTLE_MILLIS * 1_000_000;
    while (!seen.getAsBoolean() && System.nanoTime() < end) {
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
