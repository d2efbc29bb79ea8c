package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.server.upstream.UpstreamAnswer.Failed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request to a tool server and its answer, within the deadline. The first end counts; whatever
 * comes later finds the request cancelled. Used on its loop only.
 */
final class HttpExchange {
  private final Vertx vertx;
  private final UpstreamSettings settings;
  private final Promise<UpstreamAnswer> promise = Promise.promise();
  private final Buffer body = Buffer.buffer();
  private final long timer;
  private @Nullable HttpClientRequest request;
  private boolean sent;
  private boolean over;

  HttpExchange(Vertx vertx, UpstreamSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    timer =
        vertx.setTimer(
            settings.deadline().toMillis(),
            id -> end(Reason.UPSTREAM_TIMEOUT, Reason.UPSTREAM_TIMEOUT.meaning()));
  }

  Future<UpstreamAnswer> answer() {
    return promise.future();
  }

  /** The connection is there: the call goes out, unless it has ended while it waited. */
  void send(HttpClientRequest ready, Buffer arguments) {
    if (over) {
      ready.reset();
      return;
    }
    request = ready;
    sent = true;
    ready.exceptionHandler(broken -> end(Reason.UPSTREAM_BROKEN, Reason.UPSTREAM_BROKEN.meaning()));
    ready
        .send(arguments)
        .onSuccess(this::read)
        .onFailure(broken -> end(Reason.UPSTREAM_BROKEN, Reason.UPSTREAM_BROKEN.meaning()));
  }

  private void read(HttpClientResponse response) {
    response.exceptionHandler(
        broken -> end(Reason.UPSTREAM_BROKEN, Reason.UPSTREAM_BROKEN.meaning()));
    int status = response.statusCode();
    if (status < 200) {
      // The client waits through 100 and 103 itself. Behind any other interim answer the real one
      // follows, which must not be taken for the answer to the next call: the connection ends.
      end(Reason.UPSTREAM_BROKEN, "The tool's server sent status " + status + " as its answer.");
      return;
    }
    if (status >= 300 && status < 400) {
      end(Reason.UPSTREAM_REDIRECT, Reason.UPSTREAM_REDIRECT.meaning());
      return;
    }
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > settings.maxAnswer()) {
            end(
                Reason.UPSTREAM_TOO_LARGE,
                "The tool's answer is larger than "
                    + settings.maxAnswer()
                    + " bytes (max_answer).");
          } else {
            body.appendBuffer(chunk);
          }
        });
    response.endHandler(
        whole ->
            fulfil(
                ToolAnswer.of(
                    status,
                    response.getHeader("content-type"),
                    response.getHeader("content-encoding"),
                    body.getBytes())));
  }

  /** The caller does not wait any more. */
  void callerLeft() {
    end(Reason.CALLER_GONE, Reason.CALLER_GONE.meaning());
  }

  /** Ends with a failure that says itself what was sent. */
  void fail(Failed failure) {
    fulfil(failure);
  }

  private void end(Reason code, String detail) {
    fulfil(sent ? Failed.sent(code, detail) : Failed.unsent(code, detail));
  }

  private void fulfil(UpstreamAnswer answer) {
    if (over) {
      return;
    }
    over = true;
    vertx.cancelTimer(timer);
    if (request != null
        && answer instanceof Failed failed
        && failed.code() != Reason.UPSTREAM_STATUS) {
      request.reset();
    }
    promise.complete(answer);
  }
}
