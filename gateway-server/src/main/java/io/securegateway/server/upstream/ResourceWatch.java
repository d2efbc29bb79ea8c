package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one client hears of the resources of a server without sessions: one stream with all of their
 * addresses. It is opened anew when they change, the new one before the old one ends, and when the
 * server ends it. Used on the upstream's loop only.
 */
final class ResourceWatch {
  /** Addresses that come together go on one stream. */
  private static final long SOON_MS = 10;

  private static final long FIRST_RETRY_MS = 1_000;
  private static final long LONGEST_RETRY_MS = 60_000;

  private final Vertx vertx;
  private final Duration deadline;
  private final McpClient server;
  private final Consumer<Message.Notification> ear;
  private final NextTime next;
  private final Set<String> wanted = new LinkedHashSet<>();
  private final Map<String, Promise<Answer>> waiting = new HashMap<>();
  private @Nullable Listening current;
  private boolean closed;
  private long retry = FIRST_RETRY_MS;

  ResourceWatch(
      Vertx vertx, Duration deadline, McpClient server, Consumer<Message.Notification> ear) {
    this.vertx = vertx;
    this.deadline = deadline;
    this.server = server;
    this.ear = ear;
    this.next = new NextTime(vertx, this::open);
  }

  /** Whether the server tells of that address from here on. */
  Future<Answer> join(String address) {
    if (wanted.contains(address) && !waiting.containsKey(address)) {
      return Future.succeededFuture(done());
    }
    wanted.add(address);
    Promise<Answer> promise = waiting.computeIfAbsent(address, fresh -> Promise.promise());
    next.in(SOON_MS);
    return promise.future();
  }

  /** Nothing of that address any more; true if nothing is left, which ends it all. */
  boolean leave(String address) {
    wanted.remove(address);
    if (wanted.isEmpty()) {
      close();
    } else {
      next.in(SOON_MS);
    }
    return closed;
  }

  static Answer done() {
    return new Answer.Said(
        Message.Result.of(
            JsonNodeFactory.instance.numberNode(0), JsonNodeFactory.instance.objectNode()),
        200);
  }

  private void open() {
    if (closed || wanted.isEmpty()) {
      return;
    }
    Set<String> asked = Set.copyOf(wanted);
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    ArrayNode addresses = params.putArray("resourceSubscriptions");
    wanted.forEach(addresses::add);
    server
        .peer()
        .onFailure(why -> failed(asked, Unreached.answer(why)))
        .onSuccess(greeted -> listen(asked, server.listen(params, told -> heard(asked, told))));
  }

  private void listen(Set<String> asked, Listening fresh) {
    long late = vertx.setTimer(deadline.toMillis(), timer -> fresh.stop());
    fresh
        .granted()
        .onComplete(
            done -> {
              vertx.cancelTimer(late);
              if (closed) {
                fresh.stop();
              } else if (done.succeeded()) {
                granted(asked, fresh, done.result().path("resourceSubscriptions"));
              } else {
                failed(asked, Answer.Nothing.sent(Reason.UPSTREAM_TIMEOUT));
              }
            });
  }

  private void granted(Set<String> asked, Listening fresh, JsonNode addresses) {
    retry = FIRST_RETRY_MS;
    Listening old = current;
    current = fresh;
    if (old != null) {
      old.stop();
    }
    fresh
        .ended()
        .onSuccess(
            ended -> {
              if (current == fresh && !closed) {
                current = null;
                again();
              }
            });
    Set<String> told = new HashSet<>();
    addresses.forEach(address -> told.add(address.asString("")));
    for (String address : asked) {
      Promise<Answer> promise = waiting.remove(address);
      if (!told.contains(address)) {
        wanted.remove(address);
      }
      if (promise != null) {
        promise.tryComplete(told.contains(address) ? done() : declined());
      }
    }
  }

  private static Answer declined() {
    return new Answer.Declined(
        Message.Failure.of(
            null, RpcCode.INVALID_PARAMS, "The server does not tell of this resource."),
        200);
  }

  /** Those who wait are told; what was granted before is asked for again later. */
  private void failed(Set<String> asked, Answer why) {
    for (String address : asked) {
      Promise<Answer> promise = waiting.remove(address);
      if (promise != null) {
        wanted.remove(address);
        promise.tryComplete(why);
      }
    }
    if (current == null) {
      again();
    }
  }

  private void again() {
    if (!wanted.isEmpty()) {
      next.in(retry);
      retry = Math.min(LONGEST_RETRY_MS, retry * 2);
    }
  }

  /** Under the gateway's id for it; the client has another one, or none. */
  private void heard(Set<String> asked, Message.Notification told) {
    String address = told.params().path("uri").asString("");
    if (closed
        || !told.method().equals(Method.RESOURCE_UPDATED.text())
        || !asked.contains(address)
        || !wanted.contains(address)) {
      return;
    }
    ObjectNode params = told.params().deepCopy();
    if (params.path(Meta.META) instanceof ObjectNode meta) {
      meta.remove(Meta.SUBSCRIPTION);
      if (meta.isEmpty()) {
        params.remove(Meta.META);
      }
    }
    ear.accept(Message.Notification.of(Method.RESOURCE_UPDATED, params));
  }

  void close() {
    closed = true;
    wanted.clear();
    Listening now = current;
    if (now != null) {
      now.stop();
    }
    waiting
        .values()
        .forEach(promise -> promise.tryComplete(Answer.Nothing.unsent(Reason.UPSTREAM_BROKEN)));
    waiting.clear();
  }
}
