package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Recorded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fails and works again, without a restart. */
@Timeout(60)
class DiskFaultTest {
  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk();
  private final List<Recorded> taken = new ArrayList<>();

  @BeforeEach
  void works() {
    disk.works();
  }

  private SegmentJournal open() throws IOException {
    return SegmentJournal.open(directory, 16 * 1024, disk, 5);
  }

  private Journal.Appended append(Journal journal, int number) {
    Journal.Appended appended = journal.append(number, "p", Calls.acted(number));
    taken.add(appended.recorded());
    return appended;
  }

  private static void untilReady(Journal journal) throws InterruptedException {
    while (!journal.health().ready()) {
      Thread.sleep(1);
    }
  }

  private void failsThenGoesOn(Runnable breaks, String why) throws Exception {
    try (SegmentJournal journal = open()) {
      for (int i = 1; i <= 20; i++) {
        JournalContract.await(append(journal, i).durable());
      }
      breaks.run();
      Journal.Appended lost = append(journal, 21);
      CompletionException failed =
          assertThrows(CompletionException.class, () -> JournalContract.await(lost.durable()));
      assertTrue(failed.getCause() instanceof JournalRefused);
      assertTrue(journal.health().problem().contains(why), journal.health().problem());
      assertThrows(JournalRefused.class, () -> journal.append(1, "p", Calls.acted(99)));
      Journal.Appended closing = journal.append(22, "p", Calls.answered("c", "a"));
      taken.add(closing.recorded());
      assertTrue(closing.durable().toCompletableFuture().isCompletedExceptionally());
      assertEquals(20, journal.durableSeq());

      disk.works();
      untilReady(journal);
      for (int i = 23; i <= 40; i++) {
        JournalContract.await(append(journal, i).durable());
      }
      assertEquals(taken, JournalContract.all(journal, 1));
      assertEquals(0, disk.forcesAfterFailure.get(), "a failed force is never retried");
    }
    JournalVerify.Report report = JournalVerify.verify(directory, Optional.empty());
    assertTrue(report.isGood(), report.toString());
    assertEquals(40, report.events());
    try (SegmentJournal journal = open()) {
      assertEquals(taken, JournalContract.all(journal, 1));
    }
  }

  @Test
  void goesOnInOrderAfterAForceFailed() throws Exception {
    failsThenGoesOn(() -> disk.failForce = true, "Input/output error");
  }

  @Test
  void goesOnInOrderAfterTheDiskWasFull() throws Exception {
    failsThenGoesOn(() -> disk.full = true, "No space left");
  }

  @Test
  void goesOnInOrderAfterAWriteWasTorn() throws Exception {
    failsThenGoesOn(() -> disk.tearAfter = 50, "Input/output error");
  }

  @Test
  void goesOnInOrderAfterTheVeryFirstWriteFailed() throws Exception {
    try (SegmentJournal journal = open()) {
      disk.failForce = true;
      Journal.Appended first = append(journal, 1);
      assertThrows(CompletionException.class, () -> JournalContract.await(first.durable()));
      disk.works();
      untilReady(journal);
      JournalContract.await(append(journal, 2).durable());
      assertEquals(taken, JournalContract.all(journal, 1));
    }
    assertTrue(JournalVerify.verify(directory, Optional.empty()).isGood());
  }

  @Test
  void closesWhileTheDiskIsBroken() throws Exception {
    try (SegmentJournal journal = open()) {
      JournalContract.await(append(journal, 1).durable());
      disk.failForce = true;
      Journal.Appended lost = journal.append(2, "p", Calls.acted(2));
      assertThrows(CompletionException.class, () -> JournalContract.await(lost.durable()));
    }
    disk.works();
    try (SegmentJournal journal = open()) {
      assertTrue(journal.durableSeq() >= 1);
      assertEquals(taken.get(0), JournalContract.all(journal, 1).get(0));
    }
    assertTrue(JournalVerify.verify(directory, Optional.empty()).isGood());
  }

  @Test
  void opensOnAFullDiskAndRefusesUntilThereIsRoom() throws Exception {
    try (SegmentJournal journal = open()) {
      JournalContract.await(append(journal, 1).durable());
    }
    disk.full = true;
    try (SegmentJournal journal = open()) {
      assertEquals(1, JournalContract.all(journal, 1).size());
      Journal.Appended lost = append(journal, 2);
      assertThrows(CompletionException.class, () -> JournalContract.await(lost.durable()));
      assertFalse(journal.health().ready());
      disk.works();
      untilReady(journal);
      assertEquals(taken, JournalContract.all(journal, 1));
    }
  }

  @Test
  void forcesBeforeItAcknowledges() throws Exception {
    try (SegmentJournal journal = open()) {
      for (int i = 1; i <= 10; i++) {
        int before = disk.forces.get();
        JournalContract.await(append(journal, i).durable());
        assertTrue(disk.forces.get() > before);
      }
    }
  }
}
