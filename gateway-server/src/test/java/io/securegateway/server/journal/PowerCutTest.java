package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Recorded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A machine whose power is cut under load loses nothing that was acknowledged. */
class PowerCutTest {
  private static final int ROUNDS = Integer.getInteger("journal.power.rounds", 25);
  private static final int APPENDERS = 8;
  private static final int FORCES_TO_OPEN = 2;

  @TempDir Path directory;

  @Test
  @Timeout(120)
  void losesNothingAcknowledgedWhenThePowerIsCut() throws Exception {
    Random random = new Random(11);
    int lost = 0;
    ConcurrentLinkedQueue<Recorded> acknowledged = new ConcurrentLinkedQueue<>();
    // Which sectors a cut loses is chance, so it goes on until enough cuts had something to lose.
    for (int round = 0; round < ROUNDS || (lost <= ROUNDS / 2 && round < 8 * ROUNDS); round++) {
      PowerCutDisk disk = new PowerCutDisk(FORCES_TO_OPEN + random.nextInt(60));
      loadUntilCut(disk, acknowledged);
      lost += disk.lose(random) > 0 ? 1 : 0;
      try (SegmentJournal journal = SegmentJournal.open(directory, 16 * 1024)) {
        List<Recorded> stored = JournalContract.all(journal, 1);
        for (Recorded one : acknowledged) {
          assertTrue(stored.size() >= one.seq(), "round " + round + " lost " + one.seq());
          assertEquals(one, stored.get((int) one.seq() - 1), "round " + round);
        }
      }
      JournalVerify.Report report = JournalVerify.verify(directory, Optional.empty());
      assertTrue(report.isGood(), report.toString());
    }
    assertTrue(lost > ROUNDS / 2, "only " + lost + " cuts hit what was not forced");
    assertTrue(acknowledged.size() > ROUNDS, "hardly anything was acknowledged");
  }

  private void loadUntilCut(PowerCutDisk disk, ConcurrentLinkedQueue<Recorded> acknowledged)
      throws IOException, InterruptedException {
    List<Thread> appenders = new ArrayList<>();
    try (SegmentJournal journal = SegmentJournal.open(directory, 16 * 1024, disk, 5)) {
      for (int t = 0; t < APPENDERS; t++) {
        int me = t;
        appenders.add(
            Thread.ofVirtual().start(() -> appendUntilRefused(journal, me, acknowledged)));
      }
      for (Thread appender : appenders) {
        appender.join();
      }
    }
  }

  private static void appendUntilRefused(
      Journal journal, int me, ConcurrentLinkedQueue<Recorded> acknowledged) {
    try {
      for (int i = 0; ; i++) {
        Journal.Appended one = journal.append(i, "p" + me, Calls.acted(i));
        JournalContract.await(one.durable());
        acknowledged.add(one.recorded());
      }
    } catch (JournalRefused | CompletionException powerIsCut) {
      // no acknowledgement follows
    }
  }
}
