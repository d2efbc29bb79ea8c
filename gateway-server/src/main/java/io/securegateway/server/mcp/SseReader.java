package io.securegateway.server.mcp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events (WHATWG HTML, section 9.2) from chunks of bytes, with a bound on the size of
 * an event. An event that is not ended by an empty line does not count. Not thread-safe.
 */
public final class SseReader {
  private final int maxEvent;
  private final Consumer<Event> events;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final ByteArrayOutputStream data = new ByteArrayOutputStream(1024);
  private @Nullable String id;
  private OptionalLong retry = OptionalLong.empty();
  private boolean afterCr;
  private boolean atStart = true;
  private boolean hasData;
  private boolean freshId;
  private int size;

  /**
   * @param maxEvent bytes of one event, with everything in it
   */
  public SseReader(int maxEvent, Consumer<Event> events) {
    this.maxEvent = maxEvent;
    this.events = events;
  }

  /**
   * One event.
   *
   * @param id the last one that the stream named, to resume behind it; empty if none
   * @param data empty for an event that only says where it is
   * @param retry milliseconds to wait before resuming, if the stream said so
   */
  public record Event(Optional<String> id, byte[] data, OptionalLong retry) {}

  /** Takes the next bytes. False if an event is larger than allowed: then the stream is over. */
  public boolean take(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '\n' && afterCr) {
        afterCr = false;
        continue;
      }
      afterCr = b == '\r';
      if (b == '\n' || b == '\r') {
        line();
      } else {
        if (++size > maxEvent) {
          return false;
        }
        line.write(b);
      }
    }
    return true;
  }

  private void line() {
    byte[] bytes = line.toByteArray();
    line.reset();
    int from = 0;
    if (atStart) {
      atStart = false;
      boolean mark =
          bytes.length >= 3
              && bytes[0] == (byte) 0xef
              && bytes[1] == (byte) 0xbb
              && bytes[2] == (byte) 0xbf;
      from = mark ? 3 : 0;
    }
    if (bytes.length == from) {
      dispatch();
      return;
    }
    int colon = from;
    while (colon < bytes.length && bytes[colon] != ':') {
      colon++;
    }
    String field = new String(bytes, from, colon - from, StandardCharsets.UTF_8);
    int start = Math.min(bytes.length, colon + 1);
    if (start < bytes.length && bytes[start] == ' ') {
      start++;
    }
    field(field, bytes, start);
  }

  private void field(String field, byte[] bytes, int start) {
    int length = bytes.length - start;
    switch (field) {
      case "data" -> {
        if (hasData) {
          data.write('\n');
        }
        hasData = true;
        data.write(bytes, start, length);
      }
      case "id" -> {
        String text = new String(bytes, start, length, StandardCharsets.UTF_8);
        if (text.indexOf('\0') < 0) {
          id = text;
          freshId = true;
        }
      }
      case "retry" -> {
        String text = new String(bytes, start, length, StandardCharsets.US_ASCII);
        if (text.matches("[0-9]{1,9}")) {
          retry = OptionalLong.of(Long.parseLong(text));
        }
      }
      default -> {
        // comments and the event's name: every message is one
      }
    }
  }

  private void dispatch() {
    if (hasData || freshId || retry.isPresent()) {
      events.accept(
          new Event(
              Optional.ofNullable(id).filter(text -> !text.isEmpty()), data.toByteArray(), retry));
    }
    data.reset();
    hasData = false;
    freshId = false;
    retry = OptionalLong.empty();
    size = 0;
  }
}
