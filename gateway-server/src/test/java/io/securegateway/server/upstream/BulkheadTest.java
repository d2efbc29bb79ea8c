package io.securegateway.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.upstream.Bulkhead.Ticket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BulkheadTest {
  private final Bulkhead bulkhead = new Bulkhead(4);
  private final List<String> started = new ArrayList<>();

  private Optional<Ticket> enter(String key) {
    return bulkhead.enter(key, () -> started.add(key));
  }

  private Ticket runs(String key) {
    Ticket ticket = enter(key).orElseThrow();
    assertTrue(ticket.isAtOnce());
    return ticket;
  }

  private Ticket waits(String key) {
    Ticket ticket = enter(key).orElseThrow();
    assertFalse(ticket.isAtOnce());
    return ticket;
  }

  @Test
  void noKeyTakesAllPlacesNorAllOfTheQueue() {
    runs("a");
    runs("a");
    Ticket third = runs("a");
    waits("a");
    Ticket b = runs("b");
    waits("a");
    waits("a");
    assertTrue(enter("a").isEmpty());
    waits("b");
    assertTrue(enter("b").isEmpty(), "four wait");
    assertEquals(List.of(), started);
    b.leave();
    assertEquals(List.of("b"), started, "those before are of a key that has its share");
    third.leave();
    assertEquals(List.of("b", "a"), started);
  }

  @Test
  void whoWaitedLongestGoesNext() {
    Ticket first = runs("a");
    Ticket second = runs("b");
    runs("c");
    runs("d");
    waits("e");
    Ticket leaves = waits("f");
    waits("g");
    leaves.leave();
    first.leave();
    second.leave();
    assertEquals(List.of("e", "g"), started);
  }

  @Test
  void leavingTwiceGivesOnePlace() {
    Ticket first = runs("a");
    runs("b");
    runs("c");
    runs("d");
    first.leave();
    first.leave();
    runs("e");
    waits("f");
  }

  @Test
  void onePlaceIsForEverybody() {
    Bulkhead single = new Bulkhead(1);
    Ticket only = single.enter("a", () -> {}).orElseThrow();
    assertTrue(only.isAtOnce());
    only.leave();
    assertTrue(single.enter("a", () -> {}).orElseThrow().isAtOnce());
  }

  /** Whatever comes and leaves, in the end all places are free again. */
  @Property
  void nothingIsLost(@ForAll @Size(max = 200) List<@IntRange(min = -3, max = 3) Integer> moves) {
    Bulkhead some = new Bulkhead(5);
    Deque<Ticket> inside = new ArrayDeque<>();
    for (int move : moves) {
      if (move >= 0) {
        some.enter("key" + move, () -> {}).ifPresent(inside::add);
      } else if (!inside.isEmpty()) {
        (move % 2 == 0 ? inside.removeFirst() : inside.removeLast()).leave();
      }
    }
    inside.forEach(Ticket::leave);
    for (int i = 0; i < 5; i++) {
      assertTrue(some.enter("key" + i, () -> {}).orElseThrow().isAtOnce());
    }
    assertFalse(some.enter("last", () -> {}).orElseThrow().isAtOnce());
  }
}
