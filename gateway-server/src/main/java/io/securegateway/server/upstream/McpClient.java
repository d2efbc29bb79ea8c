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

  private final Vertx vertx;
  private final String name;
  private final Duration deadline;
  private final McpTransport transport;
  private final Greeting greeting;
  private final @Nullable Client own;
  private final Consumer<Message.Notification> told;
  private final Questions questions;
  private final Requests requests;
  private final Map<Long, Asking> open = new HashMap<>();
  private final Listeners listeners = new Listeners();
  private @Nullable Future<Peer> peer;
  private volatile @Nullable Peer met;
  private int losses;
  private boolean closed;

  /** {@code own}: whose conversation it is; null if it is not one client's. */
  McpClient(
      Vertx vertx,
      UpstreamSettings settings,
      Wire.Protocol protocol,
      McpTransport transport,
      @Nullable Client own,
      Consumer<Message.Notification> told) {
    this.vertx = vertx;
    this.name = settings.name();
    this.deadline = settings.deadline();
    this.transport = transport;
    this.own = own;
    this.told = told;
    this.requests = new Requests(vertx, deadline, transport, this::heard);
    this.greeting =
        new Greeting(
            protocol,
            own == null ? JsonNodeFactory.instance.objectNode() : own.capabilities(),
            requests::sendShort,
            transport);
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
      known = greeting.greet().compose(this::settled);
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
   * A server that asks its client something as soon as it is greeted has its answer before it is
   * asked anything itself, as with a client that comes by itself. Only where all comes in order can
   * be seen that it asks.
   */
  private Future<Peer> settled(Peer found) {
    if (!isAskable() || found.revision().era() == Era.STATELESS || !transport.isOrdered()) {
      return Future.succeededFuture(found);
    }
    int before = losses;
    return requests
        .sendShort(Method.PING, JsonNodeFactory.instance.objectNode(), found.revision())
        .compose(pong -> questions.settled())
        .compose(
            done ->
                losses == before
                    ? Future.succeededFuture(found)
                    : Future.failedFuture(
                        new Unreached(Answer.Nothing.unsent(Reason.UPSTREAM_CONNECT))));
  }

  private boolean isAskable() {
    Client one = own;
    return one != null && one.isAskable();
  }

  /**
   * Asks, within the upstream's deadline; after a lost session once more, since then the request
   * was not taken. The future never fails.
   *
   * @param onGone takes what is to be done when the caller leaves
   */
  Future<Answer> ask(Errand errand, Consumer<Runnable> onGone) {
    Promise<Answer> promise = Promise.promise();
    Asking going = new Asking(errand, promise, requests.next());
    open.put(going.id, going);
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
    long id = requests.next();
    Listening listening = new Listening(ear, () -> requests.abandon(id, "not wanted any more"));
    if (known == null || !known.succeeded() || known.result().revision().era() != Era.STATELESS) {
      listening.over();
      return listening;
    }
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.set("notifications", wanted);
    listeners.begin(
        id,
        listening,
        requests.send(
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
    private long id;
    private int asked;
    private boolean sent;
    private boolean over;

    Asking(Errand errand, Promise<Answer> promise, long id) {
      this.errand = errand;
      this.promise = promise;
      this.id = id;
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
                id = requests.next();
                open.put(id, this);
                sent = true;
                requests
                    .send(
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
      asked += asking ? 1 : -1;
      if (asked == 0 && !over) {
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
      end(sent ? Answer.Nothing.sent(code) : Answer.Nothing.unsent(code));
      if (sent) {
        requests.abandon(id, why);
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

  private void heard(Message message) {
    switch (message) {
      case Message.Notification notification
          when notification.method().equals(Method.PROGRESS.text()) ->
          progress(notification);
      case Message.Notification notification when listeners.take(notification) ->
          LOG.trace("{} told listeners", name);
      case Message.Notification notification
          when notification.method().equals(Method.LOG.text())
              && latest() instanceof Asking cause ->
          cause.tell(notification);
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

  /**
   * Whose client hears, or is asked, what comes on no stream of a request while some are under way;
   * all are of one key, and those that can be asked of one client. What the gateway itself asks in
   * its name is none of its requests.
   */
  private @Nullable Asking latest() {
    Asking latest = null;
    for (Asking asking : open.values()) {
      if (asking.asks() != ServerRequests.NOBODY && (latest == null || asking.id > latest.id)) {
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
    Client one = own;
    if (one == null || !one.isAskable()) {
      questions.take(request, ServerRequests.NOBODY, waits -> {});
    } else if (cause == null) {
      questions.take(request, one.between(), waits -> {});
    } else {
      questions.take(request, cause.asks(), cause::wait);
    }
  }

  /** The process ended; a greeting that is under way goes on with the next one. */
  private void lost() {
    losses++;
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
