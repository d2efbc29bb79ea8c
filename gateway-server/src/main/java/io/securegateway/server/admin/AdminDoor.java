package io.securegateway.server.admin;

import io.securegateway.core.json.StrictJson;
import io.securegateway.server.identity.Admin;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.Refusal;
import io.securegateway.server.journal.JournalRefused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/**
 * Lets known people at the admin API. The route is found first; the role that is checked is that
 * route's own.
 *
 * <p>Thread-safe; handlers run on the executor, never on an event loop.
 */
public final class AdminDoor {
  private static final Logger LOG = LoggerFactory.getLogger(AdminDoor.class);

  private final List<Route> routes;
  private final AdminDesk desk;
  private final Executor executor;

  /** With its routes, the desk that knows people, and the threads for handlers. */
  public AdminDoor(List<Route> routes, AdminDesk desk, Executor executor) {
    this.routes = List.copyOf(routes);
    this.desk = desk;
    this.executor = executor;
  }

  private record Found(Route route, Map<String, String> segments) {}

  /** Takes the request if its path is one of the admin API; false if not. */
  public boolean take(Exchange exchange) {
    if (!exchange.path().startsWith("/api/")) {
      return false;
    }
    exchange.refuseAs(refusal -> refuse(exchange, refusal));
    switch (desk.seat(exchange)) {
      case AdminDesk.Seat.Known(Admin admin) -> lead(exchange, admin);
      case AdminDesk.Seat.Refused(Problem why) -> problem(exchange, why);
    }
    return true;
  }

  private void lead(Exchange exchange, Admin admin) {
    List<Found> fitting =
        routes.stream()
            .flatMap(
                route ->
                    route
                        .fits(exchange.path())
                        .map(segments -> new Found(route, segments))
                        .stream())
            .toList();
    if (fitting.isEmpty()) {
      problem(
          exchange,
          new Problem(
              404, "route.unknown", "There is no such route; the HTTP API page lists them."));
      return;
    }
    Optional<Found> found =
        fitting.stream().filter(one -> one.route().method().equals(exchange.method())).findFirst();
    if (found.isEmpty()) {
      exchange.with(
          "allow",
          String.join(", ", fitting.stream().map(one -> one.route().method()).sorted().toList()));
      problem(
          exchange,
          new Problem(
              405, "method.refused", "This route does not take " + exchange.method() + "."));
      return;
    }
    if (!admin.may(found.get().route().role())) {
      problem(
          exchange,
          new Problem(
              403,
              "role.refused",
              "This needs the role " + found.get().route().role().word() + "."));
      return;
    }
    serve(exchange, admin, found.get());
  }

  private void serve(Exchange exchange, Admin admin, Found found) {
    if (exchange.method().equals("GET") || exchange.method().equals("DELETE")) {
      run(exchange, admin, found, MissingNode.getInstance());
    } else if (!exchange.hasBody()) {
      run(exchange, admin, found, JsonNodeFactory.instance.objectNode());
    } else {
      exchange.bytes(
          found.route().most(),
          bytes -> executor.execute(() -> parsed(exchange, admin, found, bytes)));
    }
  }

  /** Bodies may be large here, so they are not parsed on the loop. */
  private void parsed(Exchange exchange, Admin admin, Found found, byte[] bytes) {
    StrictJson.Result read = StrictJson.parse(bytes);
    exchange
        .context()
        .runOnContext(
            here -> {
              switch (read) {
                case StrictJson.Parsed parsed -> run(exchange, admin, found, parsed.tree());
                case StrictJson.Refused refused ->
                    refuse(exchange, new Refusal(400, refused.code(), refused.message()));
              }
            });
  }

  private void run(Exchange exchange, Admin admin, Found found, JsonNode body) {
    AdminRequest request =
        new AdminRequest(
            admin,
            found.segments(),
            exchange.query(),
            body,
            exchange.header("if-match").orElse(null),
            exchange.header("if-none-match").orElse(null),
            exchange.header("last-event-id").orElse(null));
    executor.execute(
        () -> {
          try {
            found.route().check(request);
            Reply reply = found.route().handler().handle(request);
            exchange.context().runOnContext(ready -> send(exchange, reply));
          } catch (Problem problem) {
            exchange.context().runOnContext(ready -> problem(exchange, problem));
          } catch (JournalRefused e) {
            Problem problem = new Problem(503, "journal.refused", JournalRefused.why(e));
            exchange.context().runOnContext(ready -> problem(exchange, problem));
          } catch (Exception e) {
            LOG.error("{} {} failed", found.route().method(), found.route().template(), e);
            Problem problem =
                new Problem(
                    500, "gateway.error", "The gateway failed on this request; its log says why.");
            exchange.context().runOnContext(ready -> problem(exchange, problem));
          }
        });
  }

  private void send(Exchange exchange, Reply reply) {
    switch (reply) {
      case Reply.Json json -> exchange.with("etag", json.etag()).json(json.status(), json.body());
      case Reply.Stream stream -> ResponseStream.send(exchange, stream, executor);
    }
  }

  private static void problem(Exchange exchange, Problem problem) {
    exchange.send(problem.status(), "application/problem+json", StrictJson.write(problem.body()));
  }

  /** As a problem document. */
  public static void refuse(Exchange exchange, Refusal refusal) {
    problem(exchange, new Problem(refusal.status(), refusal.code(), refusal.message()));
  }
}
