package io.securegateway.server.alert;

import io.securegateway.core.anomaly.Alert;
import io.securegateway.core.anomaly.AlertBook;
import io.securegateway.core.anomaly.Detector;
import io.securegateway.core.anomaly.Hit;
import io.securegateway.core.anomaly.Severity;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Hits on their way to be journaled: the first one of a fingerprint opens an alert, later ones are
 * counted and told at most once a second. Not thread-safe.
 */
final class Raising {
  private static final long UPDATE_MILLIS = 1_000;
  private static final int MAX_TOLD = 10_000;

  private final AlertBook book;
  private final Function<String, Function<Detector, Severity>> severities;
  private final BiFunction<String, Severity, List<String>> sinks;
  private final Map<String, Growing> growing = new LinkedHashMap<>();
  private final Map<String, Long> toldAt =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_TOLD;
        }
      };

  /** An alert that is being opened or counted up. */
  private static final class Growing {
    private final Hit first;
    private final List<String> samples = new ArrayList<>();
    private long count;
    private long upTo;
    private long last;
    private boolean opening;

    Growing(Hit first) {
      this.first = first;
    }
  }

  /** An event to journal, for that project. */
  record Wanted(String project, Event event) {}

  /**
   * @param severities how bad a hit is, by project and detector
   * @param sinks who is told of an alert of that project and severity
   */
  Raising(
      AlertBook book,
      Function<String, Function<Detector, Severity>> severities,
      BiFunction<String, Severity, List<String>> sinks) {
    this.book = book;
    this.severities = severities;
    this.sinks = sinks;
  }

  void take(Hit hit) {
    Optional<Alert> open = book.openFor(hit.fingerprint());
    if (open.isPresent() && hit.seq() <= open.get().upTo()) {
      return;
    }
    Growing one = growing.computeIfAbsent(hit.fingerprint(), fresh -> begin(hit, open));
    if (one.upTo >= hit.seq()) {
      return;
    }
    one.count += one.first == hit && one.opening ? hit.count() : 1;
    one.upTo = hit.seq();
    one.last = hit.time();
    if (!hit.sample().isEmpty() && one.samples.size() < Alert.MAX_SAMPLES) {
      one.samples.add(hit.sample());
    }
  }

  private static Growing begin(Hit hit, Optional<Alert> open) {
    Growing one = new Growing(hit);
    one.opening = open.isEmpty();
    open.ifPresent(
        alert -> {
          one.count = alert.count();
          one.samples.addAll(alert.samples());
        });
    return one;
  }

  /** An alert event that the journal already holds: what it says need not be said again. */
  void known(Recorded recorded) {
    switch (recorded.event()) {
      case Event.AlertOpened opened -> settle(opened.fingerprint(), opened.upTo());
      case Event.AlertUpdated updated ->
          book.alert(updated.id()).ifPresent(alert -> settle(alert.fingerprint(), updated.upTo()));
      case Event.AlertResolved resolved ->
          book.alert(resolved.id())
              .ifPresent(
                  alert -> {
                    growing.remove(alert.fingerprint());
                    toldAt.remove(alert.fingerprint());
                  });
      default -> {}
    }
  }

  private void settle(String fingerprint, long upTo) {
    Growing one = growing.get(fingerprint);
    if (one != null && one.upTo <= upTo) {
      growing.remove(fingerprint);
    } else if (one != null) {
      one.opening = false;
    }
  }

  /** Whether everything that was found is journaled. */
  boolean isSettled() {
    return growing.isEmpty();
  }

  /** Whether something about an alert still has to be said. */
  boolean concerns(Alert alert) {
    return growing.containsKey(alert.fingerprint());
  }

  /** What is to be journaled now, at that time (milliseconds of any clock). */
  List<Wanted> wanted(long now) {
    List<Wanted> all = new ArrayList<>();
    for (Growing one : growing.values()) {
      Long last = toldAt.get(one.first.fingerprint());
      if (last == null || now - last >= UPDATE_MILLIS || now < last) {
        toldAt.put(one.first.fingerprint(), now);
        all.add(new Wanted(one.first.project(), one.opening ? opened(one) : updated(one)));
      }
    }
    return all;
  }

  private Event opened(Growing one) {
    Hit hit = one.first;
    Severity severity = severities.apply(hit.project()).apply(hit.detector());
    return new Event.AlertOpened(
        hit.alertId(),
        hit.detector().word(),
        severity.word(),
        hit.fingerprint(),
        hit.group(),
        one.count,
        one.upTo,
        hit.since(),
        one.last,
        Summary.of(hit),
        List.copyOf(one.samples),
        sinks.apply(hit.project(), severity));
  }

  private Event updated(Growing one) {
    Alert alert = book.openFor(one.first.fingerprint()).orElseThrow();
    boolean told = decade(one.count) > decade(alert.count());
    return new Event.AlertUpdated(
        alert.id(), one.count, one.upTo, one.last, List.copyOf(one.samples), told);
  }

  /** Ten, a hundred, a thousand: each is told once. */
  private static int decade(long count) {
    return Long.toString(Math.max(1, count)).length();
  }
}
