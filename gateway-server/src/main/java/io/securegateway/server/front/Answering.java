package io.securegateway.server.front;

import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.trace.TraceContext;
import io.vertx.core.Context;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answer to one request: a JSON body, or a stream of events as soon as something comes before
 * the answer or it takes long. Ends once. Used on its event loop only.
 */
final class Answering {
  private final Exchange exchange;
  private final JsonNode id;
  private final @Nullable JsonNode progressToken;
  private final UnaryOperator<ObjectNode> shape;
  private final Runnable done;
  private final Runnable hurry;
  private final Supplier<MessageStream> streams;
  private @Nullable MessageStream stream;
  private boolean over;
  private boolean parked;
  private @Nullable Answering next;
  private @Nullable Context nextContext;
  private @Nullable Consumer<Answering> late;

  /**
   * @param request the one that is answered
   * @param shape makes a result one of the client's wire
   * @param patience for how long there is no stream for an answer that is not there yet, in
   *     milliseconds
   * @param streams opens the stream, if there is to be one
   * @param done is told once, when the answer is given
   */
  Answering(
      Exchange exchange,
      Message.Request request,
      UnaryOperator<ObjectNode> shape,
      long patience,
      Supplier<MessageStream> streams,
      Runnable done) {
    this.exchange = exchange;
    this.id = request.id();
    this.progressToken = progressToken(request);
    this.shape = shape;
    this.streams = streams;
    this.done = done;
    this.hurry = exchange.later(patience, this::hold);
  }

  /** Where the request's headers say it belongs in a trace. */
  Optional<TraceContext> trace() {
    return TraceContext.ofHeaders(exchange::header);
  }

  private void hold() {
    if (!over && stream == null) {
      stream().open();
    }
  }

  /** Answers that the client is to come back; what follows is for its next request. */
  void park(ObjectNode result) {
    Answering last = next;
    parked = true;
    if (last != null) {
      onNext(answering -> answering.result(result));
      next = null;
    } else {
      end(200, Message.Result.of(id, shape.apply(result)).tree());
    }
  }

  /** The client came back with that request. */
  void follow(Answering again, Context itsContext) {
    next = again;
    nextContext = itsContext;
    Consumer<Answering> missed = late;
    late = null;
    if (missed != null) {
      onNext(missed);
    }
  }

  private void onNext(Consumer<Answering> then) {
    Answering answering = next;
    Context context = nextContext;
    if (answering != null && context != null) {
      context.runOnContext(there -> then.accept(answering));
    }
  }

  /** Tells something before the answer; left out for a client that does not keep up. */
  void tell(Message.Notification notification) {
    if (parked) {
      onNext(answering -> answering.tell(notification));
      return;
    }
    if (!over && !stream().isBehind()) {
      stream().send(notification.tree());
    }
  }

  /** Tells how far the request is, under the token that its client gave; not without one. */
  void progress(ObjectNode params) {
    JsonNode token = progressToken;
    if (parked) {
      onNext(answering -> answering.progress(params));
    } else if (token != null) {
      ObjectNode own = params.deepCopy();
      own.set(Meta.PROGRESS_TOKEN, token);
      tell(Message.Notification.of(Method.PROGRESS, own));
    }
  }

  /** The token under which the client wants to hear how far its request is; null if it does not. */
  static @Nullable JsonNode progressToken(Message.Request request) {
    JsonNode token = request.params().path(Meta.META).path(Meta.PROGRESS_TOKEN);
    return token.isString() || token.isIntegralNumber() ? token : null;
  }

  /** Whether the answer is given: nothing can follow on this stream. */
  boolean isOver() {
    return over;
  }

  /** Asks the client something, on the stream of its request. */
  void ask(Message.Request question) {
    if (!over) {
      stream().send(question.tree());
    }
  }

  /** As {@link Exchange#later}. */
  Runnable later(long millis, Runnable task) {
    return exchange.later(millis, task);
  }

  void result(ObjectNode result) {
    end(200, Message.Result.of(id, shape.apply(result)).tree());
  }

  /** An error in the method: on both wires the message arrived well. */
  void error(RpcCode code, String message) {
    end(200, Message.Failure.of(id, code, message).tree());
  }

  /** An error with a status of its own, if nothing was sent yet. */
  void refuse(int status, RpcCode code, String message) {
    end(status, Message.Failure.of(id, code, message).tree());
  }

  /** An error as a server gave it. */
  void error(ObjectNode error) {
    ObjectNode tree = Message.Failure.of(id, RpcCode.INTERNAL_ERROR, "").tree();
    tree.set("error", error);
    boolean lacks = error.path("code").asLong(0) == RpcCode.CAPABILITY_MISSING.number();
    end(lacks ? 400 : 200, tree);
  }

  /** No answer at all, as for a request that was cancelled. */
  void silence() {
    if (parked) {
      onNext(Answering::silence);
      return;
    }
    if (!over) {
      MessageStream events = stream();
      finish();
      events.open();
      events.end();
    }
  }

  private void end(int status, ObjectNode message) {
    if (over && parked) {
      ObjectNode renamed = message.deepCopy();
      Consumer<Answering> then =
          answering -> {
            renamed.set("id", answering.id);
            answering.end(status, renamed);
          };
      if (next == null) {
        late = then;
      } else {
        onNext(then);
      }
      return;
    }
    if (over) {
      return;
    }
    finish();
    MessageStream events = stream;
    if (events == null) {
      exchange.json(status, message);
    } else {
      events.send(message);
      events.end();
    }
  }

  private void finish() {
    over = true;
    hurry.run();
    done.run();
  }

  private MessageStream stream() {
    MessageStream events = stream;
    if (events == null) {
      events = streams.get();
      stream = events;
    }
    return events;
  }
}
