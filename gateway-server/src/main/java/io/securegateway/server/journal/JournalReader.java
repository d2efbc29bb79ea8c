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
   * answers false or the last whole line was visited.
   *
   * @throws JournalRefused if the journal is damaged there, naming the place
   */
  public void scan(long from, long to, Predicate<Recorded> visitor) {
    new Walk(from, to, visitor).run();
  }

  /** As {@link #scan}; damage is also when the end is not reached. */
  void upTo(long to, long from, Predicate<Recorded> visitor) {
    Walk walk = new Walk(from, to, visitor);
    walk.run();
    if (!walk.done && walk.next <= to && from <= to) {
      throw new JournalRefused(
          "The journal in %s ends before seq %d, though %d was acknowledged. Run ./securegateway audit verify."
              .formatted(directory, walk.next, to));
    }
  }

  /** One pass. */
  private final class Walk {
    private final long from;
    private final long to;
    private final Predicate<Recorded> visitor;
    private long next;
    private boolean done;

    Walk(long from, long to, Predicate<Recorded> visitor) {
      this.from = from;
      this.to = to;
      this.visitor = visitor;
    }

    void run() {
      try {
        List<Segment> segments = Segment.list(directory);
        for (int i = 0; i < segments.size() && !done; i++) {
          boolean last = i == segments.size() - 1;
          if (last || segments.get(i + 1).first() > from) {
            segment(segments.get(i), last);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            "the journal in " + directory + " cannot be read: " + e.getMessage(), e);
      }
    }

    private void segment(Segment segment, boolean last) throws IOException {
      if (segment.first() > to) {
        done = true;
        return;
      }
      if (next > 0 && segment.first() != next) {
        throw damaged(
            segment, 0, "it begins at seq " + segment.first() + ", but " + next + " follows");
      }
      next = segment.first();
      try (LineReader lines = segment.lines()) {
        for (byte[] line = lines.next(); line != null && !done; line = lines.next()) {
          if (last && (lines.torn() || lines.hole())) {
            return;
          }
          line(segment, lines, line);
        }
      }
    }

    private void line(Segment segment, LineReader lines, byte[] line) {
      long seq = EventLine.seq(line);
      if (seq == next && seq < from && !lines.hole()) {
        next++;
        return;
      }
      Recorded recorded;
      try {
        recorded = EventLine.event(line);
      } catch (IllegalArgumentException e) {
        throw damaged(segment, lines.start(), String.valueOf(e.getMessage()));
      }
      if (recorded.seq() != next || lines.hole()) {
        throw damaged(
            segment, lines.start(), "seq " + recorded.seq() + " is where " + next + " belongs");
      }
      done = recorded.seq() > to || (recorded.seq() >= from && !visitor.test(recorded));
      next++;
      done |= next > to;
    }

    private JournalRefused damaged(Segment segment, long offset, String what) {
      return new JournalRefused(
          "The journal is damaged at %s, offset %d: %s. Run ./securegateway audit verify, and restore the file from a backup."
              .formatted(segment.file().getFileName(), offset, what));
    }
  }
}
