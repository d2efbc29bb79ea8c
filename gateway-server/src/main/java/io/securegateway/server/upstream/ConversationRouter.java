package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * In which conversation with a server an errand is done, so that what the server keeps for one
 * client, or asks it, reaches no other. Used on the upstream's loop only.
 */
final class ConversationRouter {
  private static final int MOST_PROCESSES = 64;
  private static final int MOST_PROCESSES_OF_A_KEY = 16;
  private static final int MOST_SESSIONS = 512;
  private static final int MOST_SESSIONS_OF_A_KEY = 384;

  private final Vertx vertx;
  private final McpClient client;
  private final Conversations conversations;
  private final ResourceWatches watches;
  private final Wire.Protocol protocol;
  private final boolean isProcess;
  private boolean sessionless;
  private @Nullable String first;

  /**
   * @param client the conversation that all share where nothing is kept, and that lists
   * @param transports a new way for each
   * @param told hears what servers tell outside of requests, in any conversation
   * @param changed hears in whose conversation the tools are others
   */
  ConversationRouter(
      Vertx vertx,
      UpstreamSettings settings,
      Wire.Protocol protocol,
      McpClient client,
      Supplier<McpTransport> transports,
      Consumer<Message.Notification> told,
      Consumer<Client> changed) {
    this.vertx = vertx;
    this.client = client;
    this.protocol = protocol;
    this.isProcess = settings.wire() instanceof Wire.McpStdio;
    this.watches = new ResourceWatches(vertx, settings.deadline());
    this.conversations =
        new Conversations(
            vertx,
            isProcess ? MOST_PROCESSES : MOST_SESSIONS,
            isProcess ? MOST_PROCESSES_OF_A_KEY : MOST_SESSIONS_OF_A_KEY,
            own -> opened(own, settings, transports, told, changed));
  }

  /** Another process may be another server: what it offers is found out, and if that changes. */
  private McpClient opened(
      Client own,
      UpstreamSettings settings,
      Supplier<McpTransport> transports,
      Consumer<Message.Notification> told,
      Consumer<Client> changed) {
    boolean stateless = own.isOneOfMany() && isStateless();
    Ration telling = new Ration(500, 100);
    McpClient fresh =
        new McpClient(
            vertx,
            settings,
            stateless ? Wire.Protocol.STATELESS : Wire.Protocol.SESSION,
            transports.get(),
            own,
            notification -> {
              told.accept(notification);
              if (notification.method().equals(Method.TOOLS_CHANGED.text())) {
                changed.accept(own);
              }
              if (telling.take()) {
                own.beside().accept(notification);
              }
            });
    if (isProcess) {
      changed.accept(own);
    }
    if (stateless) {
      fresh.listen();
    }
    return fresh;
  }

  /** A server that speaks both wires, and refused to open sessions, may do so now. */
  void tryAgain() {
    sessionless = false;
  }

  /**
   * A server with sessions is asked in a conversation of the client's own, so that what it keeps
   * for one is seen by no other; a server without keeps nothing, and all share one, or those of a
   * key share a process, so that it dies for nobody else. A client that speaks the wire with
   * sessions and can be asked, or subscribes, is served on that one also by a server that speaks
   * both.
   */
  Future<Answer> ask(Errand errand, Consumer<Runnable> onGone) {
    Client asked = errand.client();
    if (asked == null) {
      return client.ask(errand, onGone);
    }
    boolean subscribes = errand.method().isSubscription();
    boolean own = subscribes || asked.isAskable() || conversations.has(asked.conversation());
    return met()
        .transform(
            greeted -> {
              boolean stateless = greeted.succeeded() && isStateless();
              boolean onOther =
                  own && asked.hasSessions() && protocol == Wire.Protocol.AUTO && !sessionless;
              if (greeted.failed()) {
                return Future.succeededFuture(Unreached.answer(greeted.cause()));
              }
              boolean plain = stateless && !onOther;
              if (plain && !isProcess) {
                return without(client, errand, onGone);
              }
              String key =
                  plain ? asked.principal() : name(asked, errand.method(), own || !isProcess);
              if (key.equals(asked.principal()) && isFirst(key)) {
                return plain ? without(client, errand, onGone) : client.ask(errand, onGone);
              }
              Optional<McpClient> taken =
                  conversations.take(
                      key,
                      key.equals(asked.principal()) ? asked.oneOfMany() : asked.outsideOfCalls());
              if (taken.isEmpty()) {
                return stateless && !isProcess
                    ? without(client, errand, onGone)
                    : Future.succeededFuture(Answer.Nothing.unsent(Reason.UPSTREAM_BUSY));
              }
              if (subscribes) {
                conversations.subscribed(key);
              }
              Future<Answer> answer =
                  plain
                      ? without(taken.get(), errand, onGone)
                      : own(taken.get(), errand, onGone, stateless);
              return answer.onComplete(done -> conversations.leave(key));
            });
  }

  /**
   * The conversation's. Calls of a client without sessions that may be asked something have one
   * each while they are under way: nothing else would tell whose question it is.
   */
  private String name(Client asked, Method method, boolean own) {
    if (!own) {
      return asked.principal();
    }
    return !asked.hasSessions() && asked.isAskable() && method.mayBeAsked()
        ? conversations.free(asked.conversation())
        : asked.conversation();
  }

  /** Whether the client has one of its own. */
  boolean has(Client asked) {
    return conversations.has(asked.conversation());
  }

  /** The server; the end of the process that lists is no matter of those who have their own. */
  private Future<Peer> met() {
    Peer known = client.met();
    return known != null && servesOneOnly() ? Future.succeededFuture(known) : client.peer();
  }

  /** Whether it is the first principal, whose conversation is the one that lists, too. */
  private boolean isFirst(String principal) {
    if (first == null) {
      first = principal;
    }
    return principal.equals(first);
  }

  /** On the wire without sessions. */
  private Future<Answer> without(McpClient server, Errand errand, Consumer<Runnable> onGone) {
    Client asked = errand.client();
    if (asked != null && errand.method().isSubscription()) {
      return watches.ask(server, asked, errand);
    }
    return asked != null && asked.isAskable()
        ? new Rounds(vertx, server, onGone).ask(errand)
        : server.ask(errand, onGone);
  }

  /** {@code orStateless}: whether the server can be asked on the other wire if not on this one. */
  private Future<Answer> own(
      McpClient own, Errand errand, Consumer<Runnable> onGone, boolean orStateless) {
    if (!orStateless) {
      return own.ask(errand, onGone);
    }
    return own.peer()
        .transform(
            greeted -> {
              if (greeted.succeeded()) {
                return own.ask(errand, onGone);
              }
              sessionless = true;
              return ask(errand, onGone);
            });
  }

  /** Whether each conversation is with a process of its own, whose end is nobody else's matter. */
  boolean servesOneOnly() {
    return isProcess && client.met() != null;
  }

  private boolean isStateless() {
    Peer met = client.met();
    return met != null && met.revision().era() == Revision.Era.STATELESS;
  }

  /** A client tells its own conversation something, if the server keeps one for it. */
  void tell(String conversation, Message.Notification told) {
    conversations.find(conversation).ifPresent(own -> own.tell(told));
  }

  /** That client will not come again. */
  void end(String conversation) {
    conversations.end(conversation);
    watches.end(conversation);
  }

  void close() {
    conversations.close();
    watches.close();
  }
}
