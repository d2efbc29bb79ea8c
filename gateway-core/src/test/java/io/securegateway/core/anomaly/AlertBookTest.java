package io.securegateway.core.anomaly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertBookTest {
  private final AlertBook book = new AlertBook();
  private long seq;

  private void take(Event event) {
    seq++;
    book.take(new Recorded(seq, seq * 1_000, "bank", event));
  }

  private static Event.AlertOpened opened(String id) {
    return new Event.AlertOpened(
        id,
        "denial_burst",
        "high",
        "fp",
        Map.of("key", "k"),
        10,
        5,
        1_000,
        2_000,
        "sum",
        List.of("c1"),
        List.of("siem", "hook"));
  }

  private void tried(Delivery delivery, int attempt, Event.Sent result) {
    take(
        new Event.DeliveryTried(
            delivery.id(), delivery.sink(), "a", attempt, result, 500, "no", 99_000L));
  }

  @Test
  void openAlertIsToldToItsSinksOnce() {
    take(opened("a"));
    take(opened("a"));
    assertEquals(1, book.alerts().size());
    assertEquals(2, book.deliveries().size());
    assertEquals("a", book.openFor("fp").orElseThrow().id());
  }

  @Test
  void growthIsToldOnlyWhereTheEventSaysSo() {
    take(opened("a"));
    take(new Event.AlertUpdated("a", 50, 9, 3_000, List.of("c2"), false));
    assertEquals(50, book.alert("a").orElseThrow().count());
    assertEquals(2, book.deliveries().size());
    take(new Event.AlertUpdated("a", 100, 12, 4_000, List.of("c2"), true));
    assertEquals(4, book.deliveries().size());
    take(new Event.AlertUpdated("a", 60, 10, 3_500, List.of(), false));
    assertEquals(100, book.alert("a").orElseThrow().count());
  }

  @Test
  void nobodyIsToldOfAnEndWhoseBeginningTheyWereNotTold() {
    take(opened("a"));
    Delivery siem = book.pending("siem").get(0);
    tried(siem, 1, Event.Sent.DELIVERED);
    take(new Event.AlertResolved("a"));
    assertEquals(Alert.State.RESOLVED, book.alert("a").orElseThrow().state());
    assertTrue(book.openFor("fp").isEmpty());
    assertEquals("alert.resolved", book.pending("siem").get(0).event());
    assertEquals(
        List.of("alert.opened"), book.pending("hook").stream().map(Delivery::event).toList());
  }

  @Test
  void retryKeepsTheIdAndDeadCanBeTriedAgain() {
    take(opened("a"));
    Delivery first = book.pending("siem").get(0);
    tried(first, 1, Event.Sent.RETRY);
    assertEquals(first.id(), book.pending("siem").get(0).id());
    tried(first, 2, Event.Sent.DEAD);
    assertTrue(book.pending("siem").isEmpty());
    tried(first, 2, Event.Sent.RETRY);
    assertEquals(2, book.pending("siem").get(0).attempts());
  }

  @Test
  void acknowledgedAlertStaysOpenForItsFingerprint() {
    take(opened("a"));
    take(new Event.AlertAcknowledged("a", "ana", "mine"));
    assertEquals(Alert.State.ACKNOWLEDGED, book.openFor("fp").orElseThrow().state());
    assertEquals("ana", book.alert("a").orElseThrow().acknowledgedBy());
  }

  @Test
  void survivesItsCodec() {
    take(opened("a"));
    tried(book.pending("siem").get(0), 1, Event.Sent.DELIVERED);
    tried(book.pending("hook").get(0), 1, Event.Sent.RETRY);
    take(new Event.AlertAcknowledged("a", "ana", null));
    AlertBook back = new AlertBook();
    BookCodec.read(BookCodec.write(book), back);
    assertEquals(book.alerts(), back.alerts());
    assertEquals(book.deliveries(), back.deliveries());
    assertEquals(book.openFor("fp"), back.openFor("fp"));
  }
}
