package io.securegateway.server.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a segment. Zeros are space that was reserved and not written; lines behind
 * them are given too, so that a lost page in the middle is never taken for the end. Not
 * thread-safe.
 */
final class LineReader implements AutoCloseable {
  /** Longer than any line the gateway writes: a body, its escapes and an answer. */
  private static final int MAX_LINE = 1024 * 1024 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[64 * 1024];
  private int at;
  private int limit;
  private long start;
  private long position;
  private boolean torn;
  private boolean hole;

  LineReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next line without its line feed; null at the end. A piece that ends in zeros or with the
   * file is given and {@link #torn}.
   */
  byte @Nullable [] next() throws IOException {
    hole = skipZeros();
    start = position;
    torn = false;
    ByteArrayOutputStream pieces = new ByteArrayOutputStream(0);
    while (at < limit || fill()) {
      int end = at;
      while (end < limit && buffer[end] != '\n' && buffer[end] != 0) {
        end++;
      }
      if (end < limit && pieces.size() == 0) {
        pieces = new ByteArrayOutputStream(end - at);
      }
      pieces.write(buffer, at, end - at);
      position += end - at;
      at = end;
      if (pieces.size() > MAX_LINE) {
        throw new IOException("a line is longer than " + MAX_LINE + " bytes");
      }
      if (end < limit) {
        torn = buffer[end] == 0;
        if (!torn) {
          at++;
          position++;
        }
        return pieces.toByteArray();
      }
    }
    torn = pieces.size() > 0;
    return torn ? pieces.toByteArray() : null;
  }

  private boolean skipZeros() throws IOException {
    long before = position;
    while (at < limit || fill()) {
      int end = at;
      while (end < limit && buffer[end] == 0) {
        end++;
      }
      position += end - at;
      at = end;
      if (end < limit) {
        break;
      }
    }
    return position > before;
  }

  private boolean fill() throws IOException {
    at = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  /** Where the line given last begins. */
  long start() {
    return start;
  }

  /** The offset behind the line given last. */
  long offset() {
    return position;
  }

  /** Whether the line given last had no line feed. */
  boolean torn() {
    return torn;
  }

  /** Whether zeros were in front of the line given last. */
  boolean hole() {
    return hole;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
