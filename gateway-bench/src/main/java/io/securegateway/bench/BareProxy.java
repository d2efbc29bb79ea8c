package io.securegateway.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.function.Function;

/** The least that Vert.x can do: a proxy that looks at nothing, and an upstream with one reply. */
final class BareProxy {
  private static final String HOST = "127.0.0.1";
  private static final Buffer REPLY = Buffer.buffer("{\"ok\":true,\"items\":[1,2,3]}");

  private BareProxy() {}

  /** Answers everything with the same JSON, until the process is ended. */
  static void reply(int port) {
    serve(port, vertx -> BareProxy::answer);
  }

  private static void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> request.response().putHeader("content-type", "application/json").end(REPLY));
  }

  /** Forwards everything to the tool of an upstream, until the process is ended. */
  static void forward(int port, int upstream) {
    serve(
        port,
        vertx -> {
          HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(64));
          RequestOptions target =
              new RequestOptions()
                  .setHost(HOST)
                  .setPort(upstream)
                  .setURI(RestBench.TOOL_PATH)
                  .setMethod(HttpMethod.POST);
          return request -> forward(request, client, target);
        });
  }

  private static void forward(HttpServerRequest request, HttpClient client, RequestOptions target) {
    request
        .body()
        .compose(body -> client.request(target).compose(out -> out.send(body)))
        .compose(HttpClientResponse::body)
        .onSuccess(
            body -> request.response().putHeader("content-type", "application/json").end(body))
        .onFailure(failure -> request.response().setStatusCode(502).end());
  }

  /** A handler for requests, which a loop owns. */
  private interface Handling extends io.vertx.core.Handler<HttpServerRequest> {}

  private static void serve(int port, Function<Vertx, Handling> handling) {
    int loops = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    Vertx.vertx(new VertxOptions().setPreferNativeTransport(true))
        .deployVerticle(
            () ->
                new AbstractVerticle() {
                  @Override
                  public void start() {
                    var unused =
                        vertx
                            .createHttpServer()
                            .requestHandler(handling.apply(vertx))
                            .listen(port, HOST);
                  }
                },
            new DeploymentOptions().setInstances(loops))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }
}
