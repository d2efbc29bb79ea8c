package io.securegateway.server.plugin;

import tools.jackson.databind.JsonNode;

/** What came of asking a worker that goes on living. */
sealed interface Told {
  /** Its answer, with what it wrote past the interpreter's streams. */
  record Answered(JsonNode answer, String spilled) implements Told {}

  /** Nothing that can be used; the worker is as good as before. */
  record Unusable(String why) implements Told {}
}
