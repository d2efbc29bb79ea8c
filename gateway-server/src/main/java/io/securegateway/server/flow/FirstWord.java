package io.securegateway.server.flow;

import io.securegateway.core.event.Event;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.upstream.Client;
import io.securegateway.server.upstream.Passing;
import io.securegateway.server.upstream.ServerRequests;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets nothing of an answer out before the journal has it that the call streams: from then on its
 * session is touched by the tool. What the journal cannot take is not told, and not asked. One for
 * a call; used on the call's loop.
 */
final class FirstWord {
  private final Bench bench;
  private final String callId;
  private final Context context;
  private @Nullable Future<Void> recorded;

  FirstWord(Bench bench, String callId, Context context) {
    this.bench = bench;
    this.callId = callId;
    this.context = context;
  }

  /** The same, with everything behind the record that is told or asked before the result. */
  Passing before(Passing passing) {
    Client client = passing.client();
    return passing.with(
        client == null ? null : client.with(new Questions(client.asks())),
        told -> {
          if (passing.hears(told)) {
            recorded().onSuccess(done -> passing.told().accept(told));
          }
        });
  }

  /** Completes, always well, when nothing is held back any more; the result is told after it. */
  Future<Void> told() {
    Future<Void> known = recorded;
    return known == null ? Future.succeededFuture() : known.otherwiseEmpty();
  }

  /** Completes on the loop, so that what waits for it goes on in the order in which it came. */
  private Future<Void> recorded() {
    Future<Void> known = recorded;
    if (known == null) {
      Promise<Void> promise = Promise.promise();
      bench
          .close(new Event.CallStreamed(callId))
          .durable()
          .whenComplete(
              (done, failure) ->
                  context.runOnContext(
                      here -> {
                        if (failure == null) {
                          promise.complete();
                        } else {
                          promise.fail(failure);
                        }
                      }));
      known = promise.future();
      recorded = known;
    }
    return known;
  }

  /** Questions to the client, from any thread. */
  private final class Questions implements ServerRequests {
    private final ServerRequests asks;

    Questions(ServerRequests asks) {
      this.asks = asks;
    }

    @Override
    public Future<Message> answer(Message.Request request) {
      return behind(who -> who.answer(request));
    }

    @Override
    public Future<Map<String, Message>> answer(Map<String, Message.Request> requests) {
      return behind(who -> who.answer(requests));
    }

    private <T> Future<T> behind(Function<ServerRequests, Future<T>> question) {
      Promise<T> promise = Promise.promise();
      context.runOnContext(
          here ->
              recorded()
                  .transform(done -> question.apply(done.succeeded() ? asks : NOBODY))
                  .onComplete(promise));
      return promise.future();
    }
  }
}
