package io.securegateway.server.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that was durable once, so that the journal must hold it for ever: a chain alone does not
 * show that its end was cut. The gateway leaves its newest as {@code head.json} beside the
 * segments; copied elsewhere it also convicts somebody who may write the directory.
 *
 * @param seq of the line; 0 if any may bear the hash
 * @param hash SHA-256 of the line, lower-case hex
 */
public record JournalHead(long seq, String hash) {
  private static final String FILE = "head.json";
  private static final Pattern FORM =
      Pattern.compile("\\{\"v\":1,\"seq\":([0-9]{1,18}),\"hash\":\"([0-9a-f]{64})\"}\\s*");

  /**
   * What the gateway left beside the segments; empty if there is none.
   *
   * @throws IOException if the file cannot be read or is not what the gateway writes
   */
  public static Optional<JournalHead> beside(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IOException(
          file + " is damaged; name the head that you kept elsewhere with --head, or remove it");
    }
    return Optional.of(new JournalHead(Long.parseLong(form.group(1)), form.group(2)));
  }

  /** Leaves this one there: the old or the new, never half. */
  void leave(Path directory) throws IOException {
    Path fresh = directory.resolve("." + FILE + ".new");
    String text = "{\"v\":1,\"seq\":%d,\"hash\":\"%s\"}\n".formatted(seq, hash);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        fresh,
        directory.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Whether that line is this one. */
  boolean is(long line, String itsHash) {
    return (seq == 0 || seq == line) && hash.equals(itsHash);
  }

  /** As people read it. */
  @Override
  public String toString() {
    return seq == 0 ? hash : hash + " at seq " + seq;
  }
}
