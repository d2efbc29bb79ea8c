package io.securegateway.server.plugin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a plugin without a sandbox left behind: more than one thread, or any child, zombies too. */
final class Leftovers {
  private Leftovers() {}

  /** Whether the process has any; false where {@code /proc} does not tell. */
  static boolean of(long pid) {
    Path tasks = Path.of("/proc", Long.toString(pid), "task");
    try (Stream<Path> all = Files.list(tasks)) {
      List<Path> threads = all.toList();
      if (threads.size() > 1) {
        return true;
      }
      for (Path thread : threads) {
        if (!Files.readString(thread.resolve("children")).isBlank()) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }
}
