package io.securegateway.server.admin;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a handler answers. */
public sealed interface Reply {
  /** A JSON document, optionally with an entity tag. */
  record Json(int status, JsonNode body, @Nullable String etag) implements Reply {}

  /** A stream that is written while it is sent; the client's pace bounds it. */
  record Stream(String type, Writer writer) implements Reply {}

  /** Writes a stream; runs on a virtual thread. */
  @FunctionalInterface
  interface Writer {
    /** Writes everything, then returns. */
    void write(OutputStream out) throws IOException;
  }

  /** 200 with JSON. */
  static Reply ok(JsonNode body) {
    return new Json(200, body, null);
  }
}
