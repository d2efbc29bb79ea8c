package io.securegateway.server.identity;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Admins who signed in with their key at the console, and are known by a token since. In memory
 * only: a restart signs everybody out. A session lives as long as the admin key that opened it is
 * in force, 12 hours at most, 2 hours unused.
 *
 * <p>Thread-safe.
 */
public final class AdminSessions {
  /** The longest that a session lives. */
  public static final Duration LIFE = Duration.ofHours(12);

  /** The longest that a session lives unused. */
  public static final Duration IDLE = Duration.ofHours(2);

  private static final int MAX_SESSIONS = 1_000;

  private final Supplier<AdminTable> admins;
  private final LongSupplier clock;
  private final Map<String, Session> byToken =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  private record Session(String keyHash, String csrf, long opened, long used) {}

  /**
   * A person who is signed in.
   *
   * @param csrf what their writes have to bear
   */
  public record SignedIn(Admin admin, String csrf) {}

  /** A session that was just opened; only its bearer ever has the token. */
  public record Opened(String token, SignedIn who) {}

  /**
   * @param admins the admin keys in force
   * @param clock UTC milliseconds
   */
  public AdminSessions(Supplier<AdminTable> admins, LongSupplier clock) {
    this.admins = admins;
    this.clock = clock;
  }

  /** Opens a session for the owner of an admin key; empty if nobody owns it. */
  public Optional<Opened> open(@Nullable String key) {
    Optional<Admin> admin = admins.get().identify(key);
    if (admin.isEmpty() || key == null) {
      return Optional.empty();
    }
    String token = Keys.mint("");
    Session session =
        new Session(Keys.hash(key), Keys.mint(""), clock.getAsLong(), clock.getAsLong());
    synchronized (byToken) {
      byToken.put(Keys.hash(token), session);
    }
    return Optional.of(new Opened(token, new SignedIn(admin.get(), session.csrf())));
  }

  /** Who bears that token now. */
  public Optional<SignedIn> of(@Nullable String token) {
    if (token == null || token.isEmpty() || token.length() > Keys.MAX_LENGTH) {
      return Optional.empty();
    }
    String id = Keys.hash(token);
    long now = clock.getAsLong();
    synchronized (byToken) {
      Session session = byToken.get(id);
      if (session == null) {
        return Optional.empty();
      }
      Optional<Admin> admin = admins.get().holder(session.keyHash());
      if (admin.isEmpty()
          || now - session.opened() >= LIFE.toMillis()
          || now - session.used() >= IDLE.toMillis()) {
        byToken.remove(id);
        return Optional.empty();
      }
      byToken.put(id, new Session(session.keyHash(), session.csrf(), session.opened(), now));
      return Optional.of(new SignedIn(admin.get(), session.csrf()));
    }
  }

  /** Ends the session of that token, if there is one. */
  public void close(@Nullable String token) {
    if (token != null) {
      synchronized (byToken) {
        byToken.remove(Keys.hash(token));
      }
    }
  }
}
