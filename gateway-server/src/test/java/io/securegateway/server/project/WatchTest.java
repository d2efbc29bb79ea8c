package io.securegateway.server.project;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchTest {
  @TempDir Path directory;

  private Path file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void reportedOnce(Watch watch) {
    assertFalse(watch.changed(), "a change is waited out");
    assertTrue(watch.changed());
    assertFalse(watch.changed(), "a change is reported once");
  }

  @Test
  void reportsNewChangedRenamedAndDeletedFiles() throws Exception {
    Watch watch = new Watch(directory);
    assertFalse(watch.changed());
    Path bank = file("policies/bank.yaml", "a");
    reportedOnce(watch);
    Files.writeString(bank, "ab");
    reportedOnce(watch);
    Files.setLastModifiedTime(bank, FileTime.fromMillis(1_000));
    reportedOnce(watch);
    Files.move(bank, directory.resolve("policies/acme.yaml"));
    reportedOnce(watch);
    Files.delete(directory.resolve("policies/acme.yaml"));
    reportedOnce(watch);
    file("gateway.yaml", "");
    reportedOnce(watch);
    file("schemas/bank/t.json", "");
    reportedOnce(watch);
  }

  @Test
  void waitsWhileAFileIsStillBeingWritten() throws Exception {
    Watch watch = new Watch(directory);
    for (int i = 1; i < 20; i++) {
      file("policies/bank.yaml", "x".repeat(i));
      assertFalse(watch.changed());
    }
    assertTrue(watch.changed());
  }

  @Test
  void whatChangesBackIsNoChange() throws Exception {
    Watch watch = new Watch(directory);
    Path policies = Files.createDirectory(directory.resolve("policies"));
    assertFalse(watch.changed());
    Files.delete(policies);
    assertFalse(watch.changed());
    assertFalse(watch.changed());
  }

  @Test
  void looksNowhereElse() throws Exception {
    Watch watch = new Watch(directory);
    file("data/journal.jsonl", "x");
    file("notes.txt", "x");
    assertFalse(watch.changed());
    assertFalse(watch.changed());
  }
}
