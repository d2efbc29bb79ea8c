package io.securegateway.server.console;

import io.securegateway.server.admin.AdminDoor;
import io.securegateway.server.admin.SessionCookie;
import io.securegateway.server.identity.AdminSessions;
import io.securegateway.server.identity.AuthFailures;
import io.securegateway.server.identity.LockOut;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /dash}: the console's files, open to everybody since they hold no data, and {@code
 * /dash/session}: sign-in, who am I, sign-out. Called on event loops; never blocks.
 */
public final class ConsoleDoor {
  private static final String ROOT = "/dash";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src"
          + " 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors"
          + " 'none'";
  private static final Map<String, String> HEADERS =
      Map.of(
          "content-security-policy", POLICY,
          "referrer-policy", "no-referrer",
          "cross-origin-opener-policy", "same-origin",
          "cross-origin-resource-policy", "same-origin",
          "x-frame-options", "DENY",
          "permissions-policy", "camera=(), microphone=(), geolocation=()");

  private final ConsoleFiles files = new ConsoleFiles();
  private final AdminSessions sessions;
  private final AuthFailures failures;
  private final LockOut lockOut;

  /** With the sessions that the admin door honours too. */
  public ConsoleDoor(AdminSessions sessions, AuthFailures failures, LongSupplier clock) {
    this.sessions = sessions;
    this.failures = failures;
    this.lockOut = new LockOut(clock);
  }

  /** Takes the request if its path is the console's. */
  public boolean take(Exchange exchange) {
    String path = exchange.path();
    if (!path.equals(ROOT) && !path.startsWith(ROOT + "/")) {
      return false;
    }
    HEADERS.forEach(exchange::with);
    if (path.equals(ROOT + "/session")) {
      session(exchange);
    } else if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      refuse(
          exchange.with("allow", "GET, HEAD"),
          405,
          "method.refused",
          "This path does not take " + exchange.method() + ".");
    } else {
      serve(exchange, path.length() <= ROOT.length() + 1 ? "" : path.substring(ROOT.length() + 1));
    }
    return true;
  }

  /** Assets and names with a dot at the top are files; everything else is a route of the page. */
  private void serve(Exchange exchange, String name) {
    boolean named = name.startsWith("assets/") || (name.indexOf('/') < 0 && name.contains("."));
    Optional<ConsoleFiles.File> file = named ? files.file(name) : Optional.of(files.page());
    if (file.isEmpty()) {
      refuse(exchange, 404, "route.unknown", "There is nothing at this path.");
      return;
    }
    boolean hashed = name.startsWith("assets/");
    exchange
        .with("etag", file.get().etag())
        .with("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache")
        .with("vary", "accept-encoding");
    if (exchange.header("if-none-match").filter(file.get().etag()::equals).isPresent()) {
      exchange.notModified();
    } else if (exchange.header("accept-encoding").filter(any -> any.contains("gzip")).isPresent()) {
      exchange.with("content-encoding", "gzip").send(200, file.get().type(), file.get().gzip());
    } else {
      exchange.send(200, file.get().type(), file.get().bytes());
    }
  }

  private void session(Exchange exchange) {
    switch (exchange.method()) {
      case "POST" -> signIn(exchange);
      case "GET", "HEAD" ->
          sessions
              .of(SessionCookie.of(exchange))
              .ifPresentOrElse(
                  who -> exchange.json(200, body(who)),
                  () -> refuse(exchange, 401, "unauthorized", "Nobody is signed in."));
      case "DELETE" -> signOut(exchange);
      default ->
          refuse(
              exchange.with("allow", "DELETE, GET, POST"),
              405,
              "method.refused",
              "This path does not take " + exchange.method() + ".");
    }
  }

  private void signIn(Exchange exchange) {
    long wait = lockOut.pause(exchange.source());
    if (wait > 0) {
      long seconds = (wait + 999) / 1000;
      refuse(
          exchange.with("retry-after", Long.toString(seconds)),
          429,
          "console.locked",
          "Too many wrong keys came from your address; try again in " + seconds + " s.");
      return;
    }
    exchange.json(
        body -> {
          JsonNode key = body.path("key");
          Optional<AdminSessions.Opened> opened =
              key.isString() ? sessions.open(key.stringValue().strip()) : Optional.empty();
          if (opened.isEmpty()) {
            lockOut.wrong(exchange.source());
            failures.count(exchange.source(), "admin key");
            refuse(exchange, 401, "unauthorized", "This is no admin key in force.");
            return;
          }
          lockOut.right(exchange.source());
          exchange
              .with("set-cookie", SessionCookie.set(exchange, opened.get().token()))
              .json(200, body(opened.get().who()));
        });
  }

  private void signOut(Exchange exchange) {
    String token = SessionCookie.of(exchange);
    Optional<AdminSessions.SignedIn> who = sessions.of(token);
    if (who.isPresent() && !SessionCookie.isOwnWrite(exchange, who.get())) {
      refuse(exchange, 403, "console.csrf", SessionCookie.CSRF_NEEDED);
      return;
    }
    sessions.close(token);
    exchange.with("set-cookie", SessionCookie.cleared()).send(204, "application/json", new byte[0]);
  }

  private static ObjectNode body(AdminSessions.SignedIn who) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("name", who.admin().name()).put("role", who.admin().role().word());
    ArrayNode projects = body.putArray("projects");
    who.admin().projects().stream().sorted().forEach(projects::add);
    return body.put("csrf", who.csrf());
  }

  private static void refuse(Exchange exchange, int status, String code, String message) {
    AdminDoor.refuse(exchange, new Refusal(status, code, message));
  }
}
