package io.securegateway.server.replay;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a trace file, plain or gzip (told apart by its first bytes), in bounded memory. An
 * overlong line is skipped and given without its content. Not thread-safe.
 */
public final class TraceLines implements AutoCloseable {
  /** Longest line, in bytes. */
  public static final int MAX_LINE = 16 * 1024 * 1024;

  /** No honest trace is packed better than this, beyond {@link #FREE}. */
  private static final long MAX_RATIO = 400;

  private static final long FREE = 256L * 1024 * 1024;

  private final Counting raw;
  private final InputStream in;
  private final boolean packed;
  private final byte[] buffer = new byte[64 * 1024];
  private int at;
  private int limit;
  private long line;
  private long unpacked;

  /**
   * A line.
   *
   * @param number from 1
   * @param bytes null if it is longer than {@link #MAX_LINE}
   */
  public record Line(long number, byte @Nullable [] bytes) {}

  /** Of a stream, which is closed with it. */
  public TraceLines(InputStream stream) throws IOException {
    raw = new Counting(stream);
    BufferedInputStream start = new BufferedInputStream(raw, 64 * 1024);
    start.mark(2);
    packed = start.read() == 0x1f && start.read() == 0x8b;
    start.reset();
    in = packed ? new GZIPInputStream(start, 64 * 1024) : start;
  }

  /**
   * The next line without its line feed; null at the end.
   *
   * @throws IOException if the file cannot be read, or is packed as only a bomb is
   */
  public @Nullable Line next() throws IOException {
    ByteArrayOutputStream pieces = new ByteArrayOutputStream(1024);
    boolean any = false;
    boolean tooLong = false;
    while (at < limit || fill()) {
      any = true;
      int end = at;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      tooLong |= pieces.size() + (end - at) > MAX_LINE;
      if (!tooLong) {
        pieces.write(buffer, at, end - at);
      }
      at = end + 1;
      if (end < limit) {
        break;
      }
    }
    if (!any) {
      return null;
    }
    line++;
    return new Line(line, tooLong ? null : pieces.toByteArray());
  }

  private boolean fill() throws IOException {
    at = 0;
    try {
      limit = Math.max(0, in.read(buffer, 0, buffer.length));
    } catch (IOException e) {
      throw new IOException(
          "the file cannot be read after line %d: %s; fetch it again if it is cut off"
              .formatted(line, e.getMessage()),
          e);
    }
    unpacked += limit;
    if (packed && unpacked > FREE && unpacked / MAX_RATIO > raw.count) {
      throw new IOException(
          "the file unpacks to more than %d times its size after line %d, as no trace does; unpack it yourself if you trust it"
              .formatted(MAX_RATIO, line));
    }
    return limit > 0;
  }

  /** Bytes of the file that were read so far. */
  long read() {
    return raw.count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Counts what is read of the file itself. */
  private static final class Counting extends FilterInputStream {
    private long count;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int some = super.read(into, from, length);
      count += Math.max(0, some);
      return some;
    }
  }
}
