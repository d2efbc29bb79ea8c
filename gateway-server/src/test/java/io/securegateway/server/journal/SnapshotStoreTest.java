package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotStoreTest {
  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Optional<String> newest(SnapshotStore store) throws IOException {
    return store.newest(content -> new String(content, StandardCharsets.UTF_8));
  }

  @Test
  void givesTheNewestAndKeepsTwo() throws IOException {
    SnapshotStore store = new SnapshotStore(directory, "facts");
    assertEquals(Optional.empty(), newest(store));
    for (long position : List.of(5L, 10L, 200L)) {
      store.write(position, bytes("at " + position));
    }
    assertEquals(Optional.of("at 200"), newest(store));
    try (var files = Files.list(directory)) {
      assertEquals(2, files.count());
    }
  }

  @Test
  void leavesADamagedOneAsideWhereverItIsDamaged() throws IOException {
    SnapshotStore store = new SnapshotStore(directory, "facts");
    store.write(1, bytes("old"));
    store.write(2, bytes("new"));
    Path file = directory.resolve("facts-0000000000000002.json.gz");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertEquals(Optional.of("old"), newest(store), "cut at " + length);
    }
    Files.write(file, whole);
    assertEquals(Optional.of("new"), newest(store));
  }

  @Test
  void leavesOneAsideThatItsReaderCannotUse() throws IOException {
    SnapshotStore store = new SnapshotStore(directory, "facts");
    store.write(1, bytes("old"));
    store.write(2, bytes("new"));
    Optional<String> read =
        store.newest(
            content -> {
              String text = new String(content, StandardCharsets.UTF_8);
              if (text.equals("new")) {
                throw new IOException("another fold version");
              }
              return text;
            });
    assertEquals(Optional.of("old"), read);
  }
}
