package io.securegateway.core.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.EventCodec;
import io.securegateway.core.event.Recorded;
import io.securegateway.core.policy.SourceKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final long NEVER = Long.MAX_VALUE;

  private static Recorded keys(long seq, long ts, Event.KeyRef... keys) {
    return new Recorded(
        seq,
        ts,
        "p",
        new Event.PolicyVersioned(
            SourceKind.MODEL_KEYS,
            ts,
            "hash" + seq,
            "text",
            "ana",
            "why",
            "api",
            null,
            List.of(keys)));
  }

  private static Event.KeyRef key(String hash, long expires) {
    return new Event.KeyRef("id-" + hash, hash, expires);
  }

  private static Recorded gone(long seq, long ts) {
    return new Recorded(
        seq,
        ts,
        "p",
        new Event.PolicyVersioned(
            SourceKind.MODEL_KEYS, ts, null, "", "file system", "gone", "file", null, List.of()));
  }

  private static History after(Recorded... events) {
    History history = History.EMPTY;
    for (Recorded event : events) {
      history = history.after(event);
    }
    return history;
  }

  @Test
  void keyThatALaterVersionLacksIsRevokedForEver() {
    History history =
        after(
            keys(1, 10, key("a", NEVER), key("b", NEVER)),
            keys(2, 20, key("a", NEVER)),
            keys(3, 30, key("a", NEVER), key("b", NEVER)));
    assertEquals(Set.of("b"), history.revoked());
  }

  @Test
  void keyThatHadExpiredStaysExpired() {
    History history = after(keys(1, 10, key("a", 15)), keys(2, 20, key("a", NEVER)));
    assertEquals(Set.of("a"), history.revoked());
  }

  @Test
  void keyThatHasExpiredIsRevokedForTheNextVersion() {
    History history = after(keys(1, 10, key("a", 15), key("b", NEVER)));
    assertEquals(Set.of(), history.revokedBy(14));
    assertEquals(Set.of("a"), history.revokedBy(15));
  }

  @Test
  void longerExpiryInTimeIsNoRevocation() {
    History history = after(keys(1, 10, key("a", 15)), keys(2, 14, key("a", NEVER)));
    assertEquals(Set.of(), history.revoked());
  }

  @Test
  void lostFileRevokesNothingButWhatComesInstead() {
    History lost = after(keys(1, 10, key("a", NEVER)), gone(2, 20));
    assertEquals(Set.of(), lost.revoked());
    assertEquals(Set.of(), lost.after(keys(3, 30, key("a", NEVER))).revoked());
    assertEquals(Set.of("a"), lost.after(keys(3, 30, key("b", NEVER))).revoked());
  }

  @Test
  void sameEventTwiceIsOneVersion() {
    Recorded event = keys(1, 10);
    assertEquals(1, after(event, event).all(SourceKind.MODEL_KEYS).size());
  }

  @Test
  void nextIdIsLaterThanEveryEarlierOne() {
    History history = after(keys(1, 10));
    assertEquals(11, history.nextTs(SourceKind.MODEL_KEYS, 5));
    assertEquals(50, history.nextTs(SourceKind.MODEL_KEYS, 50));
    assertEquals(5, history.nextTs(SourceKind.POLICIES, 5));
  }

  @Property
  void survivesItsCodec(@ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> changes) {
    History history = History.EMPTY;
    long seq = 1;
    for (int change : changes) {
      Recorded event =
          change == 5
              ? gone(seq, seq * 10)
              : keys(seq, seq * 10, key("k" + change, change == 0 ? 12 : NEVER), key("x", NEVER));
      var line = EventCodec.line();
      EventCodec.write(event, line);
      assertEquals(event, EventCodec.read(line));
      history = history.after(event);
      seq++;
    }
    assertEquals(history, HistoryCodec.read(HistoryCodec.write(history)));
    Optional<Version> head = history.head(SourceKind.MODEL_KEYS);
    assertTrue(changes.isEmpty() == head.isEmpty());
  }
}
