package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.event.Recorded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash or a hand may leave on disk, and what is made of it. */
class DamageTest {
  private static final long SEGMENT = 64 * 1024;
  private static final int LINES = 6;

  @TempDir Path directory;
  private Path file;
  private byte[] content;

  /** One segment with some lines, each acknowledged before the next was written. */
  @BeforeEach
  void writeLines() throws IOException {
    try (Journal journal = SegmentJournal.open(directory, SEGMENT)) {
      for (int i = 1; i <= LINES; i++) {
        Samples.durable(journal, "event " + i);
      }
    }
    file = Samples.plain(directory).get(0);
    content = Files.readAllBytes(file);
  }

  @Test
  void cutsATornTailAtWhateverByteTheCrashCame() throws IOException {
    int begin = lineStart(LINES - 1);
    for (boolean zeros : new boolean[] {false, true}) {
      for (int length = begin; length < content.length; length++) {
        byte[] torn = Arrays.copyOf(content, length);
        Files.write(file, zeros ? Arrays.copyOf(torn, 20_000) : torn);
        int whole = length < lineStart(LINES) ? LINES - 2 : LINES - 1;
        JournalEnd end = JournalEnd.find(directory);
        assertEquals(whole, end.seq(), "cut at " + length);
        assertEquals(lineStart(whole + 1), end.offset(), "cut at " + length);
        assertEquals(Optional.empty(), Samples.verify(directory).broken(), "cut at " + length);
      }
    }
  }

  @Test
  void goesOnBehindATornTail() throws IOException {
    for (int length : new int[] {lineStart(LINES), lineStart(LINES) + 1, content.length - 1}) {
      Files.write(file, Arrays.copyOf(content, length));
      try (Journal journal = SegmentJournal.open(directory, SEGMENT)) {
        assertEquals(LINES, Samples.durable(journal, "anew").seq());
      }
      List<Recorded> all = Samples.all(directory);
      assertEquals(LINES, all.size());
      assertEquals("anew", Samples.text(all.get(LINES - 1)));
      assertTrue(Samples.verify(directory).isGood());
    }
  }

  @Test
  void beginsAnewWhenNotOneLineWasWhole() throws IOException {
    for (int length : new int[] {0, 1, lineStart(2) - 1}) {
      Files.write(file, Arrays.copyOf(Arrays.copyOf(content, length), 20_000));
      try (Journal journal = SegmentJournal.open(directory, SEGMENT)) {
        assertEquals(1, Samples.durable(journal, "anew").seq());
      }
      assertTrue(Samples.verify(directory).isGood());
    }
  }

  @Test
  void refusesToOpenWithAFlippedByteInAnAcknowledgedLine() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      int place = random.nextInt(lineStart(LINES));
      byte[] flipped = content.clone();
      flipped[place] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);
      int line = lineAt(place);
      assertRefused(line, "flipped at " + place);
      JournalVerify.Report report = Samples.verify(directory);
      assertFalse(report.isGood());
      String broken = report.broken().orElseThrow();
      assertTrue(broken.startsWith(file.getFileName() + ", line "), broken);
      assertTrue(broken.contains("(after seq " + (line - 1) + ")"), broken);
      assertThrows(
          JournalRefused.class,
          () -> new JournalReader(directory).upTo(LINES, 1, recorded -> true),
          "flipped at " + place);
    }
  }

  @Test
  void refusesToOpenWithAHoleOfZerosInAcknowledgedLines() throws IOException {
    for (int line = 1; line < LINES; line++) {
      for (int length : new int[] {1, 50, lineStart(line + 1) - lineStart(line)}) {
        byte[] holed = content.clone();
        Arrays.fill(holed, lineStart(line), lineStart(line) + length, (byte) 0);
        Files.write(file, holed);
        assertRefused(line, length + " zeros in line " + line);
        String broken = Samples.verify(directory).broken().orElseThrow();
        assertTrue(broken.contains("after seq " + (line - 1)), broken);
      }
    }
  }

  @Test
  void takesAHoleInWhatNobodyAcknowledgedForATornTail() throws IOException {
    byte[] batch = batchOfThree();
    byte[] all = Arrays.copyOf(content, content.length + batch.length);
    System.arraycopy(batch, 0, all, content.length, batch.length);
    Arrays.fill(all, content.length + 5, content.length + 40, (byte) 0);
    Files.write(file, all);
    assertEquals(LINES, JournalEnd.find(directory).seq());
    try (Journal journal = SegmentJournal.open(directory, SEGMENT)) {
      assertEquals(LINES + 1, Samples.durable(journal, "anew").seq());
    }
    assertTrue(Samples.verify(directory).isGood());
  }

  @Test
  void findsALineThatWasCutOut() throws IOException {
    for (int line = 1; line < LINES; line++) {
      Files.write(file, without(line));
      assertRefused(line, "without line " + line);
      assertFalse(Samples.verify(directory).isGood());
    }
  }

  @Test
  void findsALineThatWasCutOutOfASealedSegment() throws IOException {
    for (int line = 1; line <= LINES; line++) {
      seal(without(line));
      String broken = Samples.verify(directory).broken().orElseThrow();
      assertTrue(broken.contains("after seq " + (line - 1)), broken);
      JournalRefused refused =
          assertThrows(JournalRefused.class, () -> Samples.all(directory), "line " + line);
      assertTrue(String.valueOf(refused.getMessage()).contains("damaged at"), refused.getMessage());
    }
  }

  @Test
  void namesASealedSegmentThatCannotBeUnpacked() throws IOException {
    seal(content);
    Path sealed = Segment.compressed(file);
    byte[] packed = Files.readAllBytes(sealed);
    for (int length : new int[] {0, 5, packed.length / 2, packed.length - 30}) {
      Files.write(sealed, Arrays.copyOf(packed, length));
      String broken = Samples.verify(directory).broken().orElseThrow();
      assertTrue(broken.contains(sealed.getFileName().toString()), broken);
    }
    packed[packed.length / 2] ^= 0x10;
    Files.write(sealed, packed);
    assertFalse(Samples.verify(directory).isGood());
  }

  @Test
  void findsAForgedLineWhoseChecksumFits() throws IOException {
    EventLine second = EventLine.decode(line(2));
    Recorded was = second.recorded();
    byte[] forged =
        EventLine.encode(
            new Recorded(was.seq(), was.time(), was.project(), Samples.event("forge 2")),
            second.acked(),
            second.prev());
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(content, 0, lineStart(2));
    all.writeBytes(forged);
    all.write(content, lineStart(3), content.length - lineStart(3));
    Files.write(file, all.toByteArray());
    String broken = Samples.verify(directory).broken().orElseThrow();
    assertTrue(broken.contains("line 3") && broken.contains("link"), broken);
    assertRefused(3, "forged");
  }

  @Test
  void findsACutTailByTheHeadThatWasKeptElsewhere() throws IOException {
    Optional<String> head = Optional.of(Samples.verify(directory).headHash());
    assertTrue(JournalVerify.verify(directory, head).isGood());
    Files.write(file, Arrays.copyOf(content, lineStart(LINES)));
    assertTrue(Samples.verify(directory).isGood());
    JournalVerify.Report cut = JournalVerify.verify(directory, head);
    assertFalse(cut.isGood());
    assertFalse(cut.cut().isEmpty());
    assertEquals(LINES - 1, cut.headSeq());
  }

  @Test
  void refusesToOpenWhenTheSegmentInFrontOfAnEmptyOneLostItsEnd() throws IOException {
    Files.write(Segment.open(directory, LINES + 1), new byte[10_000]);
    assertEquals(LINES, JournalEnd.find(directory).seq());
    byte[] flipped = content.clone();
    flipped[content.length - 30] ^= 1;
    Files.write(file, flipped);
    assertRefused(LINES, "last line in front of an empty segment");
    assertFalse(Samples.verify(directory).isGood());
  }

  @Test
  void findsAMissingSegment() throws IOException {
    try (Journal journal = SegmentJournal.open(directory, 1_000)) {
      for (int i = 0; i < 40; i++) {
        Samples.durable(journal, "more " + i);
      }
    }
    List<Segment> segments = Segment.list(directory);
    Files.delete(segments.get(2).file());
    assertFalse(Samples.verify(directory).isGood());
    assertThrows(JournalRefused.class, () -> Samples.all(directory));
  }

  private void assertRefused(int line, String what) {
    IOException refused =
        assertThrows(
            IOException.class, () -> SegmentJournal.open(directory, SEGMENT).close(), what);
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(file.toString()), message);
    assertTrue(message.contains("offset " + lineStart(line) + ":"), what + ": " + message);
    assertTrue(message.contains("audit verify"), message);
    assertTrue(message.contains("backup"), message);
  }

  private byte[] batchOfThree() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    String hash = EventLine.decode(line(LINES)).hash();
    for (int i = 1; i <= 3; i++) {
      Recorded recorded = new Recorded(LINES + i, 1, "bank", Samples.event("batch " + i));
      byte[] line = EventLine.encode(recorded, LINES, hash);
      hash = EventLine.hash(line, line.length - 1);
      all.writeBytes(line);
    }
    return all.toByteArray();
  }

  private void seal(byte[] lines) throws IOException {
    Files.deleteIfExists(file);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(Segment.compressed(file)))) {
      out.write(lines);
    }
    Files.write(Segment.open(directory, LINES + 1), new byte[100]);
  }

  private byte[] line(int number) {
    return Arrays.copyOfRange(content, lineStart(number), lineStart(number + 1) - 1);
  }

  private byte[] without(int line) {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    rest.write(content, 0, lineStart(line));
    rest.write(content, lineStart(line + 1), content.length - lineStart(line + 1));
    return rest.toByteArray();
  }

  private int lineAt(int place) {
    int line = 1;
    while (lineStart(line + 1) <= place) {
      line++;
    }
    return line;
  }

  private int lineStart(int number) {
    List<Integer> starts = new ArrayList<>(List.of(0));
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        starts.add(i + 1);
      }
    }
    return starts.get(number - 1);
  }
}
