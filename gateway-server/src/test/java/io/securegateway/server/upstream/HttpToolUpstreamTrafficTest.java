package io.securegateway.server.upstream;

import static io.securegateway.server.upstream.Calling.DEADLINE;
import static io.securegateway.server.upstream.Calling.SHORT;
import static io.securegateway.server.upstream.Calling.settings;
import static io.securegateway.server.upstream.HostileServer.ok;
import static io.securegateway.server.upstream.HostileServer.sending;
import static io.securegateway.server.upstream.HostileServer.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Reason;
import io.securegateway.core.json.StrictJson;
import io.securegateway.server.upstream.UpstreamAnswer.Answered;
import io.securegateway.server.upstream.UpstreamAnswer.Failed;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes out, on how many connections, and what ends it. */
@Timeout(60)
class HttpToolUpstreamTrafficTest {
  private static Failed failed(Reason code, boolean sent, UpstreamAnswer answer) {
    Failed failed = assertInstanceOf(Failed.class, answer);
    assertEquals(code, failed.code(), failed.detail());
    assertEquals(sent, failed.bytesSent(), "bytes sent");
    return failed;
  }

  @Test
  void sendsTheCallWithHeadersOfOurOwnOnly() throws Exception {
    var key = new UpstreamSettings.Credentials("X-Tool-Key", "tool-secret-1");
    try (HostileServer server = sending(ok("application/json", "1"));
        Calling calling = new Calling(settings(server.url(), DEADLINE, 4, key))) {
      calling.call("search.web");
      HostileServer.Request request = server.next();
      assertEquals("POST /tools/search.web HTTP/1.1", request.line());
      assertEquals("{\"a\":1}", request.body());
      Set<String> names = new TreeSet<>();
      request
          .head()
          .lines()
          .skip(1)
          .filter(line -> !line.isEmpty())
          .forEach(
              line -> names.add(line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT)));
      assertEquals(
          Set.of(
              "host",
              "content-type",
              "content-length",
              "accept",
              "accept-encoding",
              "x-request-id",
              "x-tool-key"),
          names);
      assertTrue(request.head().contains("tool-secret-1"));
      assertFalse(key.toString().contains("tool-secret-1"));
    }
  }

  @Test
  void failuresHoldNoCredentials() throws Exception {
    var key = new UpstreamSettings.Credentials("Authorization", "Bearer tool-secret-1");
    try (HostileServer server = HostileServer.sendingAndClosing("");
        Calling calling = new Calling(settings(server.url(), DEADLINE, 4, key))) {
      assertFalse(calling.call("t").toString().contains("tool-secret-1"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a b, /tools/a%20b",
    "a%2e%2e/b, /tools/a%252e%252e/b",
    "a?x=1#y, /tools/a%3Fx%3D1%23y",
    "é, /tools/%C3%A9",
    "files/read, /tools/files/read",
    "a;b:c@d, /tools/a%3Bb%3Ac%40d",
    "'a\r\nX-Evil: 1', /tools/a%0D%0AX-Evil%3A%201",
    "~a-b_c.d, /tools/~a-b_c.d",
  })
  void encodesOddNames(String tool, String path) throws Exception {
    try (HostileServer server = sending(ok("application/json", "1"));
        Calling calling = new Calling(settings(server.url(), DEADLINE))) {
      assertInstanceOf(Answered.class, calling.call(tool));
      HostileServer.Request request = server.next();
      assertEquals("POST " + path + " HTTP/1.1", request.line());
      assertFalse(request.hasHeader("x-evil"));
    }
  }

  @Test
  void reusesTheConnection() throws Exception {
    try (HostileServer server = sending(ok("application/json", "1"));
        Calling calling = new Calling(settings(server.url(), DEADLINE))) {
      for (int i = 0; i < 20; i++) {
        assertInstanceOf(Answered.class, calling.call("t"));
      }
      assertEquals(1, server.accepted.get());
    }
  }

  @Test
  void opensNoMoreConnectionsThanAllowedAndLosesNoCall() throws Exception {
    try (HostileServer server = sending(ok("application/json", "1"));
        Calling calling = new Calling(settings(server.url(), DEADLINE, 4, null))) {
      List<Future<UpstreamAnswer>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(calling.start("t", new AtomicReference<>()));
      }
      all.forEach(answer -> assertInstanceOf(Answered.class, Calling.get(answer)));
      assertTrue(server.accepted.get() <= 4, "connections: " + server.accepted);
    }
  }

  @Test
  void saysBusyBeyondThePlacesAndServesAgainAfterwards() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (HostileServer server =
            new HostileServer(
                (request, out, socket) -> {
                  go.await();
                  write(out, ok("application/json", "1"));
                });
        Calling calling = new Calling(settings(server.url(), DEADLINE, 1, null))) {
      Future<UpstreamAnswer> first = calling.start("t", new AtomicReference<>());
      Future<UpstreamAnswer> second = calling.start("t", new AtomicReference<>());
      failed(Reason.UPSTREAM_BUSY, false, calling.call("t"));
      go.countDown();
      assertInstanceOf(Answered.class, Calling.get(first));
      assertInstanceOf(Answered.class, Calling.get(second));
      assertInstanceOf(Answered.class, calling.call("t"));
    }
  }

  /** The deadline is the server's: it does not run while the call waits for its turn. */
  @Test
  void waitingForATurnTakesNothingOfTheDeadline() throws Exception {
    try (HostileServer server =
            new HostileServer(
                (request, out, socket) -> {
                  Thread.sleep(1_500);
                  write(out, ok("application/json", "1"));
                });
        Calling calling = new Calling(settings(server.url(), Duration.ofMillis(2_500), 1, null))) {
      Future<UpstreamAnswer> first = calling.start("t", new AtomicReference<>());
      Future<UpstreamAnswer> second = calling.start("t", new AtomicReference<>());
      assertInstanceOf(Answered.class, Calling.get(first));
      assertInstanceOf(Answered.class, Calling.get(second));
    }
  }

  @Test
  void aCallThatWaitedPastItsDeadlineWasNeverSent() throws Exception {
    try (HostileServer server = new HostileServer((request, out, socket) -> {});
        Calling calling = new Calling(settings(server.url(), SHORT, 1, null))) {
      Future<UpstreamAnswer> first = calling.start("first", new AtomicReference<>());
      server.next();
      Future<UpstreamAnswer> second = calling.start("second", new AtomicReference<>());
      failed(Reason.UPSTREAM_TIMEOUT, true, Calling.get(first));
      Failed waited = assertInstanceOf(Failed.class, Calling.get(second));
      boolean arrived = server.requests.poll(500, TimeUnit.MILLISECONDS) != null;
      assertTrue(waited.bytesSent() || !arrived, "it arrived, though said not to be sent");
    }
  }

  @Test
  void theServerSeesTheConnectionCloseWhenTheCallerLeaves() throws Exception {
    try (HostileServer server = new HostileServer((request, out, socket) -> {});
        Calling calling = new Calling(settings(server.url(), DEADLINE))) {
      AtomicReference<Runnable> onGone = new AtomicReference<>();
      Future<UpstreamAnswer> answer = calling.start("t", onGone);
      server.next();
      calling.onLoop(Objects.requireNonNull(onGone.get()));
      failed(Reason.CALLER_GONE, true, Calling.get(answer));
      assertNotNull(server.closedByPeer.poll(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void leavingAfterTheAnswerChangesNothing() throws Exception {
    try (HostileServer server = sending(ok("application/json", "1"));
        Calling calling = new Calling(settings(server.url(), DEADLINE))) {
      AtomicReference<Runnable> onGone = new AtomicReference<>();
      assertInstanceOf(Answered.class, Calling.get(calling.start("t", onGone)));
      calling.onLoop(Objects.requireNonNull(onGone.get()));
      assertInstanceOf(Answered.class, calling.call("t"));
      assertEquals(1, server.accepted.get());
    }
  }

  @Test
  void opensAfterFiveFailuresAndClosesWhenTheServerIsWellAgain() throws Exception {
    AtomicInteger ill = new AtomicInteger(5);
    try (HostileServer server =
            new HostileServer(
                (request, out, socket) -> {
                  if (ill.getAndDecrement() > 0) {
                    socket.close();
                  } else {
                    write(out, ok("application/json", "1"));
                  }
                });
        Calling calling = new Calling(settings(server.url(), DEADLINE))) {
      for (int i = 0; i < 5; i++) {
        failed(Reason.UPSTREAM_BROKEN, true, calling.call("t"));
      }
      failed(Reason.UPSTREAM_OPEN, false, calling.call("t"));
      assertEquals(5, server.requests.size(), "an open breaker makes no request");
      calling.millis.addAndGet(5_000);
      assertInstanceOf(Answered.class, calling.call("t"));
      assertInstanceOf(Answered.class, calling.call("t"));
    }
  }

  @Test
  void aKeyWhoseCallsBreakTheServerShutsItForItselfAlone() throws Exception {
    try (HostileServer server =
            new HostileServer(
                (request, out, socket) -> {
                  if (request.line().contains("bad")) {
                    socket.close();
                  } else {
                    write(out, ok("application/json", "1"));
                  }
                });
        Calling calling = new Calling(settings(server.url(), DEADLINE))) {
      for (int i = 0; i < 5; i++) {
        failed(Reason.UPSTREAM_BROKEN, true, calling.callAs("one", "bad"));
      }
      failed(Reason.UPSTREAM_OPEN, false, calling.callAs("one", "good"));
      for (int i = 0; i < 10; i++) {
        assertInstanceOf(Answered.class, calling.callAs("two", "good"));
      }
      failed(Reason.UPSTREAM_OPEN, false, calling.callAs("one", "good"));
    }
  }

  @Test
  void aServerThatAnswersBadlyIsNotCountedAsDown() throws Exception {
    try (HostileServer server = sending("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
        Calling calling = new Calling(settings(server.url(), DEADLINE))) {
      for (int i = 0; i < 10; i++) {
        failed(Reason.UPSTREAM_STATUS, true, calling.call("t"));
      }
    }
  }

  @Test
  void anAnswerTooManyIsNeverTakenForTheNextCalls() throws Exception {
    AtomicInteger count = new AtomicInteger();
    try (HostileServer server =
            new HostileServer(
                (request, out, socket) -> {
                  String own = ok("application/json", "\"" + count.incrementAndGet() + "\"");
                  write(out, count.get() == 1 ? "HTTP/1.1 102 Processing\r\n\r\n" + own : own);
                });
        Calling calling = new Calling(settings(server.url(), DEADLINE))) {
      failed(Reason.UPSTREAM_BROKEN, true, calling.call("t"));
      for (int i = 2; i < 10; i++) {
        Answered answered = assertInstanceOf(Answered.class, calling.call("t"));
        assertEquals("\"" + i + "\"", StrictJson.text(answered.body()));
      }
    }
  }
}
