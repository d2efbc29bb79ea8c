package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every back end of the journal must keep. */
abstract class JournalContract {
  /** Opens the journal of this test, again and again with the same content. */
  abstract Journal open() throws Exception;

  static void await(CompletionStage<Void> durable) {
    durable.toCompletableFuture().join();
  }

  static List<Recorded> all(Journal journal, long from) {
    List<Recorded> all = new ArrayList<>();
    journal.scan(
        from,
        recorded -> {
          all.add(recorded);
          return true;
        });
    return all;
  }

  private static void fill(Journal journal, int from, int to) {
    Journal.Appended last = null;
    for (int i = from; i <= to; i++) {
      last = journal.append(i, "p" + i % 3, Calls.acted(i));
    }
    if (last != null) {
      await(last.durable());
    }
  }

  @Test
  void numbersFromOneWithoutGaps() throws Exception {
    try (Journal journal = open()) {
      assertEquals(0, journal.durableSeq());
      fill(journal, 1, 200);
      assertEquals(200, journal.durableSeq());
      assertEquals(
          LongStream.rangeClosed(1, 200).boxed().toList(),
          all(journal, 1).stream().map(Recorded::seq).toList());
    }
  }

  @Test
  void givesBackWhatWasAppended() throws Exception {
    try (Journal journal = open()) {
      List<Recorded> appended = new ArrayList<>();
      appended.add(journal.append(1_000, "bank", Calls.allowed("c1", "s", "pay")).recorded());
      Journal.Appended last =
          journal.append(1_006, "bank", Calls.answered("c1", "dé\n\u0000\ud83d\ude00"));
      appended.add(last.recorded());
      await(last.durable());
      assertEquals(appended, all(journal, 1));
    }
  }

  @Test
  void givesFollowersEveryEventOnceInOrder() throws Exception {
    try (Journal journal = open()) {
      fill(journal, 1, 300);
      List<Long> followed = new ArrayList<>();
      for (long at = 0; at < 300; ) {
        List<Recorded> next = journal.after(at, 70, 0);
        assertFalse(next.isEmpty());
        next.forEach(recorded -> followed.add(recorded.seq()));
        at = next.getLast().seq();
      }
      assertEquals(LongStream.rangeClosed(1, 300).boxed().toList(), followed);
      assertEquals(List.of(), journal.after(300, 70, 1));
    }
  }

  @Test
  void wakesAFollowerThatWaits() throws Exception {
    try (Journal journal = open()) {
      List<Recorded> seen = Collections.synchronizedList(new ArrayList<>());
      Thread follower =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int tries = 0; seen.isEmpty() && tries < 10; tries++) {
                        seen.addAll(journal.after(0, 10, 10_000));
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  });
      await(journal.append(1, "p", Calls.acted(1)).durable());
      follower.join(60_000);
      assertEquals(List.of(1L), seen.stream().map(Recorded::seq).toList());
    }
  }

  @Test
  void isDurableOnlyWithEverythingBefore() throws Exception {
    try (Journal journal = open()) {
      List<Journal.Appended> appended = new ArrayList<>();
      for (int i = 1; i <= 500; i++) {
        appended.add(journal.append(i, "p", Calls.acted(i)));
      }
      await(appended.get(499).durable());
      assertTrue(appended.stream().allMatch(one -> one.durable().toCompletableFuture().isDone()));
    }
  }

  @Test
  void scansFromAPlaceAndStopsWhenTold() throws Exception {
    try (Journal journal = open()) {
      fill(journal, 1, 100);
      assertEquals(61, all(journal, 40).size());
      assertEquals(List.of(), all(journal, 101));
      List<Long> seen = new ArrayList<>();
      journal.scan(
          10,
          recorded -> {
            seen.add(recorded.seq());
            return recorded.seq() < 12;
          });
      assertEquals(List.of(10L, 11L, 12L), seen);
    }
  }

  @Test
  void goesOnWhereItEndedWhenOpenedAgain() throws Exception {
    for (int round = 0; round < 5; round++) {
      try (Journal journal = open()) {
        assertEquals(round * 40L, journal.durableSeq());
        fill(journal, round * 40 + 1, round * 40 + 40);
      }
    }
    try (Journal journal = open()) {
      assertEquals(200, all(journal, 1).size());
    }
  }

  @Test
  void closesWithEverythingThatWasTaken() throws Exception {
    List<Journal.Appended> appended = new ArrayList<>();
    try (Journal journal = open()) {
      for (int i = 1; i <= 300; i++) {
        appended.add(journal.append(i, "p", Calls.acted(i)));
      }
    }
    appended.forEach(one -> await(one.durable()));
    try (Journal journal = open()) {
      assertEquals(300, journal.durableSeq());
    }
  }

  @Test
  void refusesWhenClosed() throws Exception {
    Journal journal = open();
    assertTrue(journal.health().ready());
    journal.close();
    journal.close();
    assertThrows(JournalRefused.class, () -> journal.append(1, "p", Calls.acted(1)));
    assertFalse(journal.health().ready());
    assertFalse(journal.health().problem().isEmpty());
  }

  @Test
  void keepsOneOrderForManyAppendersAndReaders() throws Exception {
    try (Journal journal = open()) {
      List<Recorded> acknowledged = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
      for (int t = 0; t < 8; t++) {
        int me = t;
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int i = 0; i < 100; i++) {
                        Journal.Appended one = journal.append(i, "p" + me, Calls.acted(i));
                        await(one.durable());
                        acknowledged.add(one.recorded());
                      }
                    }));
      }
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 30; i++) {
                        long durable = journal.durableSeq();
                        assertTrue(all(journal, 1).size() >= durable);
                      }
                    } catch (Throwable e) {
                      failures.add(e);
                    }
                  }));
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), failures);
      List<Recorded> all = all(journal, 1);
      assertEquals(800, all.size());
      assertTrue(all.containsAll(acknowledged));
    }
  }
}
