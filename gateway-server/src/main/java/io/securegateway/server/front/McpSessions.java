package io.securegateway.server.front;

import io.securegateway.api.Caller;
import io.securegateway.server.mcp.Revision;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The sessions of the session wire, minted here and bound to the key that opened them. They end by
 * DELETE, after 24 hours idle, soon after their key, and with the gateway; of one key at most
 * {@value #MOST_OF_A_KEY} are kept, and the one that was idle longest makes room. Thread-safe.
 */
public final class McpSessions {
  private static final long IDLE_MS = Duration.ofHours(24).toMillis();
  private static final int MOST_OF_A_KEY = 1_000;
  private static final int ID_BYTES = 24;
  private static final long MOST_KEPT_OF_A_KEY = 4L * 1024 * 1024;
  private static final long MOST_KEPT = 32L * 1024 * 1024;

  private final SecureRandom random = new SecureRandom();
  private final LongSupplier clock;
  private final Function<Caller, String> keys;
  private final Consumer<String> ended;
  private final ReplayRoom room;
  private final Map<String, McpSession> sessions = new ConcurrentHashMap<>();

  /**
   * @param clock UTC milliseconds
   * @param keys which key is a caller's now; empty if none opens anything
   * @param ended is told the conversation of each session that ends
   */
  public McpSessions(LongSupplier clock, Function<Caller, String> keys, Consumer<String> ended) {
    this.clock = clock;
    this.keys = keys;
    this.ended = ended;
    this.room = new ReplayRoom(clock, MOST_KEPT_OF_A_KEY, MOST_KEPT);
  }

  McpSession open(
      Caller caller, Revision revision, ObjectNode capabilities, @Nullable String client) {
    makeRoom(caller);
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = "mcp-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    McpSession session =
        new McpSession(
            id,
            caller,
            keys.apply(caller),
            revision,
            capabilities,
            client,
            room,
            clock.getAsLong());
    sessions.put(id, session);
    return session;
  }

  private void makeRoom(Caller caller) {
    long oldest = clock.getAsLong() - IDLE_MS;
    for (McpSession session : sessions.values()) {
      if (session.lastUsed() < oldest && !session.isBusy()) {
        end(session);
      }
    }
    List<McpSession> own =
        sessions.values().stream()
            .filter(session -> session.belongsTo(caller))
            .sorted(Comparator.comparingLong(McpSession::lastUsed))
            .toList();
    for (int i = 0; i <= own.size() - MOST_OF_A_KEY; i++) {
      end(own.get(i));
    }
  }

  /** The caller's own session of that id, if it lives; somebody else's is as none. */
  Optional<McpSession> find(String id, Caller caller) {
    long now = clock.getAsLong();
    McpSession session = sessions.get(id);
    if (session == null || !session.belongsTo(caller)) {
      return Optional.empty();
    }
    if (session.lastUsed() < now - IDLE_MS && !session.isBusy()) {
      end(session);
      return Optional.empty();
    }
    session.used(now);
    return Optional.of(session);
  }

  /** The key that is a caller's now; empty if none opens anything. */
  String keyOf(Caller caller) {
    return keys.apply(caller);
  }

  /** Whether that key, as {@link #keyOf} gave it, opens nothing any more, or never did. */
  boolean isGone(Caller caller, String key) {
    return key.isEmpty() || !key.equals(keyOf(caller));
  }

  /** All that live. */
  Collection<McpSession> all() {
    return sessions.values();
  }

  /** Those whose stream is open. */
  List<McpSession> listening() {
    return sessions.values().stream().filter(session -> session.stream().isOpen()).toList();
  }

  /** Ends the sessions of keys that open nothing any more, with all that is under way in them. */
  void endOfGoneKeys() {
    for (McpSession session : sessions.values()) {
      if (isGone(session.caller(), session.key())) {
        end(session);
      }
    }
  }

  /** Ends all streams; the sessions stay. */
  void hush() {
    sessions.values().forEach(session -> session.stream().end());
  }

  void end(McpSession session) {
    sessions.remove(session.id());
    session.end(() -> ended.accept(session.conversation()));
  }
}
