package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Event;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway's process that is killed under load loses nothing that it acknowledged. */
class KillTest {
  private static final int ROUNDS = Integer.getInteger("journal.kill.rounds", 3);

  @TempDir Path directory;

  @Test
  @Timeout(120)
  void losesNothingAcknowledgedWhenKilled() throws Exception {
    Random random = new Random(7);
    Set<String> acknowledged = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Appender.class.getName(),
                  directory.toString(),
                  "r" + round)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader out = child.inputReader()) {
        int most = 200 + random.nextInt(3_000);
        for (int i = 0; i < most; i++) {
          acknowledged.add(String.valueOf(out.readLine()));
        }
        child.toHandle().destroyForcibly();
        // what was printed before the end was acknowledged too; a cut last line was not printed
        out.lines().filter(line -> line.endsWith(".")).forEach(acknowledged::add);
      }
      child.waitFor();
      Set<String> stored = new HashSet<>();
      try (SegmentJournal journal = SegmentJournal.open(directory, 256 * 1024)) {
        journal.scan(
            1,
            recorded ->
                stored.add(
                    recorded.event() instanceof Event.AdminActed acted ? acted.detail() : "?"));
      }
      Set<String> missing = new HashSet<>(acknowledged);
      missing.removeAll(stored);
      assertEquals(Set.of(), missing);
      JournalVerify.Report report = JournalVerify.verify(directory, Optional.empty());
      assertTrue(report.isGood(), report.toString());
    }
  }

  /** The process that is killed: prints what was acknowledged. */
  static final class Appender {
    private Appender() {}

    public static void main(String[] args) throws Exception {
      PrintStream out = new PrintStream(System.out, true);
      try (Journal journal = SegmentJournal.open(Path.of(args[0]), 256 * 1024)) {
        for (int t = 0; t < 16; t++) {
          int me = t;
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; ; i++) {
                      String name = args[1] + "-" + me + "-" + i + ".";
                      JournalContract.await(
                          journal.append(i, "p", new Event.AdminActed("a", "b", name)).durable());
                      out.println(name);
                    }
                  });
        }
        Thread.sleep(Long.MAX_VALUE);
      }
    }
  }
}
