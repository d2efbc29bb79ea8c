package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.Revision.Era;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A conversation with an MCP server: greets it on the wire it speaks, greets it again when the
 * session was lost, gives every request an id and a deadline. Used on its loop only.
 */
final class McpClient {
  private static final Logger LOG = LoggerFactory.getLogger(McpClient.class);
  private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

  private final Vertx vertx;
  private final String name;
  private final Duration deadline;
  private final McpTransport transport;
  private final Greeting greeting;
  private final ObjectNode abilities;
  private final Consumer<Message.Notification> told;
  private final Questions questions;
  private final Map<Long, Asking> open = new HashMap<>();
  private final Listeners listeners = new Listeners();
  private @Nullable Future<Peer> peer;
  private volatile @Nullable Peer met;
  private long lastId;
  private boolean closed;

  /** {@code abilities}: what a server with sessions is told that its client can. */
  McpClient(
      Vertx vertx,
      UpstreamSettings settings,
      Wire.Protocol protocol,
      McpTransport transport,
      ObjectNode abilities,
      Consumer<Message.Notification> told) {
    this.vertx = vertx;
    this.name = settings.name();
    this.deadline = settings.deadline();
    this.transport = transport;
    this.abilities = abilities;
    this.told = told;
    this.greeting = new Greeting(protocol, abilities, this::exchange, transport);
    this.questions = new Questions(vertx, name, transport);
    transport.ear(this::heard, this::lost);
  }

  /** What the server said last of itself; null if it was never greeted. From any thread. */
  @Nullable Peer met() {
    return met;
  }

  /** The server, greeted; fails with {@link Unreached}. */
  Future<Peer> peer() {
    if (closed) {
      return Future.failedFuture(new Unreached(Answer.Nothing.unsent(Reason.UPSTREAM_CONNECT)));
    }
    Future<Peer> known = peer;
    if (known == null || known.failed()) {
      known = greeting.greet();
      peer = known;
      known
          .onSuccess(
              found -> {
                met = found;
                LOG.info("{} speaks MCP {}", name, found.revision().text());
              })
          .onFailure(why -> LOG.info("{} was not reached: {}", name, why.getMessage()));
    }
    return known;
  }

  /**
   * Asks, within the upstream's deadline; after a lost session once more, since then the request
   * was not taken. The future never fails.
   *
   * @param onGone takes what is to be done when the caller leaves
   */
  Future<Answer> ask(Errand errand, Consumer<Runnable> onGone) {
    Promise<Answer> promise = Promise.promise();
    Asking going = new Asking(errand, promise);
    onGone.accept(() -> going.stop(Reason.CALLER_GONE, "The caller does not wait any more."));
    going.timer =
        vertx.setTimer(
            deadline.toMillis(), timer -> going.stop(Reason.UPSTREAM_TIMEOUT, "deadline"));
    going.send(true);
    return promise.future();
  }

  /**
   * On the stateless wire: asks to be told when lists change, for as long as the server keeps the
   * stream. Completes when it has ended; at once if the server does not offer it. Never fails.
   */
  Future<Void> listen() {
    return peer()
        .compose(
            found -> {
              ObjectNode wanted = Notices.wanted(found.capabilities());
              return wanted.isEmpty() ? Future.succeededFuture() : listen(wanted, told).ended();
            })
        .otherwiseEmpty();
  }

  /**
   * Listens to a server that is greeted and speaks the stateless wire.
   *
   * @param wanted what it is to tell of
   * @param ear hears it
   */
  Listening listen(ObjectNode wanted, Consumer<Message.Notification> ear) {
    Future<Peer> known = peer;
    long id = ++lastId;
    Listening listening = new Listening(ear, () -> abandon(id, "not wanted any more"));
    if (known == null || !known.succeeded() || known.result().revision().era() != Era.STATELESS) {
      listening.over();
      return listening;
    }
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.set("notifications", wanted);
    listeners.begin(
        id,
        listening,
        exchange(
            id, Method.LISTEN, params, Map.of(), known.result().revision(), null, this::heard));
    return listening;
  }

  /** Tells the server something, if it is greeted. */
  void tell(Message message) {
    if (isGreeted()) {
      transport.tell(message);
    }
  }

  /** A request of the bridge itself. */
  Future<Answer> ask(Method method, ObjectNode params) {
    return ask(new Errand(method, params, Map.of(), false, null, null, told -> {}), onGone -> {});
  }

  /** One request from the first word to the answer. */
  private final class Asking {
    private final Errand errand;
    private final Promise<Answer> promise;
    private long timer;
    private long id = -1;
    private boolean over;

    Asking(Errand errand, Promise<Answer> promise) {
      this.errand = errand;
      this.promise = promise;
    }

    void send(boolean first) {
      Future<Peer> greeted = peer();
      greeted
          .onFailure(why -> end(Unreached.answer(why)))
          .onSuccess(
              found -> {
                if (over) {
                  return;
                }
                open.remove(id);
                id = ++lastId;
                open.put(id, this);
                exchange(
                        id,
                        errand.method(),
                        params(found.revision()),
                        errand.mirrored(),
                        found.revision(),
                        errand.client(),
                        this::beside)
                    .onSuccess(
                        answer -> {
                          if (answer instanceof Answer.SessionGone && first && !over) {
                            forget(greeted);
                            send(false);
                          } else {
                            end(answer);
                          }
                        });
              });
    }

    private ObjectNode params(Revision revision) {
      ObjectNode params = errand.params().deepCopy();
      if (errand.wantsProgress()) {
        Envelope.meta(params).put(Meta.PROGRESS_TOKEN, id);
      }
      if (errand.logLevel() != null && revision.era() == Era.STATELESS) {
        Envelope.meta(params).put(Meta.LOG_LEVEL, errand.logLevel());
      }
      return params;
    }

    /** What comes on the request's own stream. */
    private void beside(Message message) {
      if (message instanceof Message.Notification notification
          && notification.method().equals(Method.LOG.text())) {
        tell(notification);
      } else if (message instanceof Message.Request request) {
        answer(request, this);
      } else {
        heard(message);
      }
    }

    private ServerRequests asks() {
      Client client = errand.client();
      return client == null ? ServerRequests.NOBODY : client.asks();
    }

    /** People take their time: the deadline waits while somebody is asked. */
    private void wait(boolean asking) {
      vertx.cancelTimer(timer);
      if (!asking && !over) {
        timer =
            vertx.setTimer(deadline.toMillis(), late -> stop(Reason.UPSTREAM_TIMEOUT, "deadline"));
      }
    }

    private void tell(Message.Notification notification) {
      if (!over) {
        errand.told().accept(notification);
      }
    }

    void stop(Reason code, String why) {
      if (over) {
        return;
      }
      boolean sent = id >= 0;
      end(sent ? Answer.Nothing.sent(code) : Answer.Nothing.unsent(code));
      if (sent) {
        abandon(id, why);
      }
    }

    private void end(Answer answer) {
      if (!over) {
        over = true;
        open.remove(id);
        vertx.cancelTimer(timer);
        promise.complete(answer);
      }
    }
  }

  /** Nobody waits for the answer to that request any more. */
  private void abandon(long id, String why) {
    if (!transport.cancelsByClosing()) {
      ObjectNode params = JsonNodeFactory.instance.objectNode();
      params.put("requestId", id).put("reason", why);
      transport.tell(Message.Notification.of(Method.CANCELLED, params));
    }
    transport.abandon(id);
  }

  /** For the greeting, which asks before a revision is agreed on. */
  private Future<Answer> exchange(Method method, ObjectNode params, Revision revision) {
    long id = ++lastId;
    Promise<Answer> promise = Promise.promise();
    long timer =
        vertx.setTimer(
            Math.min(10_000, deadline.toMillis()),
            late -> {
              transport.abandon(id);
              promise.tryComplete(Answer.Nothing.unsent(Reason.UPSTREAM_TIMEOUT));
            });
    exchange(id, method, params, Map.of(), revision, null, this::heard)
        .onSuccess(
            answer -> {
              vertx.cancelTimer(timer);
              promise.tryComplete(answer);
            });
    return promise.future();
  }

  private Future<Answer> exchange(
      long id,
      Method method,
      ObjectNode params,
      Map<String, String> mirrored,
      Revision revision,
      @Nullable Client client,
      Consumer<Message> beside) {
    ObjectNode sent = params;
    Map<String, String> headers = Map.of();
    if (revision.era() == Era.STATELESS) {
      sent = params.deepCopy();
      Envelope.put(sent, revision, client == null ? NOTHING : client.capabilities());
      headers = Envelope.headers(method, revision, mirrored);
    }
    return transport.request(
        Message.Request.of(JsonNodeFactory.instance.numberNode(id), method, sent), headers, beside);
  }

  private void heard(Message message) {
    switch (message) {
      case Message.Notification notification
          when notification.method().equals(Method.PROGRESS.text()) ->
          progress(notification);
      case Message.Notification notification when listeners.take(notification) ->
          LOG.trace("{} told listeners", name);
      case Message.Notification notification -> told.accept(notification);
      case Message.Request request -> answer(request, latest());
      case Message.Result result -> LOG.debug("{} answered what was not asked", name);
      case Message.Failure failure -> LOG.debug("{} refused what was not asked", name);
    }
  }

  /** Belongs to the request whose token it bears, if that asked for it; else to nobody. */
  private void progress(Message.Notification notification) {
    JsonNode token = notification.params().path(Meta.PROGRESS_TOKEN);
    Asking asking = token.isIntegralNumber() ? open.get(token.longValue()) : null;
    if (asking != null && asking.errand.wantsProgress()) {
      asking.tell(notification);
    }
  }

  /** Whose client is asked what comes on no stream of a request; all have the same one. */
  private @Nullable Asking latest() {
    Asking latest = null;
    for (Asking asking : open.values()) {
      if (asking.errand.client() != null && (latest == null || asking.id > latest.id)) {
        latest = asking;
      }
    }
    return latest;
  }

  private void answer(Message.Request request, @Nullable Asking cause) {
    Future<Peer> known = peer;
    if (known != null && known.succeeded() && known.result().revision().era() == Era.STATELESS) {
      LOG.debug("{} asked on the stateless wire; dropped", name);
      return;
    }
    Asking asked = abilities.isEmpty() ? null : cause;
    if (asked == null) {
      questions.take(request, ServerRequests.NOBODY, waits -> {});
    } else {
      questions.take(request, asked.asks(), asked::wait);
    }
  }

  /** The process ended; a greeting that is under way goes on with the next one. */
  private void lost() {
    Future<Peer> known = peer;
    if (known != null && known.isComplete()) {
      peer = null;
    }
  }

  /** That session is over; one that was opened since stays. */
  private void forget(Future<Peer> gone) {
    if (peer == gone) {
      peer = null;
      transport.reset();
    }
  }

  /** Whether the server is greeted now. */
  boolean isGreeted() {
    Future<Peer> known = peer;
    return known != null && known.succeeded();
  }

  /** Its client will not come again: the calls under way end, through no fault of the server. */
  void leave() {
    List.copyOf(open.values())
        .forEach(asking -> asking.stop(Reason.CALLER_GONE, "The caller has left."));
    close();
  }

  void close() {
    closed = true;
    peer = null;
    questions.close();
    transport.close();
  }
}
