package io.securegateway.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Somebody in front of the gateway's doors. Blocks; thread-safe. */
final class Client implements AutoCloseable {
  static final String ADMIN_KEY = "the-admin-key-of-the-tests";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
  private final String base;

  Client(String base) {
    this.base = base;
  }

  /** One tool call of the model {@code m1} in a project's session; the input is JSON. */
  Reply call(String project, String session, String tool, String input) throws IOException {
    return call(project, "m1", session, tool, input);
  }

  /** One tool call of a model; without a session if it is null. */
  Reply call(String project, String model, @Nullable String session, String tool, String input)
      throws IOException {
    return post(
        "/mcp/toolcall",
        toolCall(session, tool, input),
        "X-Project-ID",
        project,
        "X-Model-Key",
        ConfigFolder.key(project, model));
  }

  /** The body of a tool call. */
  static String toolCall(@Nullable String session, String tool, String input) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (session != null) {
      body.put("session_id", session);
    }
    body.put("tool_name", tool).set("input", Reply.JSON.readTree(input));
    return body.toString();
  }

  /** A POST of JSON with headers as names and values in turn. */
  Reply post(String path, String json, String... headers) throws IOException {
    return send("POST", path, json, headers);
  }

  Reply get(String path, String... headers) throws IOException {
    return send("GET", path, null, headers);
  }

  /** As the admin of everything. */
  Reply admin(String method, String path, @Nullable String json) throws IOException {
    return send(method, path, json, "X-Admin-Key", ADMIN_KEY);
  }

  /** The files are read again; fails if the gateway says no. */
  Reply reload() throws IOException {
    Reply reply = admin("POST", "/api/policy/reload", "{}");
    if (reply.status() != 200) {
      throw new AssertionError("the reload was answered with " + reply);
    }
    return reply;
  }

  Reply send(String method, String path, @Nullable String json, String... headers)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(60));
    boolean typed = false;
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
      typed |= headers[i].equalsIgnoreCase("content-type");
    }
    if (json == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      if (!typed) {
        request.header("Content-Type", "application/json");
      }
      request.method(method, BodyPublishers.ofString(json));
    }
    try {
      var response = http.send(request.build(), BodyHandlers.ofByteArray());
      return new Reply(response.statusCode(), response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
