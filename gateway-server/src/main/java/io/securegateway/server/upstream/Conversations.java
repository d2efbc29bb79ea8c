package io.securegateway.server.upstream;

import io.vertx.core.Vertx;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The conversations of one server with single clients: what a server keeps or asks in one reaches
 * nobody else. They end with the client's session, after half an hour idle, and when there are too
 * many, of one key or of all: then the one that was idle longest, of those that hear of no resource
 * if there are any. Used on the upstream's loop only.
 */
final class Conversations {
  private static final long IDLE_MS = TimeUnit.MINUTES.toMillis(30);
  private static final long BRIEFLY_MS = TimeUnit.MINUTES.toMillis(1);

  private final int most;
  private final int share;
  private final Function<Client, McpClient> opens;
  private final Map<String, Own> own = new HashMap<>();

  private static final class Own {
    private final McpClient server;
    private long used = now();
    private int underWay;
    private boolean subscribed;

    private final String principal;
    private final long idle;

    Own(McpClient server, String principal, long idle) {
      this.server = server;
      this.principal = principal;
      this.idle = idle;
    }
  }

  /**
   * @param most of all keys
   * @param share of one key
   * @param opens begins one with such a client
   */
  Conversations(Vertx vertx, int most, int share, Function<Client, McpClient> opens) {
    this.most = most;
    this.share = share;
    this.opens = opens;
    vertx.setPeriodic(BRIEFLY_MS, timer -> sweep());
  }

  /**
   * The one under that name, begun with the client if there is none, and taken until {@link
   * #leave}; empty if there are too many that are busy.
   */
  Optional<McpClient> take(String name, Client client) {
    Own known = own.get(name);
    if (known == null) {
      String principal = client.principal();
      if (own.values().stream().filter(one -> one.principal.equals(principal)).count() >= share
          && !makeRoom(one -> one.principal.equals(principal))) {
        return Optional.empty();
      }
      if (own.size() >= most && !makeRoom(one -> true)) {
        return Optional.empty();
      }
      boolean isExtra = !name.equals(client.conversation());
      known = new Own(opens.apply(client), principal, isExtra ? BRIEFLY_MS : IDLE_MS);
      own.put(name, known);
    }
    known.used = now();
    known.underWay++;
    return Optional.of(known.server);
  }

  /**
   * That name, or that and the first number under which nothing is under way; those with a number
   * end sooner.
   */
  String free(String name) {
    String found = name;
    for (int i = 2; own.get(found) instanceof Own known && known.underWay > 0; i++) {
      found = name + " " + i;
    }
    return found;
  }

  /** Whether there is one under that name. */
  boolean has(String name) {
    return own.containsKey(name);
  }

  /** The one under that name. */
  Optional<McpClient> find(String name) {
    return Optional.ofNullable(own.get(name)).map(known -> known.server);
  }

  /** The client hears of resources in it: it is not idle before the session ends. */
  void subscribed(String name) {
    Own known = own.get(name);
    if (known != null) {
      known.subscribed = true;
    }
  }

  void leave(String name) {
    Own known = own.get(name);
    if (known != null) {
      known.used = now();
      known.underWay--;
    }
  }

  private boolean makeRoom(Predicate<Own> among) {
    Optional<String> idlest =
        own.entrySet().stream()
            .filter(one -> one.getValue().underWay == 0 && among.test(one.getValue()))
            .min(
                Comparator.comparing((Map.Entry<String, Own> one) -> one.getValue().subscribed)
                    .thenComparingLong(one -> one.getValue().used))
            .map(Map.Entry::getKey);
    idlest.ifPresent(this::end);
    return idlest.isPresent();
  }

  private void sweep() {
    for (Map.Entry<String, Own> one : List.copyOf(own.entrySet())) {
      if (one.getValue().underWay == 0
          && !one.getValue().subscribed
          && now() - one.getValue().used > one.getValue().idle) {
        end(one.getKey());
      }
    }
  }

  void end(String conversation) {
    Own known = own.remove(conversation);
    if (known != null) {
      known.server.leave();
    }
  }

  /** The server is not served any more. */
  void close() {
    own.values().forEach(known -> known.server.close());
    own.clear();
  }

  private static long now() {
    return System.nanoTime() / 1_000_000;
  }
}
