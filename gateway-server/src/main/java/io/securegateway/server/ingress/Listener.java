package io.securegateway.server.ingress;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on one event loop; several instances share the port. Requests that pass the checks go to
 * the handler that was made for this loop.
 */
public final class Listener extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int MAX_CONNECTIONS_IDLE_SECONDS = 75;

  /**
   * Where and how to listen.
   *
   * @param maxBody largest request body, in bytes
   */
  public record Settings(String host, int port, int maxBody) {}

  private final Settings settings;
  private final Supplier<HostCheck> hosts;
  private final Function<Context, Consumer<Exchange>> handlers;
  private final Patience patience = new Patience();

  /**
   * @param hosts the host check in force
   * @param handlers makes this loop's handler
   */
  public Listener(
      Settings settings,
      Supplier<HostCheck> hosts,
      Function<Context, Consumer<Exchange>> handlers) {
    this.settings = settings;
    this.hosts = hosts;
    this.handlers = handlers;
  }

  @Override
  public Future<?> start() {
    Consumer<Exchange> handler = handlers.apply(context);
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setHttp2ClearTextEnabled(false)
            .setMaxHeaderSize(16 * 1024)
            .setMaxInitialLineLength(8 * 1024)
            .setMaxFormAttributeSize(0)
            .setDecompressionSupported(false)
            .setIdleTimeout(MAX_CONNECTIONS_IDLE_SECONDS)
            .setTcpNoDelay(true);
    HttpServer server = vertx.createHttpServer(options);
    vertx.setPeriodic(
        Patience.SWEEP_MS, id -> patience.sweep(System.nanoTime()).forEach(HttpConnection::close));
    return server
        .connectionHandler(
            connection -> {
              patience.opened(connection, System.nanoTime());
              connection.closeHandler(closed -> patience.closed(connection));
            })
        .invalidRequestHandler(this::invalid)
        .requestHandler(request -> accept(request, handler))
        .listen();
  }

  private void accept(HttpServerRequest request, Consumer<Exchange> handler) {
    HttpConnection connection = request.connection();
    patience.serving(connection);
    request.pause();
    Exchange exchange = new Exchange(vertx, context, request, settings.maxBody());
    exchange.onEnd(() -> patience.answered(connection, System.nanoTime()));
    Optional<Refusal> problem =
        RequestGrammar.problem(request).or(() -> hosts.get().problem(request));
    if (problem.isPresent()) {
      exchange.refuse(problem.get());
      return;
    }
    try {
      handler.accept(exchange);
    } catch (RuntimeException e) {
      LOG.error("a request to {} ended in an error of the gateway", request.path(), e);
      exchange.refuse(
          new Refusal(
              500, "gateway.error", "The gateway failed on this request; nothing was forwarded."));
    }
  }

  /** What is no HTTP: its framing is not to be trusted, so the connection ends. */
  private void invalid(HttpServerRequest request) {
    new Exchange(vertx, context, request, settings.maxBody())
        .refuseAndClose(
            new Refusal(
                400,
                "request.malformed",
                "This is no well-formed HTTP request, or its line is longer than 8 KiB or its headers are larger than 16 KiB."));
  }
}
