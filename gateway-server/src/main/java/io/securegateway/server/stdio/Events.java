package io.securegateway.server.stdio;

import io.securegateway.server.mcp.SseReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** The events of one stream, read to its end by the calling thread. */
final class Events {
  /** Largest event, in bytes; the gateway sends none that is larger. */
  static final int MOST = 64 * 1024 * 1024;

  private static final long FIRST_PAUSE_MS = 1_000;

  private Optional<String> last = Optional.empty();
  private long pause = FIRST_PAUSE_MS;

  /** Hands over the data of each event that has some; returns at the end of the stream. */
  void read(InputStream in, Consumer<byte[]> data) throws IOException {
    SseReader reader =
        new SseReader(
            MOST,
            event -> {
              last = event.id();
              event.retry().ifPresent(millis -> pause = Math.min(millis, 60_000));
              if (event.data().length > 0) {
                data.accept(event.data());
              }
            });
    byte[] buffer = new byte[16 * 1024];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      if (!reader.take(Arrays.copyOf(buffer, n))) {
        throw new IOException("an event is larger than " + MOST + " bytes");
      }
    }
  }

  /** The last event's id, behind which the stream can be taken up. */
  Optional<String> last() {
    return last;
  }

  /** How long to wait before that, in milliseconds. */
  long pause() {
    return pause;
  }
}
