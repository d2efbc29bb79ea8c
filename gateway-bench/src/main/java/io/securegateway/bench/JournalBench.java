package io.securegateway.bench;

import io.securegateway.core.event.Event;
import io.securegateway.server.journal.Journal;
import io.securegateway.server.journal.SegmentJournal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Durable appends a second and what each costs, by number of appenders that wait for the disk. */
final class JournalBench {
  private static final long SEGMENT_BYTES = 64L * 1024 * 1024;
  private static final long SLOT_NANOS = 3_000_000_000L;

  private JournalBench() {}

  /** Measures 1, 16 and 64 appenders, each on a new journal below the directory. */
  static void run(Path directory) throws Exception {
    System.out.println("journal: appenders, durable appends/s, CPU µs per event");
    measure(directory.resolve("warm"), 16);
    for (int appenders : new int[] {1, 16, 64}) {
      System.out.println("journal: " + measure(directory.resolve("j" + appenders), appenders));
    }
  }

  private static String measure(Path directory, int appenders)
      throws IOException, InterruptedException {
    AtomicLong appended = new AtomicLong();
    try (SegmentJournal journal = SegmentJournal.open(directory, SEGMENT_BYTES)) {
      long cpu = cpuNanos();
      long start = System.nanoTime();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < appenders; i++) {
        threads.add(Thread.ofPlatform().start(() -> append(journal, appended, start + SLOT_NANOS)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      long events = appended.get();
      double seconds = (System.nanoTime() - start) / 1e9;
      return "%4d %,10.0f %8.1f"
          .formatted(appenders, events / seconds, (cpuNanos() - cpu) / 1e3 / events);
    }
  }

  private static void append(Journal journal, AtomicLong appended, long end) {
    long time = System.currentTimeMillis();
    while (System.nanoTime() < end) {
      journal
          .append(time, "p", new Event.ApprovalExpired("an-approval-id"))
          .durable()
          .toCompletableFuture()
          .join();
      appended.incrementAndGet();
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
