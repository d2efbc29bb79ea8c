package io.securegateway.server.ingress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects a JSON body: at most so many bytes, in bounded time, in no other encoding. Runs on the
 * request's loop.
 */
final class Body {
  private static final long DEADLINE_MS = 30_000;

  private Body() {}

  /** Fails with {@link Refused}. The request is paused until this is called. */
  static Future<byte[]> collect(Vertx vertx, HttpServerRequest request, int most) {
    Optional<Refusal> problem = headProblem(request, most);
    if (problem.isPresent()) {
      return Future.failedFuture(new Refused(problem.get()));
    }
    Promise<byte[]> done = Promise.promise();
    Buffer collected = Buffer.buffer();
    request.handler(
        chunk -> {
          if (collected.length() + chunk.length() > most) {
            done.tryFail(new Refused(tooLarge(most)));
          } else {
            collected.appendBuffer(chunk);
          }
        });
    request.exceptionHandler(
        broken ->
            done.tryFail(
                new Refused(
                    new Refusal(400, "body.broken", "The body ended before it was whole."))));
    request.endHandler(end -> done.tryComplete(collected.getBytes()));
    if (request.getHeader("expect") != null) {
      request.response().writeContinue();
    }
    request.resume();
    return done.future().isComplete() ? done.future() : inTime(vertx, done);
  }

  /** Most bodies come with the head; only those that do not need a timer. */
  private static Future<byte[]> inTime(Vertx vertx, Promise<byte[]> done) {
    Refusal slow = new Refusal(408, "body.slow", "The body did not arrive within 30 seconds.");
    long timer = vertx.setTimer(DEADLINE_MS, id -> done.tryFail(new Refused(slow)));
    return done.future().onComplete(result -> vertx.cancelTimer(timer));
  }

  private static Optional<Refusal> headProblem(HttpServerRequest request, int most) {
    @Nullable String type = request.getHeader("content-type");
    if (type == null || !isJson(type)) {
      return Optional.of(
          new Refusal(415, "body.type", "Send the body as application/json (UTF-8)."));
    }
    @Nullable String encoding = request.getHeader("content-encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Optional.of(
          new Refusal(415, "body.encoding", "Send the body without a content encoding."));
    }
    @Nullable String length = request.getHeader("content-length");
    if (length != null && (length.length() > 10 || Long.parseLong(length) > most)) {
      return Optional.of(tooLarge(most));
    }
    return Optional.empty();
  }

  private static boolean isJson(String type) {
    String lower = type.toLowerCase(Locale.ROOT).replace(" ", "");
    return lower.equals("application/json") || lower.equals("application/json;charset=utf-8");
  }

  private static Refusal tooLarge(int most) {
    return new Refusal(
        413, "body.too_large", "The body is larger than " + most + " bytes (server.max_body).");
  }

  /** A refusal on its way out of a future. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Refusal refusal;

    Refused(Refusal refusal) {
      super(refusal.message(), null, false, false);
      this.refusal = refusal;
    }

    Refusal refusal() {
      return refusal;
    }
  }
}
