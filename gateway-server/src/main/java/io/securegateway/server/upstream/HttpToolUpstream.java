package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.core.json.StrictJson;
import io.securegateway.server.trace.TraceContext;
import io.securegateway.server.upstream.UpstreamAnswer.Failed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An HTTP tool server: {@code POST {url}/{tool}}, JSON in, JSON out. One instance a loop, used on
 * that loop only.
 *
 * <p>Only headers of our own go out: nothing of the caller's but its place in a trace. Nothing is
 * retried or redirected.
 */
final class HttpToolUpstream implements ToolUpstream {

  private final Vertx vertx;
  private final UpstreamSettings settings;
  private final URI url;
  private final Gate gate;
  private final HttpClient client;

  HttpToolUpstream(Vertx vertx, UpstreamSettings settings, URI url, Gate gate) {
    this.vertx = vertx;
    this.settings = settings;
    this.url = url;
    this.gate = gate;
    // The bulkhead bounds who waits. The pool would also count those whose connection is just being
    // made, and refuse a burst at the start.
    client = Connections.to(vertx, settings.name(), url, settings.maxConcurrent(), -1);
  }

  @Override
  public Future<UpstreamAnswer> call(String tool, UpstreamCall call, Consumer<Runnable> onGone) {
    return gate.pass(
        vertx, call.principal(), settings.deadline(), onGone, stop -> make(tool, call, stop));
  }

  private Future<Gate.Passed> make(String tool, UpstreamCall call, Consumer<Runnable> onGone) {
    HttpExchange exchange = new HttpExchange(vertx, settings);
    onGone.accept(exchange::callerLeft);
    client
        .request(options(tool, call))
        .onSuccess(
            request -> exchange.send(request, Buffer.buffer(StrictJson.write(call.arguments()))))
        .onFailure(
            failure ->
                exchange.fail(
                    Failed.unsent(Reason.UPSTREAM_CONNECT, Reason.UPSTREAM_CONNECT.meaning())));
    return exchange.answer().map(Gate.Passed::of);
  }

  private RequestOptions options(String tool, UpstreamCall call) {
    boolean secure = url.getScheme().equals("https");
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(url.getHost())
            .setPort(url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80)
            .setSsl(secure)
            .setFollowRedirects(false)
            .setURI(url.getRawPath() + "/" + encoded(tool))
            .putHeader("content-type", "application/json")
            .putHeader("accept", "application/json")
            .putHeader("accept-encoding", "identity")
            .putHeader("x-request-id", call.id());
    TraceContext trace = call.trace();
    if (trace != null) {
      options.putHeader(TraceContext.PARENT, trace.parent());
      if (trace.state() != null) {
        options.putHeader(TraceContext.STATE, trace.state());
      }
    }
    UpstreamSettings.Credentials credentials = settings.credentials();
    if (credentials != null) {
      options.putHeader(credentials.header(), credentials.value());
    }
    return options;
  }

  /**
   * A tool's name as path segments (RFC 3986): all but unreserved characters percent-encoded;
   * slashes stay.
   */
  static String encoded(String tool) {
    StringBuilder path = new StringBuilder();
    for (byte b : tool.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/".indexOf(c) >= 0;
      if (plain) {
        path.append(c);
      } else {
        path.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return path.toString();
  }

  @Override
  public void close() {
    client.shutdown(settings.deadline().toMillis() + 1_000, TimeUnit.MILLISECONDS);
  }
}
