package io.securegateway.e2e;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer of the gateway. */
record Reply(int status, HttpResponse<byte[]> response) {
  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  String text() {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** The body; of a stream, which an answer that took longer comes on, the last message. */
  JsonNode json() {
    return header("content-type").orElse("").startsWith("text/event-stream")
        ? SessionClient.messages(this).getLast()
        : JSON.readTree(response.body());
  }

  /** A string member of the body; empty if it is missing. */
  String text(String member) {
    return json().path(member).asString("");
  }

  Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  @Override
  public String toString() {
    return status + " " + text();
  }
}
