package io.securegateway.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.upstream.Breaker.Entry;
import io.securegateway.server.upstream.Breaker.Health;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private long now = 1_000;
  private final Breaker breaker = new Breaker(() -> now);

  private void call(Entry expected, Health health) {
    Entry entry = breaker.enter();
    assertEquals(expected, entry);
    breaker.leave(entry, health);
  }

  private void open() {
    for (int i = 0; i < 5; i++) {
      call(Entry.GO, Health.ILL);
    }
  }

  @Test
  void opensAfterFiveFailuresInARow() {
    for (int i = 0; i < 4; i++) {
      call(Entry.GO, Health.ILL);
      assertFalse(breaker.isOpen());
    }
    call(Entry.GO, Health.ILL);
    assertTrue(breaker.isOpen());
    assertEquals(Entry.OPEN, breaker.enter());
  }

  @Test
  void countsFailuresInARowOnly() {
    for (int i = 0; i < 20; i++) {
      call(Entry.GO, i % 5 == 4 ? Health.WELL : Health.ILL);
    }
    assertFalse(breaker.isOpen());
  }

  @Test
  void closesWhenTheProbeSucceeds() {
    open();
    now += 4_999;
    assertEquals(Entry.OPEN, breaker.enter());
    now += 1;
    call(Entry.PROBE, Health.WELL);
    call(Entry.GO, Health.WELL);
  }

  @Test
  void letsOneProbeGoAtATime() {
    open();
    now += 5_000;
    assertEquals(Entry.PROBE, breaker.enter());
    assertEquals(Entry.OPEN, breaker.enter());
    assertTrue(breaker.isOpen());
  }

  @Test
  void waitsTwiceAsLongAfterEachFailedProbeUpToAMinute() {
    open();
    for (long pause : new long[] {5_000, 10_000, 20_000, 40_000, 60_000, 60_000}) {
      now += pause - 1;
      assertEquals(Entry.OPEN, breaker.enter(), "before " + pause);
      now += 1;
      call(Entry.PROBE, Health.ILL);
    }
    now += 60_000;
    call(Entry.PROBE, Health.WELL);
    open();
    now += 5_000;
    call(Entry.PROBE, Health.WELL);
  }

  @Test
  void callersThatLeaveNeitherOpenNorCloseIt() {
    for (int i = 0; i < 20; i++) {
      call(Entry.GO, Health.UNKNOWN);
    }
    assertFalse(breaker.isOpen());
    for (int i = 0; i < 4; i++) {
      call(Entry.GO, Health.ILL);
      call(Entry.GO, Health.UNKNOWN);
    }
    call(Entry.GO, Health.ILL);
    assertTrue(breaker.isOpen());
    now += 5_000;
    call(Entry.PROBE, Health.UNKNOWN);
    call(Entry.PROBE, Health.WELL);
  }

  @Test
  void callsFromBeforeDoNotKeepItOpenForLonger() {
    Entry early = breaker.enter();
    Entry other = breaker.enter();
    open();
    now += 5_000;
    breaker.leave(early, Health.ILL);
    Entry probe = breaker.enter();
    assertEquals(Entry.PROBE, probe);
    breaker.leave(other, Health.ILL);
    assertEquals(Entry.OPEN, breaker.enter(), "the probe is still under way");
    breaker.leave(probe, Health.WELL);
    call(Entry.GO, Health.WELL);
  }
}
