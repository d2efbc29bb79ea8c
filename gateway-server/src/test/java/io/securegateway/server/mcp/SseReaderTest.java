package io.securegateway.server.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SseReaderTest {
  private static List<String> read(String stream) {
    List<String> found = new ArrayList<>();
    SseReader reader = new SseReader(1_000, event -> found.add(shown(event)));
    assertTrue(reader.take(stream.getBytes(StandardCharsets.UTF_8)));
    return found;
  }

  private static String shown(SseReader.Event event) {
    return event.id().orElse("-") + "|" + new String(event.data(), StandardCharsets.UTF_8);
  }

  @Test
  void readsEventsWithAnyLineEnd() {
    assertEquals(List.of("1|a", "1|b"), read("id: 1\ndata: a\n\ndata: b\n\n"));
    assertEquals(List.of("1|a", "1|b"), read("id: 1\r\ndata: a\r\n\r\ndata: b\r\n\r\n"));
    assertEquals(List.of("1|a", "1|b"), read("id: 1\rdata: a\r\rdata: b\r\r"));
  }

  @Test
  void joinsLinesOfDataAndSkipsCommentsAndTheMark() {
    assertEquals(List.of("-|a\nb"), read("\uFEFF: hello\nevent: message\ndata: a\ndata:b\n\n"));
  }

  @Test
  void tellsAPrimerByItsEmptyData() {
    List<SseReader.Event> found = new ArrayList<>();
    new SseReader(1_000, found::add)
        .take("id: p1\nretry: 250\ndata:\n\n".getBytes(StandardCharsets.UTF_8));
    assertEquals("p1", found.getFirst().id().orElseThrow());
    assertEquals(OptionalLong.of(250), found.getFirst().retry());
    assertEquals(0, found.getFirst().data().length);
  }

  @Test
  void doesNotCountAnEventWithoutItsEnd() {
    assertEquals(List.of("-|a"), read("data: a\n\ndata: b\n"));
  }

  @Test
  void stopsAtAnEventThatIsTooLarge() {
    SseReader reader = new SseReader(16, event -> {});
    assertTrue(reader.take("data: 0123456789\n\n".getBytes(StandardCharsets.UTF_8)));
    assertFalse(reader.take("data: 0123456789abcdef".getBytes(StandardCharsets.UTF_8)));
  }

  @Property(tries = 300)
  void readsTheSameHoweverTheBytesAreCut(@ForAll int cut) {
    byte[] bytes =
        "id: é\r\ndata: a\r\ndata: b\r\n\r\ndata: c\n\n".getBytes(StandardCharsets.UTF_8);
    int at = Math.floorMod(cut, bytes.length);
    List<String> found = new ArrayList<>();
    SseReader reader = new SseReader(1_000, event -> found.add(shown(event)));
    reader.take(Arrays.copyOfRange(bytes, 0, at));
    reader.take(Arrays.copyOfRange(bytes, at, bytes.length));
    assertEquals(List.of("é|a\nb", "é|c"), found);
  }
}
