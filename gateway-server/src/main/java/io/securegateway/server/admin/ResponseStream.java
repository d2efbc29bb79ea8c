package io.securegateway.server.admin;

import io.securegateway.server.ingress.Exchange;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * An {@link OutputStream} that sends chunks at the client's pace. Its writer runs on a virtual
 * thread.
 */
final class ResponseStream extends OutputStream {
  private static final int CHUNK = 32 * 1024;
  private static final long PATIENCE_SECONDS = 60;

  private final Exchange exchange;
  private final HttpServerResponse response;

  private ResponseStream(Exchange exchange) {
    this.exchange = exchange;
    this.response = exchange.response();
  }

  /** Called on the event loop. */
  static void send(Exchange exchange, Reply.Stream stream, Executor executor) {
    exchange.response().setChunked(true).putHeader("content-type", stream.type());
    exchange.with("cache-control", "no-store").with("x-content-type-options", "nosniff");
    executor.execute(
        () -> {
          try (OutputStream out = new BufferedOutputStream(new ResponseStream(exchange), CHUNK)) {
            stream.writer().write(out);
          } catch (IOException | RuntimeException e) {
            exchange.context().runOnContext(gone -> exchange.response().reset());
            return;
          }
          exchange.context().runOnContext(done -> exchange.response().end());
        });
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    CountDownLatch written = new CountDownLatch(1);
    Throwable[] failed = new Throwable[1];
    Buffer chunk = Buffer.buffer(length).appendBytes(bytes, offset, length);
    exchange
        .context()
        .runOnContext(
            ready -> {
              Future<Void> write =
                  response.closed()
                      ? Future.failedFuture("the client left")
                      : response.write(chunk);
              write.onComplete(
                  result -> {
                    failed[0] = result.cause();
                    written.countDown();
                  });
            });
    try {
      if (!written.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the client does not read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    if (failed[0] != null) {
      throw new IOException("the client left", failed[0]);
    }
  }
}
