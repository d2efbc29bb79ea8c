package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Recorded;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
  private static Recorded event(long seq) {
    return new Recorded(seq, seq, "p", Calls.acted((int) seq));
  }

  @Test
  void sendsToTheDiskForWhatItNoLongerHolds() throws Exception {
    RecentEvents recent = new RecentEvents(100);
    assertEquals(Optional.empty(), recent.after(50, 10, 0));
    for (long seq = 101; seq <= 110; seq++) {
      recent.add(event(seq), 4 * 1024 * 1024);
    }
    assertEquals(Optional.empty(), recent.after(100, 10, 0));
    List<Recorded> newest = recent.after(108, 10, 0).orElseThrow();
    assertEquals(List.of(109L, 110L), newest.stream().map(Recorded::seq).toList());
  }

  @Test
  void keepsTheNewestEvenIfItAloneIsLargerThanAllowed() throws Exception {
    RecentEvents recent = new RecentEvents(0);
    recent.add(event(1), 100 * 1024 * 1024);
    assertEquals(1, recent.after(0, 10, 0).orElseThrow().size());
    assertTrue(recent.after(1, 10, 0).orElseThrow().isEmpty());
  }
}
