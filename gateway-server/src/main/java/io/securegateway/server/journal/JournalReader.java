package io.securegateway.server.journal;

import io.securegateway.core.event.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads a journal's directory without writing to it, also beside a running gateway: then it ends at
 * the last whole line. Thread-safe.
 */
public final class JournalReader {
  private final Path directory;

  /** Of that directory. */
  public JournalReader(Path directory) {
    this.directory = directory;
  }

  /**
   * Visits events in order, from one {@code seq} to another (both included), until the visitor
   * answers false.
   *
   * @throws JournalRefused if the journal is damaged there, naming the place
   */
  public void scan(long from, long to, Predicate<Recorded> visitor) {
    try {
      List<Segment> segments = Segment.list(directory);
      for (int i = 0; i < segments.size(); i++) {
        boolean last = i == segments.size() - 1;
        boolean before = !last && segments.get(i + 1).first() <= from;
        if (!before
            && (segments.get(i).first() > to || !scan(segments.get(i), last, from, to, visitor))) {
          return;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the journal in " + directory + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean scan(
      Segment segment, boolean last, long from, long to, Predicate<Recorded> visitor)
      throws IOException {
    try (LineReader lines = segment.lines()) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        Recorded recorded;
        try {
          recorded = EventLine.decode(line).recorded();
        } catch (IllegalArgumentException e) {
          if (last) {
            return false;
          }
          throw new JournalRefused(
              "The journal is damaged at "
                  + segment.file().getFileName()
                  + ", offset "
                  + lines.offset()
                  + ": "
                  + e.getMessage()
                  + ". Run ./securegateway audit verify.",
              e);
        }
        if (recorded.seq() > to) {
          return false;
        }
        if (recorded.seq() >= from && !visitor.test(recorded)) {
          return false;
        }
      }
      return true;
    }
  }
}
