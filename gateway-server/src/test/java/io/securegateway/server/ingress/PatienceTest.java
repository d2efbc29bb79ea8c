package io.securegateway.server.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.http.HttpConnection;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PatienceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Patience patience = new Patience();
  private final HttpConnection connection = connection();

  private static HttpConnection connection() {
    return (HttpConnection)
        Proxy.newProxyInstance(
            PatienceTest.class.getClassLoader(),
            new Class<?>[] {HttpConnection.class},
            (self, method, arguments) -> {
              throw new AssertionError("nothing of the connection is asked");
            });
  }

  @Test
  void endsAConnectionWhoseFirstHeadDoesNotCome() {
    patience.opened(connection, 0);
    assertEquals(List.of(), patience.sweep(30 * SECOND));
    assertEquals(1, patience.sweep(31 * SECOND).size());
  }

  @Test
  void waitsForAnAnswerHoweverLongItTakes() {
    patience.opened(connection, 0);
    patience.serving(connection);
    assertEquals(List.of(), patience.sweep(100_000 * SECOND));
  }

  @Test
  void endsAConnectionWhoseNextHeadDribbles() {
    patience.opened(connection, 0);
    patience.serving(connection);
    patience.answered(connection, 10 * SECOND);
    assertEquals(List.of(), patience.sweep(115 * SECOND));
    assertEquals(1, patience.sweep(116 * SECOND).size());
  }

  @Test
  void forgetsWhatIsClosedEvenIfItsAnswerEndsLater() {
    patience.opened(connection, 0);
    patience.closed(connection);
    patience.answered(connection, 0);
    assertEquals(List.of(), patience.sweep(1_000 * SECOND));
  }
}
