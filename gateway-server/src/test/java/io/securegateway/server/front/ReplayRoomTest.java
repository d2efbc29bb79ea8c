package io.securegateway.server.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReplayRoomTest {
  private final AtomicLong now = new AtomicLong();
  private final ReplayRoom room = new ReplayRoom(now::get, 100, 150);
  private final List<String> forgotten = new ArrayList<>();

  /** One that has ended, of a key that took so much for it. */
  private void ended(String key, String name) {
    new ResumableStream(name, true, key, room, () -> forgotten.add(name)).end();
  }

  @Test
  void aKeyHasItsShareAndAllHaveTheirs() {
    assertTrue(room.take("a", 100));
    assertFalse(room.take("a", 1));
    assertTrue(room.take("b", 50));
    assertFalse(room.take("b", 1), "all is taken");
    room.free("a", 10);
    assertTrue(room.take("b", 10));
    assertFalse(room.take("a", 1));
  }

  @Test
  void whatEndedMakesRoomForItsOwnKeyOnlyOldestFirst() {
    assertTrue(room.take("a", 100));
    ended("a", "first");
    ended("a", "second");
    ended("b", "other");
    assertFalse(room.take("a", 1), "these kept nothing, so there is no more room without them");
    assertEquals(List.of("first", "second"), forgotten);
  }

  @Test
  void whatEndedLongAgoIsForgotten() {
    ended("a", "first");
    now.addAndGet(TimeUnit.MINUTES.toMillis(4));
    ended("a", "second");
    assertEquals(List.of(), forgotten);
    now.addAndGet(TimeUnit.MINUTES.toMillis(2));
    ended("a", "third");
    assertEquals(List.of("first"), forgotten);
    assertTrue(room.take("b", 100));
    now.addAndGet(TimeUnit.MINUTES.toMillis(10));
    assertFalse(room.take("c", 100), "too much for all");
    assertEquals(List.of("first", "second", "third"), forgotten);
  }

  @Test
  void manySmallOnesAreNotKeptEither() {
    for (int i = 0; i < 150; i++) {
      ended("a", "stream " + i);
    }
    assertEquals(50, forgotten.size());
  }
}
