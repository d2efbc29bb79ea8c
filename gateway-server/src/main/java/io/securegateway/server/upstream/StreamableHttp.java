package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.core.json.StrictJson;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.Revision.Era;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Streamable HTTP transport, from the client's side, on both wires (MCP 2025-03-26 to
 * 2026-07-28, "Transports"). Every header is our own; nothing is redirected; a request is sent
 * once.
 */
final class StreamableHttp implements McpTransport {
  private static final Logger LOG = LoggerFactory.getLogger(StreamableHttp.class);
  private static final int MAX_SESSION_ID = 1_024;

  /** Streams that stay open beside the calls: the server's own, and those that resume. */
  private static final int EXTRA_CONNECTIONS = 8;

  /** Streams on which the server is listened to. */
  private static final int MOST_LISTENING = 520;

  private final Vertx vertx;
  private final UpstreamSettings settings;
  private final URI url;
  private final HttpClient client;
  private final HttpClient listeners;
  private final Map<Long, PostedRequest> open = new HashMap<>();
  private Consumer<Message> ear = message -> {};
  private @Nullable Revision revision;
  private @Nullable String session;
  private @Nullable ServerStream stream;

  StreamableHttp(Vertx vertx, UpstreamSettings settings, URI url) {
    this.vertx = vertx;
    this.settings = settings;
    this.url = url;
    client =
        Connections.to(
            vertx, settings.name(), url, settings.maxConcurrent() + EXTRA_CONNECTIONS, -1);
    listeners = Connections.to(vertx, settings.name(), url, MOST_LISTENING, 0);
  }

  @Override
  public void ear(Consumer<Message> listener, Runnable lost) {
    ear = listener;
  }

  @Override
  public Future<Answer> request(
      Message.Request request, Map<String, String> mirrors, Consumer<Message> beside) {
    long id = request.id().longValue();
    PostedRequest posted = new PostedRequest(this, id, beside);
    open.put(id, posted);
    RequestOptions options = options(HttpMethod.POST);
    mirrors.forEach(options::putHeader);
    (request.method().equals(Method.LISTEN.text()) ? listeners : client)
        .request(options)
        .onSuccess(ready -> posted.send(ready, Buffer.buffer(StrictJson.write(request.tree()))))
        .onFailure(failure -> posted.end(Answer.Nothing.unsent(Reason.UPSTREAM_CONNECT)));
    return posted.answer().onComplete(any -> open.remove(id));
  }

  @Override
  public Future<Void> tell(Message message) {
    return client
        .request(options(HttpMethod.POST))
        .compose(ready -> ready.send(Buffer.buffer(StrictJson.write(message.tree()))))
        .compose(
            response ->
                response.statusCode() / 100 == 2
                    ? response.end()
                    : Future.failedFuture("status " + response.statusCode()))
        .onFailure(
            failure ->
                LOG.debug("{} did not take a message: {}", settings.name(), failure.getMessage()))
        .otherwiseEmpty();
  }

  @Override
  public void abandon(long id) {
    PostedRequest posted = open.remove(id);
    if (posted != null) {
      posted.abandon();
    }
  }

  @Override
  public boolean isOrdered() {
    return false;
  }

  @Override
  public boolean cancelsByClosing() {
    return revision != null && revision.era() == Era.STATELESS;
  }

  @Override
  public boolean silenceTellsNothing() {
    return true;
  }

  @Override
  public void speak(Revision agreed) {
    revision = agreed;
    if (agreed.era() == Era.SESSION && stream == null) {
      stream = new ServerStream(this, message -> ear.accept(message));
      stream.open();
    }
  }

  @Override
  public void reset() {
    String ended = session;
    if (ended != null) {
      client
          .request(options(HttpMethod.DELETE))
          .compose(HttpClientRequest::send)
          .onFailure(failure -> LOG.debug("a session could not be ended: {}", failure.toString()));
    }
    forget();
  }

  /** The session is over on the other side. */
  private void forget() {
    session = null;
    revision = null;
    ServerStream old = stream;
    stream = null;
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void close() {
    reset();
    List.copyOf(open.values())
        .forEach(posted -> posted.end(Answer.Nothing.sent(Reason.UPSTREAM_BROKEN)));
    client.close();
    listeners.close();
  }

  /** The session that the answer to initialize names; a bad one is as none. */
  void session(@Nullable String named) {
    if (named != null
        && !named.isEmpty()
        && named.length() <= MAX_SESSION_ID
        && named.chars().allMatch(c -> c >= 0x21 && c <= 0x7e)) {
      session = named;
    }
  }

  boolean hasSession() {
    return session != null;
  }

  /** Whether it was greeted on the wire with sessions, with one or, as some servers, without. */
  boolean isGreeted() {
    return revision != null && revision.era() == Era.SESSION;
  }

  /** Whether a stream that broke can be taken up again. */
  boolean resumes() {
    return revision == null || revision.era() == Era.SESSION;
  }

  /** A GET that takes up a stream behind an event, or opens the server's own. */
  Future<HttpClientRequest> get(@Nullable String lastEvent) {
    RequestOptions options = options(HttpMethod.GET);
    if (lastEvent != null) {
      options.putHeader("last-event-id", lastEvent);
    }
    return client.request(options);
  }

  Vertx vertx() {
    return vertx;
  }

  UpstreamSettings settings() {
    return settings;
  }

  private RequestOptions options(HttpMethod method) {
    boolean secure = url.getScheme().equals("https");
    String path = url.getRawPath();
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost(url.getHost())
            .setPort(url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80)
            .setSsl(secure)
            .setFollowRedirects(false)
            .setURI(path == null || path.isEmpty() ? "/" : path)
            .putHeader(
                "accept",
                method.equals(HttpMethod.GET)
                    ? "text/event-stream"
                    : "application/json, text/event-stream")
            .putHeader("accept-encoding", "identity");
    if (method.equals(HttpMethod.POST)) {
      options.putHeader("content-type", "application/json");
    }
    if (revision != null) {
      options.putHeader(Meta.VERSION_HEADER, revision.text());
    }
    if (session != null && resumes()) {
      options.putHeader(Meta.SESSION_HEADER, session);
    }
    UpstreamSettings.Credentials credentials = settings.credentials();
    if (credentials != null) {
      options.putHeader(credentials.header(), credentials.value());
    }
    return options;
  }
}
