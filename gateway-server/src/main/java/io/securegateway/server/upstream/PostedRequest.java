package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.MessageReader;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.mcp.SseReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * One POSTed request and all that comes back for it: a JSON answer, or a stream that holds it,
 * taken up again where it broke if the server numbers its events. Used on its loop only.
 */
final class PostedRequest {
  private static final Logger LOG = LoggerFactory.getLogger(PostedRequest.class);
  private static final int MAX_RESUMES = 20;
  private static final long RETRY_MS = 1_000;
  private static final long LONGEST_RETRY_MS = 30_000;

  private final StreamableHttp transport;
  private final long id;
  private final Consumer<Message> others;
  private final Promise<Answer> promise = Promise.promise();
  private @Nullable HttpClientRequest request;
  private @Nullable String lastEvent;
  private long retry = RETRY_MS;
  private int resumes;
  private int status;
  private boolean over;

  PostedRequest(StreamableHttp transport, long id, Consumer<Message> others) {
    this.transport = transport;
    this.id = id;
    this.others = others;
  }

  Future<Answer> answer() {
    return promise.future();
  }

  void send(HttpClientRequest ready, Buffer body) {
    if (over) {
      ready.reset();
      return;
    }
    request = ready;
    ready.exceptionHandler(broken -> broken());
    ready.send(body).onSuccess(this::read).onFailure(broken -> broken());
  }

  private void read(HttpClientResponse response) {
    response.exceptionHandler(broken -> broken());
    status = response.statusCode();
    String encoding = response.getHeader("content-encoding");
    if (status >= 300 && status < 400) {
      end(
          new Answer.Nothing(
              Reason.UPSTREAM_REDIRECT, Reason.UPSTREAM_REDIRECT.meaning(), true, status));
      return;
    }
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      malformed("it has a content encoding that was not asked for");
      return;
    }
    boolean well = status == 200;
    if (well) {
      transport.session(response.getHeader(Meta.SESSION_HEADER));
    }
    if (well && is(response, "text/event-stream")) {
      events(response);
    } else {
      whole(response);
    }
  }

  private static boolean is(HttpClientResponse response, String type) {
    String sent = response.getHeader("content-type");
    if (sent == null) {
      return false;
    }
    int end = sent.indexOf(';');
    return (end < 0 ? sent : sent.substring(0, end)).strip().toLowerCase(Locale.ROOT).equals(type);
  }

  private void whole(HttpClientResponse response) {
    Buffer body = Buffer.buffer();
    boolean json = is(response, "application/json");
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > transport.settings().maxAnswer()) {
            tooLarge();
          } else {
            body.appendBuffer(chunk);
          }
        });
    response.endHandler(end -> judged(json, body.getBytes()));
  }

  private void judged(boolean json, byte[] body) {
    if (over) {
      return;
    }
    MessageReader.Read read = json && body.length > 0 ? MessageReader.read(body) : null;
    if ((status == 404 && transport.hasSession())
        || (status == 400 && transport.isGreeted() && forgets(read))) {
      end(new Answer.SessionGone());
    } else if (read instanceof MessageReader.Taken(Message message)) {
      heard(message);
      if (!over) {
        malformed("it is no answer to this request");
      }
    } else if (status != 200) {
      end(
          new Answer.Nothing(
              Reason.UPSTREAM_STATUS,
              "The tool's server answered with status " + status + ".",
              true,
              status));
    } else {
      malformed(
          read instanceof MessageReader.Refused refused
              ? refused.reason()
              : "it is neither JSON nor an event stream");
    }
  }

  /**
   * Servers on older SDKs say of a session they do not know that the request is bad; so does one
   * that had no sessions when it was greeted, and was replaced by one that has.
   */
  private static boolean forgets(MessageReader.@Nullable Read read) {
    return read instanceof MessageReader.Taken(Message.Failure failure)
        && RpcCode.of(failure.code())
            .filter(code -> code == RpcCode.SERVER_ERROR || code == RpcCode.SESSION_UNKNOWN)
            .isPresent();
  }

  private void events(HttpClientResponse response) {
    SseReader reader = new SseReader(transport.settings().maxAnswer(), this::event);
    response.handler(
        chunk -> {
          if (!over && !reader.take(chunk.getBytes())) {
            tooLarge();
          }
        });
    response.endHandler(end -> broken());
  }

  private void event(SseReader.Event event) {
    event.id().ifPresent(named -> lastEvent = named);
    event.retry().ifPresent(millis -> retry = Math.min(LONGEST_RETRY_MS, Math.max(10, millis)));
    if (over || event.data().length == 0) {
      return;
    }
    switch (MessageReader.read(event.data())) {
      case MessageReader.Taken taken -> heard(taken.message());
      case MessageReader.Refused refused -> malformed(refused.reason());
    }
  }

  private void heard(Message message) {
    switch (message) {
      case Message.Result result when isOurs(result.id()) -> end(new Answer.Said(result, status));
      case Message.Failure failure when failure.id() == null || isOurs(failure.id()) ->
          end(new Answer.Declined(failure, status));
      case Message.Result result -> LOG.debug("an answer to nothing was dropped");
      case Message.Failure failure -> LOG.debug("an error about nothing was dropped");
      case Message.Request asked -> others.accept(asked);
      case Message.Notification told -> others.accept(told);
    }
  }

  private boolean isOurs(@Nullable JsonNode other) {
    return other != null && other.isIntegralNumber() && other.longValue() == id;
  }

  /** The stream ended without the answer: it is taken up where it broke, if that can be said. */
  private void broken() {
    if (over) {
      return;
    }
    request = null;
    String from = lastEvent;
    if (from == null || !transport.resumes() || ++resumes > MAX_RESUMES) {
      end(
          new Answer.Nothing(
              Reason.UPSTREAM_BROKEN, Reason.UPSTREAM_BROKEN.meaning(), true, status));
      return;
    }
    transport.vertx().setTimer(retry, timer -> resume(from));
  }

  private void resume(String from) {
    if (over) {
      return;
    }
    transport
        .get(from)
        .onSuccess(
            ready -> {
              if (over) {
                ready.reset();
                return;
              }
              request = ready;
              ready
                  .send()
                  .onFailure(broken -> broken())
                  .onSuccess(
                      response -> {
                        response.exceptionHandler(broken -> broken());
                        if (response.statusCode() == 200 && is(response, "text/event-stream")) {
                          events(response);
                        } else {
                          lastEvent = null;
                          broken();
                        }
                      });
            })
        .onFailure(failure -> broken());
  }

  private void tooLarge() {
    end(
        new Answer.Nothing(
            Reason.UPSTREAM_TOO_LARGE,
            "The tool's answer is larger than "
                + transport.settings().maxAnswer()
                + " bytes (max_answer).",
            true,
            status));
  }

  private void malformed(String why) {
    end(
        new Answer.Nothing(
            Reason.UPSTREAM_MALFORMED,
            "The server's answer is no message of its protocol: " + why,
            true,
            status));
  }

  /** Nobody waits any more. */
  void abandon() {
    end(Answer.Nothing.sent(Reason.CALLER_GONE));
  }

  /** Ends it, if it has not ended yet. */
  void end(Answer answer) {
    if (over) {
      return;
    }
    over = true;
    HttpClientRequest sent = request;
    boolean clean = answer instanceof Answer.Said || answer instanceof Answer.Declined;
    if (sent != null && !clean) {
      sent.reset();
    }
    promise.complete(answer);
  }
}
