package io.securegateway.server.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How connections to tools' servers are made and kept. */
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final int CONNECT_MS = 3_000;

  /**
   * Many servers close connections that were idle for 5 seconds, and a call that meets such an end
   * is lost, since it is not sent twice.
   */
  private static final int KEEP_ALIVE_SECONDS = 4;

  private Connections() {}

  /**
   * A pool of connections to one server.
   *
   * @param name of the upstream, for the log
   * @param most connections at once
   * @param waiting how many may wait for one of them; -1 for any number
   */
  static HttpClient to(Vertx vertx, String name, URI url, int most, int waiting) {
    return vertx
        .httpClientBuilder()
        .with(
            new HttpClientOptions()
                .setSsl(url.getScheme().equals("https"))
                .setConnectTimeout(CONNECT_MS)
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setMaxHeaderSize(16 * 1024)
                .setDecompressionSupported(false)
                .setTcpNoDelay(true))
        .with(new PoolOptions().setHttp1MaxSize(most).setMaxWaitQueueSize(waiting))
        .withConnectHandler(
            connection ->
                connection.exceptionHandler(
                    broken -> LOG.debug("a connection to {} broke: {}", name, broken.toString())))
        .build();
  }
}
