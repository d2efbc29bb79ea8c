package io.securegateway.server.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A plain HTTP client of the gateway's doors, as an agent or a person would write it. Blocks. */
final class AgentClient {
  static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final String base;

  AgentClient(String base) {
    this.base = base;
  }

  /** An answer: its status and body. */
  record Reply(int status, JsonNode body) {
    String text(String member) {
      return body.path(member).asString("");
    }
  }

  /** One tool call. */
  Reply call(String project, String key, String session, String tool, ObjectNode input)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    body.put("session_id", session).put("tool_name", tool).set("input", input);
    return send("POST", "/mcp/toolcall", project, "X-Model-Key", key, body);
  }

  /** A prompt that is reported. */
  Reply prompt(String project, String key, String session, String text)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    body.put("session_id", session).put("prompt", text);
    return send("POST", "/mcp/prompt", project, "X-Model-Key", key, body);
  }

  /** A request of a person. */
  Reply admin(String method, String path, String key, @Nullable ObjectNode body)
      throws IOException, InterruptedException {
    return send(method, path, null, "X-Admin-Key", key, body);
  }

  /** A person saves a text in the place of that version. */
  Reply put(String path, String key, long version, ObjectNode body)
      throws IOException, InterruptedException {
    return send("PUT", path, null, "X-Admin-Key", key, body, "If-Match", "\"" + version + "\"");
  }

  private Reply send(
      String method,
      String path,
      @Nullable String project,
      String keyHeader,
      String key,
      @Nullable ObjectNode body,
      String... more)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(30))
            .header(keyHeader, key);
    if (more.length > 0) {
      request.headers(more);
    }
    if (project != null) {
      request.header("X-Project-ID", project);
    }
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.header("Content-Type", "application/json");
      request.method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    }
    HttpResponse<byte[]> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    JsonNode tree =
        response.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(response.body());
    return new Reply(response.statusCode(), tree);
  }
}
