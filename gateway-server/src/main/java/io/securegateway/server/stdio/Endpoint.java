package io.securegateway.server.stdio;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the gateway is, and who asks. Follows no redirect, so that the key goes to nobody else.
 *
 * @param url of the gateway's {@code /mcp}
 * @param project null for the default one
 */
public record Endpoint(HttpClient http, URI url, String key, @Nullable String project) {
  /** For the address of a gateway, with or without {@code /mcp}. */
  public static Endpoint of(URI gateway, String key, @Nullable String project) {
    String base = gateway.toString().replaceAll("/+$", "");
    URI url = URI.create(base.endsWith("/mcp") ? base : base + "/mcp");
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    return new Endpoint(http, url, key, project);
  }

  /** A request with what identifies the caller. */
  HttpRequest.Builder request() {
    HttpRequest.Builder request = HttpRequest.newBuilder(url).header("X-Model-Key", key);
    if (project != null) {
      request.header("X-Project-ID", project);
    }
    return request;
  }
}
