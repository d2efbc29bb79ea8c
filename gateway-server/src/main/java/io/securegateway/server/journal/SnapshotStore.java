package io.securegateway.server.journal;

import io.securegateway.core.policy.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshot files: gzip with the content's SHA-256 in front, named by the journal position they
 * stand for. Derived: a broken one is ignored, deleting all costs start-up time only. Keeps the two
 * newest. Blocks on I/O; used by one thread.
 */
public final class SnapshotStore {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
  private static final int KEPT = 2;
  private static final int HASH = 64;

  private final Path directory;
  private final String kind;

  /** In that directory, which is made if needed; {@code kind} begins the files' names. */
  public SnapshotStore(Path directory, String kind) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.kind = kind;
  }

  /** Writes one: old or new, never half. */
  public void write(long position, byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(content.length / 4 + HASH);
    packed.writeBytes(Sha256.hex(content).getBytes(StandardCharsets.US_ASCII));
    try (OutputStream gzip = new GZIPOutputStream(packed, 64 * 1024)) {
      gzip.write(content);
    }
    Path file = directory.resolve("%s-%016d.json.gz".formatted(kind, position));
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(packed.toByteArray());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    List<Path> all = list();
    for (int i = KEPT; i < all.size(); i++) {
      Files.deleteIfExists(all.get(i));
    }
  }

  /** The newest that is whole and that the reader can use. */
  public <T> Optional<T> newest(Reader<T> reader) throws IOException {
    for (Path file : list()) {
      try {
        byte[] packed = Files.readAllBytes(file);
        byte[] content;
        try (GZIPInputStream gzip =
            new GZIPInputStream(new ByteArrayInputStream(packed, HASH, packed.length - HASH))) {
          content = gzip.readAllBytes();
        }
        String hash = new String(Arrays.copyOf(packed, HASH), StandardCharsets.US_ASCII);
        if (Sha256.hex(content).equals(hash)) {
          return Optional.of(reader.read(content));
        }
        LOG.warn("the snapshot {} is damaged and is left aside", file);
      } catch (IOException | RuntimeException e) {
        LOG.warn("the snapshot {} cannot be used and is left aside: {}", file, e.toString());
      }
    }
    return Optional.empty();
  }

  /** Makes something of a snapshot's content; throws if it cannot. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Called with whole content only. */
    T read(byte[] content) throws IOException;
  }

  private List<Path> list() throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, kind + "-*.json.gz")) {
      files.forEach(all::add);
    }
    all.sort(Comparator.comparing(Path::getFileName).reversed());
    return all;
  }
}
