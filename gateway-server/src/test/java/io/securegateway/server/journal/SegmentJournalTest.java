package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentJournalTest extends JournalContract {
  private static final long SMALL = 8 * 1024;

  @TempDir Path directory;

  @Override
  SegmentJournal open() throws IOException {
    return SegmentJournal.open(directory, SMALL);
  }

  private void fill(int events) throws IOException {
    try (SegmentJournal journal = open()) {
      for (int i = 1; i <= events; i++) {
        await(journal.append(i, "p", Calls.acted(i)).durable());
      }
    }
  }

  private JournalVerify.Report verify() throws IOException {
    return JournalVerify.verify(directory, Optional.empty());
  }

  @Test
  void refusesASecondGatewayOnTheSameDirectory() throws IOException {
    try (SegmentJournal first = open()) {
      IOException refused = assertThrows(IOException.class, this::open);
      assertTrue(
          String.valueOf(refused.getMessage()).contains(directory.toString()),
          refused.getMessage());
      await(first.append(1, "p", Calls.acted(1)).durable());
    }
    open().close();
  }

  @Test
  void sealsSegmentsAsGzipWhoseChainHolds() throws IOException {
    fill(300);
    List<Segment> segments = Segment.list(directory);
    assertTrue(segments.size() > 3);
    assertTrue(segments.subList(0, segments.size() - 1).stream().allMatch(Segment::sealed));
    assertEquals(300, verify().events());
    assertTrue(verify().isGood());
  }

  @Test
  void writesPureJsonLines() throws IOException {
    fill(2);
    Path file = Segment.list(directory).get(0).file();
    List<String> lines = Files.readAllLines(file);
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).startsWith("{\"v\":1,\"seq\":1,\"time\":1,\"project\":\"p\",\"type\""));
    assertTrue(lines.get(1).matches(".*,\"prev\":\"[0-9a-f]{64}\",\"crc\":\"[0-9a-f]{8}\"}"));
  }

  @Test
  void keepsAnEventLargerThanASegment() throws IOException {
    String large = "x".repeat((int) SMALL * 3);
    try (SegmentJournal journal = open()) {
      await(journal.append(1, "p", Calls.acted(1)).durable());
      await(journal.append(2, "p", Calls.answered("c", large)).durable());
      await(journal.append(3, "p", Calls.acted(3)).durable());
      assertEquals(3, all(journal, 1).size());
    }
    assertTrue(verify().isGood());
  }

  @Test
  void readsWhatItWroteHoweverLargeItsParts() throws IOException {
    String large = "1234567890".repeat(3_000_000);
    try (SegmentJournal journal = open()) {
      await(journal.append(1, "p", Calls.answered("c", large)).durable());
    }
    try (SegmentJournal journal = open()) {
      assertEquals(Calls.answered("c", large), all(journal, 1).get(0).event());
    }
  }

  @Test
  void opensWithATornTailCutAtEveryByteOfTheLastLines() throws IOException {
    fill(5);
    Path file = Segment.list(directory).get(0).file();
    byte[] whole = Files.readAllBytes(file);
    String text = new String(whole, StandardCharsets.UTF_8);
    int third = text.indexOf("{\"v\":1,\"seq\":4,");
    assertTrue(third > 0);
    for (int cut = third; cut <= whole.length; cut++) {
      for (boolean zeros : new boolean[] {false, true}) {
        byte[] torn = new byte[zeros ? whole.length + 100 : cut];
        System.arraycopy(whole, 0, torn, 0, cut);
        Files.write(file, torn);
        long good = text.substring(0, cut).lines().filter(line -> line.endsWith("\"}")).count();
        long left =
            text.charAt(cut - 1) == '\n'
                ? good
                : text.substring(0, cut).chars().filter(c -> c == '\n').count();
        try (SegmentJournal journal = open()) {
          assertEquals(left, journal.durableSeq(), "cut at " + cut);
          await(journal.append(9, "p", Calls.acted(9)).durable());
          assertEquals(left + 1, all(journal, 1).size());
        }
        assertTrue(verify().isGood(), "cut at " + cut);
      }
    }
  }

  @Test
  void refusesToOpenWhenAnAcknowledgedLineIsDamaged() throws IOException {
    fill(10);
    Path file = Segment.list(directory).get(0).file();
    byte[] whole = Files.readAllBytes(file);
    int middle = new String(whole, StandardCharsets.UTF_8).indexOf("\"seq\":5,");
    whole[middle + 20] ^= 1;
    Files.write(file, whole);
    IOException refused = assertThrows(IOException.class, this::open);
    assertTrue(
        String.valueOf(refused.getMessage()).contains(file.toString()), refused.getMessage());
    assertTrue(String.valueOf(refused.getMessage()).contains("line 5"), refused.getMessage());
  }

  @Test
  void refusesToOpenWhenAPageInTheMiddleIsLost() throws IOException {
    fill(20);
    Path file = Segment.list(directory).get(0).file();
    byte[] whole = Files.readAllBytes(file);
    java.util.Arrays.fill(whole, 1_000, 1_500, (byte) 0);
    Files.write(file, whole);
    IOException refused = assertThrows(IOException.class, this::open);
    assertTrue(String.valueOf(refused.getMessage()).contains("damaged"), refused.getMessage());
    assertTrue(verify().broken().isPresent());
  }

  @Test
  void namesTheLineOfAFlippedByte() throws IOException {
    fill(10);
    Path file = Segment.list(directory).get(0).file();
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at += 37) {
      if (whole[at] == '\n') {
        continue;
      }
      byte[] flipped = whole.clone();
      flipped[at] ^= 1;
      Files.write(file, flipped);
      long line = 1;
      for (int i = 0; i < at; i++) {
        line += whole[i] == '\n' ? 1 : 0;
      }
      String broken = verify().broken().orElseThrow();
      assertTrue(broken.startsWith(file.getFileName() + ", line " + line + " "), broken);
    }
  }

  @Test
  void findsALineThatWasForgedWithAFreshChecksum() throws IOException {
    fill(3);
    Path file = Segment.list(directory).get(0).file();
    List<String> lines = Files.readAllLines(file);
    EventLine second = EventLine.decode(lines.get(1).getBytes(StandardCharsets.UTF_8));
    byte[] forged =
        EventLine.encode(
            new io.securegateway.core.event.Recorded(2, 2, "p", Calls.acted(666)),
            second.acked(),
            second.prev());
    Files.writeString(
        file,
        lines.get(0) + "\n" + new String(forged, StandardCharsets.UTF_8) + lines.get(2) + "\n");
    assertTrue(verify().broken().orElseThrow().contains("line 3"));
  }

  @Test
  void findsACutTailByTheExpectedHead() throws IOException {
    fill(5);
    String head = verify().headHash();
    assertTrue(JournalVerify.verify(directory, Optional.of(head)).isGood());
    Path file = Segment.list(directory).get(0).file();
    List<String> lines = Files.readAllLines(file);
    Files.writeString(file, String.join("\n", lines.subList(0, 4)) + "\n");
    assertTrue(verify().isGood());
    assertFalse(JournalVerify.verify(directory, Optional.of(head)).isGood());
  }

  @Test
  void namesAMissingSegment() throws IOException {
    fill(200);
    List<Segment> segments = Segment.list(directory);
    Files.delete(segments.get(1).file());
    assertTrue(verify().broken().orElseThrow().contains("follows"));
    try (SegmentJournal journal = open()) {
      JournalRefused refused = assertThrows(JournalRefused.class, () -> all(journal, 1));
      assertTrue(
          String.valueOf(refused.getMessage())
              .contains(segments.get(2).file().getFileName().toString()),
          refused.getMessage());
    }
  }

  @Test
  void finishesACompressionThatACrashLeft() throws IOException {
    fill(200);
    Segment first = Segment.list(directory).get(0);
    byte[] plain;
    try (var in = new java.util.zip.GZIPInputStream(Files.newInputStream(first.file()))) {
      plain = in.readAllBytes();
    }
    Files.write(Segment.open(directory, 1), plain);
    Files.write(first.file(), new byte[] {1, 2, 3});
    try (SegmentJournal journal = open()) {
      assertEquals(200, all(journal, 1).size());
    }
    assertTrue(Segment.list(directory).get(0).sealed());
    assertTrue(verify().isGood());
  }
}
