package io.securegateway.server.admin;

import io.securegateway.server.identity.Admin;
import io.securegateway.server.identity.AdminSessions;
import io.securegateway.server.identity.AdminTable;
import io.securegateway.server.identity.AuthFailures;
import io.securegateway.server.ingress.Exchange;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who stands at the admin door: the owner of an admin key, or somebody signed in at the console,
 * whose writes must come from the console itself. Thread-safe.
 */
public final class AdminDesk {
  private final Supplier<AdminTable> admins;
  private final AdminSessions sessions;
  private final AuthFailures failures;

  /** What the desk says; there is no third way in. */
  public sealed interface Seat {
    /** They proved who they are. */
    record Known(Admin admin) implements Seat {}

    /** They did not. */
    record Refused(Problem why) implements Seat {}
  }

  /** With the admin keys in force and those who are signed in. */
  public AdminDesk(Supplier<AdminTable> admins, AdminSessions sessions, AuthFailures failures) {
    this.admins = admins;
    this.sessions = sessions;
    this.failures = failures;
  }

  /** Who makes this request. A key that is sent counts alone, whatever cookie is beside it. */
  public Seat seat(Exchange exchange) {
    Optional<String> key = exchange.header("x-admin-key");
    if (key.isPresent()) {
      return admins
          .get()
          .identify(key.get())
          .<Seat>map(Seat.Known::new)
          .orElseGet(() -> unknown(exchange));
    }
    Optional<AdminSessions.SignedIn> who = sessions.of(SessionCookie.of(exchange));
    if (who.isEmpty()) {
      return unknown(exchange);
    }
    boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
    if (!reads && !SessionCookie.isOwnWrite(exchange, who.get())) {
      return new Seat.Refused(new Problem(403, "console.csrf", SessionCookie.CSRF_NEEDED));
    }
    return new Seat.Known(who.get().admin());
  }

  private Seat unknown(Exchange exchange) {
    failures.count(exchange.source(), "admin key");
    return new Seat.Refused(
        new Problem(401, "unauthorized", "A valid admin key is needed (X-Admin-Key)."));
  }
}
