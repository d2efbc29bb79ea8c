package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.server.upstream.UpstreamAnswer.Failed;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every call of one upstream passes: its bulkhead, and the circuit breaker of its key, shared
 * by all loops. Each key has a breaker of its own, since a call that makes the server fail may be
 * the key's own doing. Thread-safe.
 */
final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

  private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
  private final LongSupplier millis;
  private final Bulkhead bulkhead;

  /** {@code millis}: a clock that only goes forward. */
  Gate(LongSupplier millis, Bulkhead bulkhead) {
    this.millis = millis;
    this.bulkhead = bulkhead;
  }

  /**
   * What came of a call.
   *
   * @param health what it says of the server
   */
  record Passed(UpstreamAnswer answer, Breaker.Health health) {
    /** Of a server that all callers share. */
    static Passed of(UpstreamAnswer answer) {
      return new Passed(answer, healthIn(answer));
    }

    /** Of one that serves a single caller: it says nothing of the others'. */
    static Passed ofOwn(UpstreamAnswer answer) {
      return new Passed(answer, Breaker.Health.UNKNOWN);
    }

    /** A caller that left, or was not let through, says nothing. */
    private static Breaker.Health healthIn(UpstreamAnswer answer) {
      return switch (answer) {
        case UpstreamAnswer.Answered answered -> Breaker.Health.WELL;
        case Failed failed ->
            switch (failed.code()) {
              case UPSTREAM_CONNECT, UPSTREAM_TIMEOUT, UPSTREAM_BROKEN -> Breaker.Health.ILL;
              case CALLER_GONE, UPSTREAM_BUSY -> Breaker.Health.UNKNOWN;
              default -> Breaker.Health.WELL;
            };
      };
    }
  }

  /**
   * Makes a call when its turn has come; called on the caller's loop, where the future completes,
   * and it never fails.
   *
   * @param key whose share of the places is taken, and whose breaker learns what comes of it
   * @param patience for how long it may wait for its turn
   * @param onGone takes what is to be done when the caller leaves
   * @param call is made on the caller's loop, and takes such a consumer
   */
  Future<UpstreamAnswer> pass(
      Vertx vertx,
      String key,
      Duration patience,
      Consumer<Runnable> onGone,
      Function<Consumer<Runnable>, Future<Passed>> call) {
    Breaker breaker = breakers.computeIfAbsent(key, fresh -> new Breaker(millis));
    if (breaker.isOpen()) {
      return unsent(Reason.UPSTREAM_OPEN);
    }
    Context caller = vertx.getOrCreateContext();
    Promise<Optional<Reason>> turn = Promise.promise();
    Optional<Bulkhead.Ticket> taken =
        bulkhead.enter(key, () -> caller.runOnContext(here -> turn.tryComplete(Optional.empty())));
    if (taken.isEmpty()) {
      return unsent(Reason.UPSTREAM_BUSY);
    }
    Bulkhead.Ticket ticket = taken.get();
    AtomicReference<Runnable> stop =
        new AtomicReference<>(() -> turn.tryComplete(Optional.of(Reason.CALLER_GONE)));
    onGone.accept(() -> caller.runOnContext(here -> stop.get().run()));
    Future<UpstreamAnswer> answer =
        ticket.isAtOnce()
            ? go(breaker, call, stop)
            : later(vertx, patience, turn, () -> go(breaker, call, stop));
    return answer.onComplete(done -> ticket.leave());
  }

  private Future<UpstreamAnswer> later(
      Vertx vertx,
      Duration patience,
      Promise<Optional<Reason>> turn,
      Supplier<Future<UpstreamAnswer>> call) {
    long late =
        vertx.setTimer(
            patience.toMillis(), timer -> turn.tryComplete(Optional.of(Reason.UPSTREAM_BUSY)));
    return turn.future()
        .compose(
            refused -> {
              vertx.cancelTimer(late);
              return refused.map(Gate::unsent).orElseGet(call);
            });
  }

  private Future<UpstreamAnswer> go(
      Breaker breaker,
      Function<Consumer<Runnable>, Future<Passed>> call,
      AtomicReference<Runnable> stop) {
    Breaker.Entry entry = breaker.enter();
    if (entry == Breaker.Entry.OPEN) {
      return unsent(Reason.UPSTREAM_OPEN);
    }
    return made(call, stop)
        .onSuccess(passed -> breaker.leave(entry, passed.health()))
        .map(Passed::answer);
  }

  private static Future<Passed> made(
      Function<Consumer<Runnable>, Future<Passed>> call, AtomicReference<Runnable> stop) {
    try {
      return call.apply(stop::set);
    } catch (RuntimeException e) {
      LOG.error("a call could not be made", e);
      return Future.succeededFuture(
          Passed.ofOwn(Failed.unsent(Reason.UPSTREAM_BROKEN, "The call could not be made.")));
    }
  }

  private static Future<UpstreamAnswer> unsent(Reason code) {
    return Future.succeededFuture(Failed.unsent(code, code.meaning()));
  }
}
