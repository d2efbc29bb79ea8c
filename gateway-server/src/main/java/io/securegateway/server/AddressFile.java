package io.securegateway.server;

import io.securegateway.server.journal.JournalInUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The file {@code address} of a data directory: where the gateway that works on it is reached. A
 * hint for commands on the same machine, and true only as long as somebody has the journal's lock:
 * whoever takes the lock removes what a killed gateway left.
 */
public final class AddressFile {
  private static final String NAME = "address";
  private static final int MOST = 300;
  private static final Pattern URL = Pattern.compile("https?://[A-Za-z0-9.:\\[\\]%_-]+");

  private AddressFile() {}

  /** Writes it, old or new, never half. For the holder of the lock. */
  static void write(Path data, String url) throws IOException {
    Path fresh = data.resolve("." + NAME + ".new");
    Files.writeString(fresh, url + "\n");
    Files.move(
        fresh,
        data.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes it, if it is there. For the holder of the lock. */
  static void remove(Path data) throws IOException {
    Files.deleteIfExists(data.resolve(NAME));
  }

  /**
   * Where the gateway listens that works on that directory; empty if it does not listen yet, or no
   * gateway but a command has the lock.
   *
   * @param held says that somebody has the lock now
   */
  public static Optional<String> read(Path data, JournalInUse held) {
    Path file = data.resolve(NAME);
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST) {
        return Optional.empty();
      }
      return Optional.of(Files.readString(file).strip()).filter(url -> URL.matcher(url).matches());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
