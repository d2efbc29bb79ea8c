package io.securegateway.server.upstream;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** One loop with an upstream on it, and a clock of the test's own. */
final class Calling implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(20);
  static final Duration SHORT = Duration.ofMillis(300);
  static final int MAX_ANSWER = 64 * 1024;

  final AtomicLong millis = new AtomicLong(1_000);
  private final AtomicInteger keys = new AtomicInteger();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context loop = vertx.getOrCreateContext();
  private final HttpToolUpstream upstream;

  Calling(UpstreamSettings settings) {
    Gate gate = new Gate(millis::get, new Bulkhead(settings.maxConcurrent()));
    upstream =
        get(
            on(
                () ->
                    Future.succeededFuture(
                        new HttpToolUpstream(
                            vertx, settings, ((Wire.Http) settings.wire()).url(), gate))));
  }

  static UpstreamSettings settings(URI url, Duration deadline) {
    return settings(url, deadline, 4, null);
  }

  static UpstreamSettings settings(
      URI url, Duration deadline, int concurrent, UpstreamSettings.@Nullable Credentials key) {
    return new UpstreamSettings(
        "default",
        "tools",
        null,
        new Wire.Http(url),
        List.of(),
        deadline,
        MAX_ANSWER,
        concurrent,
        key,
        Set.of());
  }

  /** Calls a tool once and waits. */
  static UpstreamAnswer once(URI url, Duration deadline) {
    try (Calling calling = new Calling(settings(url, deadline))) {
      return calling.call("t");
    }
  }

  /** Calls a tool under one key and waits. */
  UpstreamAnswer call(String tool) {
    return callAs("key", tool);
  }

  UpstreamAnswer callAs(String key, String tool) {
    return get(start(key, tool, new AtomicReference<>()));
  }

  /**
   * Starts a call, each under another key; the reference then holds what to run when the caller
   * leaves.
   */
  Future<UpstreamAnswer> start(String tool, AtomicReference<Runnable> onGone) {
    return start("key-" + keys.incrementAndGet(), tool, onGone);
  }

  private Future<UpstreamAnswer> start(String key, String tool, AtomicReference<Runnable> onGone) {
    JsonNode arguments = JsonNodeFactory.instance.objectNode().put("a", 1);
    return on(
        () ->
            upstream.call(
                tool,
                new UpstreamCall("id-1", tool, arguments, key, Passing.PLAIN, null),
                onGone::set));
  }

  void onLoop(Runnable work) {
    get(
        on(
            () -> {
              work.run();
              return Future.succeededFuture(true);
            }));
  }

  private <T> Future<T> on(java.util.function.Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    loop.runOnContext(
        go -> {
          try {
            work.get().onComplete(promise);
          } catch (RuntimeException e) {
            promise.fail(e);
          }
        });
    return promise.future();
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(40, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no answer", e);
    }
  }

  @Override
  public void close() {
    get(vertx.close());
  }
}
