package io.securegateway.server.front;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Revision;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Questions on the stateless wire: the request is answered with {@code input_required} and goes on
 * when its client sends it again with answers. Questions that come while the client is away are for
 * the next round. Used on the event loop of the first request.
 */
final class ParkedQuestions implements Delivery {
  /** How long a client may take to come back. */
  private static final long PATIENCE_MS = TimeUnit.MINUTES.toMillis(10);

  /** What a server asks at once, in messages of their own, is one round. */
  private static final long TOGETHER_MS = 20;

  private final Turn turn;
  private final Parking parking;
  private final Map<String, Open> open = new LinkedHashMap<>();
  private int unsettled;
  private boolean isGathering;
  private boolean isAway;
  private @Nullable Runnable hurry;

  private record Open(Message.Request question, Promise<Message> answer) {}

  ParkedQuestions(Turn turn, Parking parking) {
    this.turn = turn;
    this.parking = parking;
  }

  @Override
  public void begin(int questions) {
    unsettled += questions;
  }

  @Override
  public Future<Message> deliver(String name, Message.Request question, Consumer<Runnable> onGone) {
    Promise<Message> promise = Promise.promise();
    onGone.accept(() -> promise.tryFail("the call is over"));
    open.put(name, new Open(question, promise));
    withdraw();
    return promise.future();
  }

  @Override
  public void withdraw() {
    unsettled--;
    if (!isGathering && !isAway && unsettled == 0 && !open.isEmpty()) {
      isGathering = true;
      turn.answering().later(TOGETHER_MS, this::gathered);
    }
  }

  private void gathered() {
    isGathering = false;
    forgetSettled();
    if (unsettled == 0 && !open.isEmpty() && !turn.departure().gone()) {
      send();
    }
  }

  private void send() {
    Optional<String> state = parking.park(turn, this);
    if (state.isEmpty()) {
      open.values().forEach(one -> one.answer().tryFail("too many requests wait for answers"));
      open.clear();
      return;
    }
    isAway = true;
    hurry =
        turn.answering()
            .later(
                PATIENCE_MS,
                () -> {
                  parking.leave(state.get());
                  turn.departure().leave();
                });
    turn.departure().onGone(() -> parking.leave(state.get()));
    ObjectNode result = JsonNodeFactory.instance.objectNode().put("resultType", "input_required");
    ObjectNode requests = result.putObject("inputRequests");
    open.forEach(
        (name, one) -> {
          ObjectNode request = requests.putObject(name).put("method", one.question().method());
          ObjectNode params = Shapes.question(Revision.Era.STATELESS, one.question());
          if (!params.isEmpty()) {
            request.set("params", params);
          }
        });
    turn.answering().park(result.put("requestState", state.get()));
  }

  /** The client came back; called from any thread. What it did not answer is asked again. */
  void resume(Turn again) {
    JsonNode responses = again.params().path("inputResponses");
    turn.context()
        .runOnContext(
            here -> {
              Runnable timer = hurry;
              if (timer != null) {
                timer.run();
              }
              isAway = false;
              turn.answering().follow(again.answering(), again.context());
              again
                  .departure()
                  .onGone(() -> turn.context().runOnContext(gone -> turn.departure().leave()));
              for (String name : java.util.List.copyOf(open.keySet())) {
                if (responses.path(name) instanceof ObjectNode answer) {
                  Open one = open.remove(name);
                  if (one != null) {
                    one.answer().tryComplete(Message.Result.of(one.question().id(), answer));
                  }
                }
              }
              forgetSettled();
              if (!open.isEmpty()) {
                send();
              }
            });
  }

  /** What the server does not wait for any more is not asked. */
  private void forgetSettled() {
    open.values().removeIf(one -> one.answer().future().isComplete());
  }
}
