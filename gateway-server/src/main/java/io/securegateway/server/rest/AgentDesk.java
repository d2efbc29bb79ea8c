package io.securegateway.server.rest;

import io.securegateway.api.Caller;
import io.securegateway.core.call.Names;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.identity.AuthFailures;
import io.securegateway.server.identity.Identity;
import io.securegateway.server.identity.KeyTable;
import io.securegateway.server.identity.PresentedKey;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, and for which project. Whatever is not certain is refused here, in the same words for
 * every cause.
 *
 * <p>Thread-safe.
 */
public final class AgentDesk {
  private static final Refusal UNAUTHORIZED =
      new Refusal(
          401,
          "unauthorized",
          "A valid model key for this project is needed (X-Model-Key or Authorization: Bearer).");

  private final Benches benches;
  private final Function<String, KeyTable> keys;
  private final Function<String, Optional<Caller>> elsewhere;
  private final AuthFailures failures;
  private final LongSupplier clock;

  /**
   * @param keys the key table of an existing project
   * @param clock UTC milliseconds, for expiry
   */
  public AgentDesk(
      Benches benches,
      Function<String, KeyTable> keys,
      Function<String, Optional<Caller>> elsewhere,
      AuthFailures failures,
      LongSupplier clock) {
    this.benches = benches;
    this.keys = keys;
    this.elsewhere = elsewhere;
    this.failures = failures;
    this.clock = clock;
  }

  /** A caller that is known, at the bench of the project that serves them. */
  public record Seated(Caller caller, Bench bench) {}

  /** Seats the caller, or answers with a refusal and is empty. */
  public Optional<Seated> seat(Exchange exchange, @Nullable String pathProject) {
    Optional<String> requested = requestedProject(exchange, pathProject);
    if (requested.isEmpty()) {
      return Optional.empty();
    }
    PresentedKey presented =
        PresentedKey.of(
            exchange.header("x-model-key").orElse(null),
            exchange.header("authorization").orElse(null));
    if (!(presented instanceof PresentedKey.One one)) {
      return unauthorized(exchange, "contradicting headers");
    }
    Optional<Bench> bench = benches.serving(requested.get());
    if (bench.isEmpty()) {
      return unauthorized(exchange, "unknown project");
    }
    return switch (keys.apply(bench.get().project()).identify(one.key(), clock.getAsLong())) {
      case Identity.Known known -> Optional.of(new Seated(known.caller(), bench.get()));
      case Identity.Unknown unknown -> {
        Optional<Caller> owner = Optional.ofNullable(one.key()).flatMap(elsewhere);
        yield owner.isPresent()
            ? misused(exchange, "key of another project", owner.get().project(), owner.get().key())
            : unauthorized(exchange, unknown.detail());
      }
      case Identity.Misused(String what, String project, String key) ->
          misused(exchange, what, project, key);
    };
  }

  private Optional<Seated> misused(Exchange exchange, String what, String project, String key) {
    failures.count(exchange.source(), what, project, key);
    exchange.with("www-authenticate", "Bearer").refuse(UNAUTHORIZED);
    return Optional.empty();
  }

  private Optional<Seated> unauthorized(Exchange exchange, String detail) {
    failures.count(exchange.source(), detail);
    exchange.with("www-authenticate", "Bearer").refuse(UNAUTHORIZED);
    return Optional.empty();
  }

  /** As {@link #seat} refuses: for a body that claims another model than the key's. */
  public void refuseModel(Exchange exchange) {
    unauthorized(exchange, "another model claimed");
  }

  private static Optional<String> requestedProject(
      Exchange exchange, @Nullable String pathProject) {
    List<String> query = exchange.query().getAll("project_id");
    String header = exchange.header("x-project-id").orElse(null);
    String requested = pathProject != null ? pathProject : header;
    for (String also : query) {
      requested = requested == null ? also : requested;
      if (!requested.equals(also)) {
        return contradiction(exchange);
      }
    }
    if (header != null && !header.equals(requested)) {
      return contradiction(exchange);
    }
    String project = requested == null ? Benches.DEFAULT : requested;
    if (!Names.isProject(project)) {
      exchange.refuse(
          new Refusal(
              400,
              "project.malformed",
              "A project id is 1 to 63 of a-z, 0-9, _ and -, beginning with a letter or digit."));
      return Optional.empty();
    }
    return Optional.of(project);
  }

  private static Optional<String> contradiction(Exchange exchange) {
    exchange.refuse(
        new Refusal(
            400,
            "project.contradiction",
            "Path, X-Project-ID and project_id name different projects; name one."));
    return Optional.empty();
  }
}
