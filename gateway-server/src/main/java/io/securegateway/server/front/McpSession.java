package io.securegateway.server.front;

import io.securegateway.api.Caller;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.upstream.Client;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A session of the session wire, which is also the policy's session. It belongs to one key of one
 * project. Thread-safe.
 */
final class McpSession {
  private static final int MOST_SUBSCRIBED = 1_000;
  private static final int MOST_ELICITED = 100;
  private static final String OWN = "gateway";
  private static final Message.Notification NO_NEWS =
      Message.Notification.of(Method.RESOURCE_UPDATED, JsonNodeFactory.instance.objectNode());

  private final String id;
  private final Caller caller;
  private final String key;
  private final Revision revision;
  private final ObjectNode capabilities;
  private final @Nullable String client;
  private final Map<JsonNode, Runnable> underWay = new ConcurrentHashMap<>();
  private final Map<String, Consumer<Message>> questions = new ConcurrentHashMap<>();
  private final AtomicLong asked = new AtomicLong();
  private final Set<String> elicited = Collections.synchronizedSet(new LinkedHashSet<>());
  private final Set<String> subscribed = ConcurrentHashMap.newKeySet();
  private final Map<String, Message.Notification> asksToHear = new ConcurrentHashMap<>();
  private final ReplayRoom room;
  private final ResumableStream stream;
  private final Map<String, ResumableStream> ofRequests = new ConcurrentHashMap<>();
  private final AtomicLong opened = new AtomicLong();
  private volatile @Nullable Runnable ended;
  private volatile String seen = "";
  private volatile LogLevel level = LogLevel.DEBUG;
  private volatile long lastUsed;

  /**
   * @param key the one that opened it
   * @param capabilities that the client declared
   * @param client the name it gave itself
   * @param room for what was sent last
   * @param now UTC milliseconds
   */
  McpSession(
      String id,
      Caller caller,
      String key,
      Revision revision,
      ObjectNode capabilities,
      @Nullable String client,
      ReplayRoom room,
      long now) {
    this.id = id;
    this.caller = caller;
    this.key = key;
    this.revision = revision;
    this.capabilities = capabilities;
    this.client = client;
    this.room = room;
    this.stream = stream(OWN, () -> {});
    this.lastUsed = now;
  }

  String id() {
    return id;
  }

  Caller caller() {
    return caller;
  }

  /** The key that opened it, as its hash. */
  String key() {
    return key;
  }

  /** What it is told unasked. */
  ResumableStream stream() {
    return stream;
  }

  /**
   * The stream to go on with behind an event; its own for an event that names none of a request.
   */
  Optional<ResumableStream> stream(@Nullable String lastEvent) {
    return lastEvent == null || !lastEvent.startsWith("request-")
        ? Optional.of(stream)
        : Optional.ofNullable(ofRequests.get(ResumableStream.nameIn(lastEvent)))
            .filter(known -> known.hasSent(lastEvent));
  }

  /** A stream for the answer to one request, opened on its connection. */
  ResumableStream streamOfRequest(Exchange exchange) {
    String name = "request-" + opened.incrementAndGet();
    ResumableStream fresh = stream(name, () -> ofRequests.remove(name));
    ofRequests.put(name, fresh);
    fresh.open(exchange::events, exchange.context(), null);
    return fresh;
  }

  private ResumableStream stream(String name, Runnable onForgotten) {
    boolean primes = revision.compareTo(Revision.V2025_11_25) >= 0;
    return new ResumableStream(name, primes, Client.principal(caller), room, onForgotten);
  }

  /** From here on its list of tools is that one. Whether it was another one before. */
  synchronized boolean sees(String digest) {
    boolean other = !seen.equals(digest);
    seen = digest;
    return other;
  }

  /**
   * The client asks to hear of a resource; until that is {@link #granted} or {@link #notGranted},
   * what a server tells of it is kept. False if it hears of too many.
   */
  boolean subscribe(String uri) {
    if (subscribed.contains(uri)) {
      return true;
    }
    if (subscribed.size() + asksToHear.size() >= MOST_SUBSCRIBED) {
      return false;
    }
    asksToHear.putIfAbsent(uri, NO_NEWS);
    return true;
  }

  /** From here on it hears of the resource. */
  void granted(String uri) {
    subscribed.add(uri);
    Message.Notification missed = asksToHear.remove(uri);
    if (missed != null && missed != NO_NEWS) {
      stream.send(missed.tree());
    }
  }

  /** It does not hear of the resource, unless that was granted before. */
  void notGranted(String uri) {
    asksToHear.remove(uri);
  }

  void unsubscribe(String uri) {
    subscribed.remove(uri);
  }

  boolean hearsOfResources() {
    return !subscribed.isEmpty();
  }

  /** From here on it hears of those resources only that may be heard of, of those it asked for. */
  void keep(Predicate<String> mayHear) {
    subscribed.removeIf(uri -> !mayHear.test(uri));
  }

  /**
   * A server tells this client something, in a conversation of its own, that belongs to none of its
   * requests.
   */
  void told(Message.Notification notification) {
    ObjectNode params = notification.params();
    boolean wanted =
        switch (Method.of(notification.method()).orElse(Method.PING)) {
          case RESOURCE_UPDATED -> isHeard(params.path("uri").asString(""), notification);
          case ELICITATION_DONE ->
              Method.ELICITATION_DONE.isIn(revision)
                  && elicited.contains(params.path(Shapes.ELICITATION_ID).asString(""));
          case TOOLS_CHANGED -> true;
          case LOG -> level.admits(params.path("level").asString("")) && !stream.isBehind();
          default -> false;
        };
    if (wanted) {
      stream.send(notification.tree());
    }
  }

  private boolean isHeard(String uri, Message.Notification news) {
    asksToHear.replace(uri, news);
    return subscribed.contains(uri);
  }

  /** The client was sent somewhere under that id, and wants to hear when that is done. */
  void elicited(String id) {
    synchronized (elicited) {
      elicited.add(id);
      if (elicited.size() > MOST_ELICITED) {
        elicited.remove(elicited.iterator().next());
      }
    }
  }

  /** Under which servers may keep a conversation for it. */
  String conversation() {
    return caller.project() + "/" + caller.key() + "/" + id;
  }

  Revision revision() {
    return revision;
  }

  ObjectNode capabilities() {
    return capabilities;
  }

  @Nullable String client() {
    return client;
  }

  boolean belongsTo(Caller other) {
    return this.caller.project().equals(other.project()) && this.caller.key().equals(other.key());
  }

  /** Takes a request under way, unless one with that id is. */
  boolean begin(JsonNode request, Runnable cancel) {
    return underWay.putIfAbsent(request, cancel) == null;
  }

  /** A question to the client is under way; the id that it goes under. */
  String asks(Consumer<Message> answered) {
    String question = "gateway-" + asked.incrementAndGet();
    questions.put(question, answered);
    return question;
  }

  void asksNoMore(String question) {
    questions.remove(question);
  }

  /** The client answered; what it was not asked in this session is dropped. */
  void answered(@Nullable JsonNode question, Message answer) {
    Consumer<Message> waiting =
        question != null && question.isString() ? questions.remove(question.stringValue()) : null;
    if (waiting != null) {
      waiting.accept(answer);
    }
  }

  void done(JsonNode request) {
    underWay.remove(request);
    Runnable left = ended;
    if (left != null) {
      left.run();
    }
  }

  /** Cancels a request under way; does nothing if there is none of that id. */
  void cancel(JsonNode request) {
    Runnable cancel = underWay.get(request);
    if (cancel != null) {
      cancel.run();
    }
  }

  /**
   * The session is over: so is all that is under way.
   *
   * @param left ends what servers keep for it; again after each request that was under way, since
   *     that may have begun it anew
   */
  void end(Runnable left) {
    ended = left;
    underWay.values().forEach(Runnable::run);
    stream.end();
    stream.forget();
    ofRequests.values().forEach(ResumableStream::forget);
    left.run();
  }

  boolean isBusy() {
    return !underWay.isEmpty() || stream.isOpen();
  }

  /** The lowest level of log messages that the client wants. */
  LogLevel level() {
    return level;
  }

  void level(LogLevel wanted) {
    level = wanted;
  }

  long lastUsed() {
    return lastUsed;
  }

  void used(long now) {
    lastUsed = now;
  }
}
