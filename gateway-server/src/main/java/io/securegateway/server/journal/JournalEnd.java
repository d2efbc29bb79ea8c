package io.securegateway.server.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a journal ends, as its last segment says.
 *
 * @param seq of the last good line; 0 if there is none
 * @param hash of that line
 * @param segment the last segment, null if there is none
 * @param offset behind that line
 */
record JournalEnd(long seq, String hash, @Nullable Segment segment, long offset) {

  /**
   * Finds it. A torn tail is behind the end; damage in front of a line that was acknowledged is
   * not.
   *
   * @throws IOException naming the place, if the journal is damaged
   */
  static JournalEnd find(Path directory) throws IOException {
    List<Segment> segments = Segment.list(directory);
    if (segments.isEmpty()) {
      return new JournalEnd(0, EventLine.NO_LINE, null, 0);
    }
    Segment last = segments.get(segments.size() - 1);
    JournalEnd end = in(last);
    if (end.seq() == 0 && segments.size() > 1) {
      Segment full = segments.get(segments.size() - 2);
      JournalEnd before = in(full);
      if (before.seq() != last.first() - 1) {
        throw new IOException(
            "%s is damaged at offset %d: line %d was acknowledged and is not whole. Run ./securegateway audit verify, and restore the file from a backup."
                .formatted(full.file(), before.offset(), Math.max(before.seq() + 1, full.first())));
      }
      return new JournalEnd(before.seq(), before.hash(), last, 0);
    }
    return end.seq() == 0 ? new JournalEnd(last.first() - 1, EventLine.NO_LINE, last, 0) : end;
  }

  private static JournalEnd in(Segment segment) throws IOException {
    boolean any = false;
    long acked = 0;
    long damage = -1;
    long next = segment.first();
    String hash = EventLine.NO_LINE;
    long offset = 0;
    try (LineReader lines = segment.lines()) {
      for (byte[] bytes = lines.next(); bytes != null; bytes = lines.next()) {
        if (lines.hole() && damage < 0) {
          damage = offset;
        }
        boolean whole = !lines.torn() && EventLine.isWhole(bytes);
        if (!whole) {
          damage = damage < 0 ? offset : damage;
          continue;
        }
        EventLine.Link line = EventLine.link(bytes);
        acked = Math.max(acked, line.acked());
        boolean chained = line.seq() == next && (!any || line.prev().equals(hash));
        if (damage < 0 && !chained) {
          damage = offset;
        }
        if (damage < 0) {
          any = true;
          hash = EventLine.hash(bytes);
          offset = lines.offset();
          next++;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(
          segment.file() + " is damaged behind offset " + offset + ": " + e.getMessage(), e);
    }
    if (damage >= 0 && next <= acked) {
      throw new IOException(
          "%s is damaged at offset %d: line %d was acknowledged and is not whole. Run ./securegateway audit verify, and restore the file from a backup."
              .formatted(segment.file(), damage, next));
    }
    return !any
        ? new JournalEnd(0, EventLine.NO_LINE, segment, 0)
        : new JournalEnd(next - 1, hash, segment, offset);
  }
}
