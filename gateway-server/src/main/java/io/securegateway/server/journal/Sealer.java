package io.securegateway.server.journal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses sealed segments and leaves heads, behind the writer's path. A crash leaves the plain
 * segment or both, never neither; what did not finish is done at the next start.
 */
final class Sealer {
  private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);

  private final Path directory;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("journal-seal").factory());

  Sealer(Path directory) {
    this.directory = directory;
  }

  /** Compresses every plain segment but the one that is written. */
  void sealAllBut(Path open) throws IOException {
    for (Segment segment : Segment.list(directory)) {
      if (!segment.sealed() && !segment.file().equals(open)) {
        seal(segment.file());
      }
    }
  }

  /** Compresses one. Returns at once. */
  void seal(Path file) {
    thread.execute(
        () -> {
          try {
            compress(file);
          } catch (IOException e) {
            LOG.warn("{} stays uncompressed for now: {}", file, e.getMessage());
          }
        });
  }

  /** Leaves the head beside the segments. Returns at once. */
  void leave(JournalHead head) {
    thread.execute(
        () -> {
          try {
            head.leave(directory);
          } catch (IOException e) {
            LOG.warn("head.json in {} stays at an older line: {}", directory, e.getMessage());
          }
        });
  }

  private void compress(Path file) throws IOException {
    Path target = Segment.compressed(file);
    Path fresh = target.resolveSibling("." + target.getFileName() + ".new");
    try (InputStream in = Files.newInputStream(file);
        OutputStream packed = Files.newOutputStream(fresh);
        OutputStream out = new GZIPOutputStream(packed, 64 * 1024)) {
      in.transferTo(out);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    OpenSegment.forceDirectory(directory);
    Files.delete(file);
  }

  /** Waits for what is under way. */
  void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
