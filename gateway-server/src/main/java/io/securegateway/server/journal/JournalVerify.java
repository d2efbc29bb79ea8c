package io.securegateway.server.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Walks the whole chain of a journal: every line's checksum, number and link to the line before.
 * Blocks on I/O.
 */
public final class JournalVerify {
  private static final String HOLE = "zeros are where lines belong, and lines follow them";

  private JournalVerify() {}

  /**
   * What was found.
   *
   * @param events good lines from the beginning
   * @param first {@code seq} of the first line; later than 1 if retention removed older ones
   * @param headSeq of the last good line
   * @param headHash of the last good line: kept elsewhere, it later shows whether a tail was cut
   * @param broken the first place that is not good, in one sentence; empty if all are
   * @param cut expected heads that no line bears: an end was cut, or the journal is another one
   */
  public record Report(
      long events,
      long first,
      long headSeq,
      String headHash,
      Optional<String> broken,
      List<JournalHead> cut) {
    /** Whether everything is as it should be. */
    public boolean isGood() {
      return broken.isEmpty() && cut.isEmpty();
    }
  }

  /** Verifies. {@code expectedHead}: the hash that some line must have, from an earlier report. */
  public static Report verify(Path directory, Optional<String> expectedHead) throws IOException {
    return verify(directory, expectedHead.stream().map(hash -> new JournalHead(0, hash)).toList());
  }

  /** Verifies, also that the journal holds those lines. */
  public static Report verify(Path directory, List<JournalHead> expected) throws IOException {
    Walk walk = new Walk(expected);
    List<Segment> segments = Segment.list(directory);
    for (int i = 0; i < segments.size() && walk.broken.isEmpty(); i++) {
      walk.segment(segments.get(i), i == segments.size() - 1);
    }
    return new Report(
        walk.events, walk.first, walk.seq, walk.hash, walk.broken, List.copyOf(walk.missing));
  }

  /** The state of one verification. */
  private static final class Walk {
    private final List<JournalHead> missing;
    private long events;
    private long first;
    private long seq;
    private String hash = EventLine.NO_LINE;
    private Optional<String> broken = Optional.empty();

    Walk(List<JournalHead> expected) {
      missing = new ArrayList<>(expected);
    }

    void segment(Segment segment, boolean last) {
      if (events == 0) {
        seq = segment.first() - 1;
      } else if (segment.first() != seq + 1) {
        broken(segment, 1, "it begins with " + segment.first() + ", but " + (seq + 1) + " follows");
        return;
      }
      long line = 0;
      try (LineReader lines = segment.lines()) {
        for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
          line++;
          if (lines.torn() && last) {
            continue;
          }
          Optional<String> problem = lines.hole() ? Optional.of(HOLE) : take(bytes);
          if (problem.isPresent()) {
            broken(segment, line, problem.get());
            return;
          }
        }
      } catch (IOException e) {
        broken(segment, line + 1, "it cannot be read: " + e.getMessage());
      }
    }

    private void broken(Segment segment, long line, String problem) {
      broken =
          Optional.of(
              "%s, line %d (after seq %d): %s"
                  .formatted(segment.file().getFileName(), line, seq, problem));
    }

    private Optional<String> take(byte[] bytes) {
      EventLine line;
      try {
        line = EventLine.decode(bytes);
      } catch (IllegalArgumentException e) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
      long number = line.recorded().seq();
      if (number != seq + 1) {
        return Optional.of("its number is " + number + ", but " + (seq + 1) + " follows");
      }
      if ((events > 0 || number == 1) && !line.prev().equals(hash)) {
        return Optional.of("it does not link to the line before it");
      }
      first = events == 0 ? number : first;
      events++;
      seq = number;
      hash = line.hash();
      missing.removeIf(head -> head.is(seq, hash));
      return Optional.empty();
    }
  }
}
