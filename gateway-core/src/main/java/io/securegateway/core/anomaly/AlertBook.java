package io.securegateway.core.anomaly;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All alerts and their deliveries, folded from events. The same event twice changes nothing. Ended
 * ones beyond 5,000 alerts and 20,000 deliveries are forgotten here; the journal keeps them. Not
 * thread-safe.
 */
public final class AlertBook {
  private static final int MAX_ALERTS = 5_000;
  private static final int MAX_DELIVERIES = 20_000;

  private final Map<String, Alert> alerts = new LinkedHashMap<>();
  private final Map<String, String> open = new HashMap<>();
  private final Map<String, Delivery> deliveries = new LinkedHashMap<>();

  /** The next event; those of other kinds change nothing. */
  public void take(Recorded recorded) {
    switch (recorded.event()) {
      case Event.AlertOpened opened -> opened(recorded, opened);
      case Event.AlertUpdated updated -> updated(recorded, updated);
      case Event.AlertAcknowledged acknowledged -> {
        Alert alert = alerts.get(acknowledged.id());
        if (alert != null && alert.state() != Alert.State.RESOLVED) {
          alerts.put(alert.id(), alert.acknowledged(acknowledged.by(), acknowledged.note()));
        }
      }
      case Event.AlertResolved resolved -> resolved(recorded, resolved.id());
      case Event.DeliveryTried tried -> tried(recorded, tried);
      default -> {}
    }
  }

  private void opened(Recorded recorded, Event.AlertOpened event) {
    if (alerts.containsKey(event.id())) {
      return;
    }
    Alert alert =
        new Alert(
            event.id(),
            Detector.of(event.detector()),
            Severity.of(event.severity()),
            recorded.project(),
            event.fingerprint(),
            new TreeMap<>(event.group()),
            Alert.State.OPEN,
            event.count(),
            event.upTo(),
            event.firstSeen(),
            event.lastSeen(),
            event.summary(),
            event.samples(),
            event.sinks(),
            null,
            null);
    alerts.put(alert.id(), alert);
    open.put(alert.fingerprint(), alert.id());
    send("alert.opened", alert, recorded.time());
    forget();
  }

  private void updated(Recorded recorded, Event.AlertUpdated event) {
    Alert before = alerts.get(event.id());
    if (before == null || event.upTo() <= before.upTo()) {
      return;
    }
    Alert after = before.counted(event.count(), event.upTo(), event.lastSeen(), event.samples());
    alerts.put(after.id(), after);
    if (event.told()) {
      send("alert.updated", after, recorded.time());
    }
  }

  /** Nobody is told of an end whose beginning they were not told. */
  private void resolved(Recorded recorded, String id) {
    Alert before = alerts.get(id);
    if (before == null || before.state() == Alert.State.RESOLVED) {
      return;
    }
    Alert after = before.with(Alert.State.RESOLVED);
    alerts.put(id, after);
    open.remove(after.fingerprint(), id);
    for (String sink : after.sinks()) {
      boolean told =
          deliveries.values().stream()
              .anyMatch(
                  one ->
                      one.alert().id().equals(id)
                          && one.sink().equals(sink)
                          && one.state() == Delivery.State.DELIVERED);
      if (told) {
        put(Delivery.fresh("alert.resolved", sink, after, recorded.time()));
      }
    }
  }

  private void send(String event, Alert alert, long time) {
    alert.sinks().forEach(sink -> put(Delivery.fresh(event, sink, alert, time)));
  }

  private void put(Delivery delivery) {
    deliveries.putIfAbsent(delivery.id(), delivery);
  }

  private void tried(Recorded recorded, Event.DeliveryTried event) {
    Delivery before = deliveries.get(event.delivery());
    if (before == null || event.attempt() < before.attempts()) {
      return;
    }
    Delivery.State now =
        switch (event.result()) {
          case DELIVERED -> Delivery.State.DELIVERED;
          case DEAD -> Delivery.State.DEAD;
          case RETRY -> Delivery.State.PENDING;
        };
    deliveries.put(
        before.id(),
        before.tried(
            now, event.attempt(), event.status(), event.detail(), event.next(), recorded.time()));
  }

  private void forget() {
    Iterator<Alert> oldest = alerts.values().iterator();
    while (alerts.size() > MAX_ALERTS && oldest.hasNext()) {
      if (oldest.next().state() == Alert.State.RESOLVED) {
        oldest.remove();
      }
    }
    Iterator<Delivery> oldestSent = deliveries.values().iterator();
    while (deliveries.size() > MAX_DELIVERIES && oldestSent.hasNext()) {
      if (oldestSent.next().state() != Delivery.State.PENDING) {
        oldestSent.remove();
      }
    }
  }

  /** The alert that is open for a fingerprint. */
  public Optional<Alert> openFor(String fingerprint) {
    return Optional.ofNullable(open.get(fingerprint)).map(alerts::get);
  }

  /** An alert. */
  public Optional<Alert> alert(String id) {
    return Optional.ofNullable(alerts.get(id));
  }

  /** Those that are not resolved. */
  public List<Alert> unresolved() {
    return open.values().stream().map(alerts::get).toList();
  }

  /** All that are known, oldest first. */
  public List<Alert> alerts() {
    return List.copyOf(alerts.values());
  }

  /** A delivery. */
  public Optional<Delivery> delivery(String id) {
    return Optional.ofNullable(deliveries.get(id));
  }

  /** All that are known, oldest first. */
  public List<Delivery> deliveries() {
    return List.copyOf(deliveries.values());
  }

  /** Those of a sink that have to be tried, the earliest first. */
  public List<Delivery> pending(String sink) {
    List<Delivery> pending = new ArrayList<>();
    for (Delivery delivery : deliveries.values()) {
      if (delivery.sink().equals(sink) && delivery.state() == Delivery.State.PENDING) {
        pending.add(delivery);
      }
    }
    pending.sort(
        java.util.Comparator.comparing(
            delivery ->
                delivery.nextAttempt() == null ? delivery.created() : delivery.nextAttempt()));
    return pending;
  }

  /** For snapshots: puts back what was known. */
  void restore(Collection<Alert> known, Collection<Delivery> sent) {
    for (Alert alert : known) {
      alerts.put(alert.id(), alert);
      if (alert.state() != Alert.State.RESOLVED) {
        open.put(alert.fingerprint(), alert.id());
      }
    }
    sent.forEach(delivery -> deliveries.put(delivery.id(), delivery));
  }
}
