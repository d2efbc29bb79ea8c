package io.securegateway.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** An answer of server-sent events, read line by line. */
final class SseStream implements AutoCloseable {
  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;
  private String lastId = "";

  private SseStream(HttpResponse<InputStream> response) {
    this.response = response;
    this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  static SseStream of(HttpClient http, HttpRequest request) throws Exception {
    return new SseStream(http.send(request, HttpResponse.BodyHandlers.ofInputStream()));
  }

  int status() {
    return response.statusCode();
  }

  /** The id of the last event that was read; empty for none. */
  String lastId() {
    return lastId;
  }

  /** The next event with data. */
  JsonNode next() throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      heed(line);
      if (line.startsWith("data: {")) {
        return Reply.JSON.readTree(line.substring(6));
      }
    }
    throw new IOException("the stream ended");
  }

  /** Reads up to the primer, so that the stream is known to be open. */
  SseStream primed() throws IOException {
    while (lastId.isEmpty()) {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("the stream ended");
      }
      heed(line);
    }
    return this;
  }

  /** What is left, up to its end. */
  String rest() throws IOException {
    StringBuilder rest = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      rest.append(line).append('\n');
    }
    return rest.toString();
  }

  private void heed(String line) {
    if (line.startsWith("id: ")) {
      lastId = line.substring(4);
    }
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
