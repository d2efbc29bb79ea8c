package io.securegateway.server.stdio;

import io.securegateway.core.json.StrictJson;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;

/** Writes messages, each as one line; nothing else ever goes there. Thread-safe. */
final class Lines {
  private final OutputStream out;

  Lines(OutputStream out) {
    this.out = out;
  }

  /**
   * Writes one.
   *
   * @throws UncheckedIOException if nobody reads any more
   */
  synchronized void write(JsonNode message) {
    try {
      out.write(StrictJson.write(message));
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
