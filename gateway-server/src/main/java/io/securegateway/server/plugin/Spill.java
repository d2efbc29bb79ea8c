package io.securegateway.server.plugin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/**
 * What a worker writes to its file descriptors 1 and 2 past the interpreter's own streams. It is
 * always read, so that it never blocks, and kept up to a bound for each call. The worker ends each
 * call with a mark of nine bytes, a zero and the call's number, so that text is told apart by call.
 * Thread-safe.
 */
final class Spill {
  private static final int MARK = 9;

  private final int most;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final byte[] mark = new byte[MARK];
  private int marked;
  private boolean cut;
  private long expected = -1;
  private boolean isMarked;
  private boolean ended;

  /** Keeps up to {@code most} bytes a call. */
  Spill(int most) {
    this.most = most;
  }

  /** Reads to the end. For a thread of its own. */
  void drain(InputStream stream) {
    byte[] buffer = new byte[65_536];
    try (stream) {
      for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
        add(buffer, length);
      }
    } catch (IOException e) {
      // the process is gone: the same as its end
    }
    synchronized (this) {
      ended = true;
      notifyAll();
    }
  }

  private synchronized void add(byte[] bytes, int length) {
    int at = 0;
    while (at < length) {
      if (marked > 0) {
        mark[marked++] = bytes[at++];
        if (marked == MARK) {
          isMarked |= ByteBuffer.wrap(mark, 1, MARK - 1).getLong() == expected;
          marked = 0;
          notifyAll();
        }
      } else {
        int end = at;
        while (end < length && bytes[end] != 0) {
          end++;
        }
        int room = Math.min(end - at, most - kept.size());
        kept.write(bytes, at, room);
        cut |= room < end - at;
        marked = end < length ? 1 : 0;
        at = end + marked;
      }
    }
  }

  /** A call begins; its mark is awaited. */
  synchronized void begin(long call) {
    expected = call;
    isMarked = false;
  }

  /**
   * The text of the call that was answered. Waits for its mark, which is on its way, or a while in
   * vain if the plugin closed the descriptor.
   */
  synchronized String ofCall(long patienceMillis) {
    await(() -> isMarked, patienceMillis);
    return take();
  }

  /** The last words of a process that ended. */
  synchronized String last(long patienceMillis) {
    await(() -> ended, patienceMillis);
    return take();
  }

  private void await(BooleanSupplier condition, long patienceMillis) {
    long end = System.nanoTime() + patienceMillis * 1_000_000;
    while (!condition.getAsBoolean() && !ended) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private String take() {
    String text = kept.toString(StandardCharsets.UTF_8) + (cut ? " …" : "");
    kept.reset();
    cut = false;
    return text;
  }
}
