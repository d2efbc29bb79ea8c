package io.securegateway.server.cli;

import io.securegateway.core.json.StrictJson;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Asks a running gateway's API as a person with an admin key. Follows no redirect, so that the key
 * goes to nobody else. Blocks.
 */
final class GatewayLine implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long MAX_ANSWER = 32L * 1024 * 1024;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final String base;
  private final String key;

  /** An answer of any status; a body that is no JSON is missing. */
  record Answer(int status, JsonNode body) {}

  /**
   * @param url {@code http(s)://HOST[:PORT][/PATH]}
   * @param key printable ASCII
   */
  GatewayLine(URI url, String key) {
    String text = url.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.key = key;
  }

  /** A GET. */
  Answer get(String path) throws IOException {
    return answer(request(path).GET().build());
  }

  /** A request with a JSON body. */
  Answer send(String method, String path, JsonNode body, Map<String, String> headers)
      throws IOException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofByteArray(StrictJson.write(body)));
    headers.forEach(request::header);
    return answer(request.build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(PATIENCE)
        .header("Accept", "application/json")
        .header("X-Admin-Key", key);
  }

  private Answer answer(HttpRequest request) throws IOException {
    try {
      HttpResponse<byte[]> response =
          http.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
      return switch (StrictJson.parse(response.body())) {
        case StrictJson.Parsed(JsonNode tree) -> new Answer(response.statusCode(), tree);
        case StrictJson.Refused refused when response.statusCode() == 200 ->
            throw foreign(refused.message());
        case StrictJson.Refused refused ->
            new Answer(response.statusCode(), JsonNodeFactory.instance.missingNode());
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + base, e);
    } catch (IOException e) {
      throw unreached(e);
    }
  }

  private IOException unreached(IOException e) {
    if (e instanceof NoAnswer) {
      return e;
    }
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String why = e instanceof ConnectException ? "nobody listens there" : message;
    return new NoAnswer(
        "no answer from " + base + " (" + why + "); is the gateway running, and --url its address?",
        e);
  }

  /** For an answer that a gateway would not give. */
  IOException foreign(String why) {
    return new NoAnswer(
        base + " answers like no SecureGateway: " + why + "; look at --url and what is in between",
        null);
  }

  /** For an answer that is neither done nor a refusal of the change. */
  IOException failed(Answer answer) {
    String detail = answer.body().path("detail").asString("");
    String mend =
        answer.status() == 401
            ? " Give an admin key of this gateway with --admin-key-file or in ADMIN_KEY."
            : "";
    return new NoAnswer(
        "%s answered %d%s.%s"
            .formatted(base, answer.status(), detail.isEmpty() ? "" : ": " + detail, mend)
            .replace("..", "."),
        null);
  }

  /** A failure that says all there is to say already. */
  private static final class NoAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    NoAnswer(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
