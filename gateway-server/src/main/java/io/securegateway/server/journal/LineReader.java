package io.securegateway.server.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a segment up to its zero-filled end. Not thread-safe. */
final class LineReader implements AutoCloseable {
  /** Longer than any line the gateway writes: a body, its escapes and an answer. */
  private static final int MAX_LINE = 1024 * 1024 * 1024;

  private final InputStream in;
  private long offset;
  private boolean torn;

  LineReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next line without its line feed; null at the end. A last line without a line feed is given
   * and {@link #torn}.
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1_024);
    for (int b = in.read(); b > 0; b = in.read()) {
      if (b == '\n') {
        offset += line.size() + 1L;
        return line.toByteArray();
      }
      if (line.size() >= MAX_LINE) {
        throw new IOException("a line is longer than " + MAX_LINE + " bytes");
      }
      line.write(b);
    }
    torn = line.size() > 0;
    return torn ? line.toByteArray() : null;
  }

  /** The offset behind the last whole line. */
  long offset() {
    return offset;
  }

  /** Whether the line given last had no line feed. */
  boolean torn() {
    return torn;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
