package io.securegateway.server.ingress;

import io.securegateway.core.json.StrictJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request that passed the door, and its answer. Used on its event loop only.
 *
 * <p>An answer is sent once; later tries, and tries after the client left, do nothing.
 */
public final class Exchange {
  private static final long LINGER_MS = 1_000;

  private final Vertx vertx;
  private final Context context;
  private final HttpServerRequest request;
  private final int maxBody;
  private final List<Runnable> gone = new ArrayList<>(1);
  private boolean closes;
  private boolean over;
  private @Nullable Consumer<Refusal> form;
  private final List<Runnable> ended = new ArrayList<>(1);

  Exchange(Vertx vertx, Context context, HttpServerRequest request, int maxBody) {
    this.vertx = vertx;
    this.context = context;
    this.request = request;
    this.maxBody = maxBody;
    request
        .response()
        .closeHandler(
            closed -> {
              gone.forEach(Runnable::run);
              end();
            });
    request.response().endHandler(done -> end());
  }

  /** An answer that is never sent, because the client left, ends the exchange too; it ends once. */
  private void end() {
    if (!over) {
      over = true;
      ended.forEach(Runnable::run);
    }
  }

  /** GET, POST, PUT, DELETE or HEAD. */
  public String method() {
    return request.method().name();
  }

  /** The path, checked for ambiguity, percent-decoded nowhere. */
  public String path() {
    return Objects.requireNonNullElse(request.path(), "/");
  }

  /** A header's only value. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /** All values of a header, in their order. */
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }

  /** The query's parameters, decoded. */
  public MultiMap query() {
    return request.params();
  }

  /** The address of the peer, for accounting refused identities. */
  public String source() {
    return request.remoteAddress() == null ? "unknown" : request.remoteAddress().hostAddress();
  }

  /** The event loop's context, to come back to after a wait. */
  public Context context() {
    return context;
  }

  /**
   * The JSON body, strictly read. If it is refused, the answer has been sent and the consumer is
   * not called.
   */
  public void json(Consumer<JsonNode> next) {
    bytes(
        bytes -> {
          switch (StrictJson.parse(bytes)) {
            case StrictJson.Parsed parsed -> next.accept(parsed.tree());
            case StrictJson.Refused refused ->
                refuse(new Refusal(400, refused.code(), refused.message()));
          }
        });
  }

  /**
   * The bytes of a body that says it is JSON. If it is refused, the answer has been sent and the
   * consumer is not called.
   */
  public void bytes(Consumer<byte[]> next) {
    bytes(maxBody, next);
  }

  /** The same for a body of so many bytes, or of the ordinary limit if that is more. */
  public void bytes(int most, Consumer<byte[]> next) {
    Body.collect(vertx, request, Math.max(maxBody, most))
        .onSuccess(next::accept)
        .onFailure(
            failure ->
                refuse(
                    failure instanceof Body.Refused refused
                        ? refused.refusal()
                        : new Refusal(
                            500,
                            "gateway.error",
                            "The gateway failed on this request; nothing was forwarded.")));
  }

  /** Calls back when the client leaves before the answer was sent. */
  public void onGone(Runnable then) {
    gone.add(then);
  }

  /** Calls back once the exchange is over: answered, or the client left. */
  public void onEnd(Runnable then) {
    ended.add(then);
  }

  /** Completes on this exchange's loop. */
  public <T> Future<T> here(CompletionStage<T> stage) {
    return Future.fromCompletionStage(stage, context);
  }

  /** From here on refusals are answered by that, instead of in the agents' form. */
  public void refuseAs(Consumer<Refusal> other) {
    form = other;
  }

  /** Whether the request announces a body. */
  public boolean hasBody() {
    String length = request.getHeader("content-length");
    return request.getHeader("transfer-encoding") != null
        || (length != null && !length.equals("0"));
  }

  /** Answers with an error, in the agents' form unless another was chosen. */
  public void refuse(Refusal refusal) {
    closes |= refusal.status() == 413 || refusal.status() == 408 || refusal.status() == 415;
    if (form != null) {
      form.accept(refusal);
      return;
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("status", refusal.status() == 401 ? "unauthorized" : "error");
    body.put("allowed", false);
    body.put("error", refusal.code());
    body.put("reason", refusal.message());
    json(refusal.status(), body);
  }

  /** As {@link #refuse}; the connection ends with it. */
  void refuseAndClose(Refusal refusal) {
    closes = true;
    refuse(refusal);
  }

  /** Answers with JSON. */
  public void json(int status, JsonNode body) {
    send(status, "application/json", StrictJson.write(body));
  }

  /** Answers with bytes of a type. */
  public void send(int status, String type, byte[] body) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status).putHeader("content-type", type);
    if (!response.headers().contains("cache-control")) {
      response.putHeader("cache-control", "no-store");
    }
    response.putHeader("x-content-type-options", "nosniff");
    if (closes) {
      response.putHeader("connection", "close");
    }
    Future<Void> sent;
    if (method().equals("HEAD")) {
      sent = response.putHeader("content-length", Integer.toString(body.length)).end();
    } else {
      sent = response.end(Buffer.buffer(body));
    }
    request.resume();
    if (closes) {
      // What still arrives is read and dropped for a moment: closing over unread bytes resets the
      // connection, and the client would lose the answer.
      sent.onComplete(done -> vertx.setTimer(LINGER_MS, id -> request.connection().close()));
    }
  }

  /** Answers that what the client has is still what it would get. */
  public void notModified() {
    HttpServerResponse response = request.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(304).end();
      request.resume();
    }
  }

  /** Sets a header of the answer to come. */
  public Exchange with(String name, @Nullable String value) {
    if (value != null && !request.response().ended()) {
      request.response().putHeader(name, value);
    }
    return this;
  }

  /** Answers without a body. */
  public void empty(int status) {
    HttpServerResponse response = request.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).putHeader("cache-control", "no-store").end();
      request.resume();
    }
  }

  /** Answers with a stream of events; what comes first opens it. */
  public EventStream events() {
    request.resume();
    return new EventStream(vertx, request.response());
  }

  /**
   * Runs a task once, after some milliseconds, on this exchange's loop, unless what is given back
   * is run before.
   */
  public Runnable later(long millis, Runnable task) {
    long timer = vertx.setTimer(millis, fired -> task.run());
    return () -> vertx.cancelTimer(timer);
  }

  /** The raw response, for streamed answers. */
  public HttpServerResponse response() {
    return request.response();
  }
}
