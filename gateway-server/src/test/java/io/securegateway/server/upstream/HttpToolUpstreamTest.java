package io.securegateway.server.upstream;

import static io.securegateway.server.upstream.Calling.DEADLINE;
import static io.securegateway.server.upstream.Calling.MAX_ANSWER;
import static io.securegateway.server.upstream.Calling.SHORT;
import static io.securegateway.server.upstream.HostileServer.ok;
import static io.securegateway.server.upstream.HostileServer.sending;
import static io.securegateway.server.upstream.HostileServer.sendingAndClosing;
import static io.securegateway.server.upstream.HostileServer.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Reason;
import io.securegateway.core.json.StrictJson;
import io.securegateway.server.upstream.HostileServer.Behaviour;
import io.securegateway.server.upstream.UpstreamAnswer.Answered;
import io.securegateway.server.upstream.UpstreamAnswer.Failed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tool server may do to a call, over real sockets. */
@Timeout(60)
class HttpToolUpstreamTest {
  private static Failed failed(Reason code, boolean sent, UpstreamAnswer answer) {
    Failed failed = assertInstanceOf(Failed.class, answer);
    assertEquals(code, failed.code(), failed.detail());
    assertEquals(sent, failed.bytesSent(), "bytes sent");
    assertFalse(failed.detail().isBlank());
    return failed;
  }

  private static UpstreamAnswer behaving(Behaviour behaviour, Duration deadline)
      throws IOException {
    try (HostileServer server = new HostileServer(behaviour)) {
      return Calling.once(server.url(), deadline);
    }
  }

  private static UpstreamAnswer answering(String bytes) throws IOException {
    try (HostileServer server = sending(bytes)) {
      return Calling.once(server.url(), DEADLINE);
    }
  }

  private static UpstreamAnswer closing(String bytes) throws IOException {
    try (HostileServer server = sendingAndClosing(bytes)) {
      return Calling.once(server.url(), DEADLINE);
    }
  }

  private static String body(UpstreamAnswer answer) {
    return StrictJson.text(assertInstanceOf(Answered.class, answer).body());
  }

  @Test
  void bringsTheAnswer() throws Exception {
    assertEquals(
        "{\"b\":[1.50,null]}", body(answering(ok("application/json", "{\"b\":[1.50,null]}"))));
    assertEquals("1", body(answering(ok("Application/Problem+JSON; charset=utf-8", "1"))));
  }

  @Test
  void reassemblesChunksThatSplitCharacters() throws Exception {
    assertEquals(
        "\"é\"",
        body(
            behaving(
                (request, out, socket) -> {
                  write(
                      out,
                      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n");
                  out.write(
                      new byte[] {'"', (byte) 0xc3, '\r', '\n', '2', '\r', '\n', (byte) 0xa9});
                  out.write('"');
                  write(out, "\r\n0\r\n\r\n");
                },
                DEADLINE)));
  }

  @Test
  void saysNothingWasSentWhenNobodyListens() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    failed(
        Reason.UPSTREAM_CONNECT,
        false,
        Calling.once(URI.create("http://127.0.0.1:" + port), DEADLINE));
  }

  @Test
  void saysNothingWasSentWhenTheNameIsUnknown() {
    failed(
        Reason.UPSTREAM_CONNECT,
        false,
        Calling.once(URI.create("http://no-such-host.invalid/tools"), DEADLINE));
  }

  @Test
  void endsAtTheDeadlineWhenTheServerIsSilent() throws Exception {
    failed(Reason.UPSTREAM_TIMEOUT, true, behaving((request, out, socket) -> {}, SHORT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Drip: ",
        ""
      })
  void endsAtTheDeadlineWhenBytesOnlyDrip(String start) throws Exception {
    Behaviour drip =
        (request, out, socket) -> {
          write(out, start);
          while (true) {
            write(out, "1");
            Thread.sleep(20);
          }
        };
    failed(Reason.UPSTREAM_TIMEOUT, true, behaving(drip, SHORT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000\u0001\u0002\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "{\"jsonrpc\":\"2.0\"}\r\n\r\n",
        "HTTP/9.9 banana\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n1",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      })
  void refusesWhatIsNotHttp(String bytes) throws Exception {
    failed(Reason.UPSTREAM_BROKEN, true, closing(bytes));
  }

  @Test
  void refusesHeadersWithoutEnd() throws Exception {
    failed(
        Reason.UPSTREAM_BROKEN,
        true,
        answering("HTTP/1.1 200 OK\r\n" + ("X-H: " + "v".repeat(1_000) + "\r\n").repeat(40)));
  }

  @Test
  void breaksWhenTheConnectionClosesBeforeAnAnswer() throws Exception {
    failed(Reason.UPSTREAM_BROKEN, true, closing(""));
    failed(Reason.UPSTREAM_BROKEN, true, closing("HTTP/1.1 200 OK\r\nContent-Le"));
  }

  @Test
  void breaksWhenTheBodyIsShorterThanAnnounced() throws Exception {
    failed(
        Reason.UPSTREAM_BROKEN,
        true,
        closing(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{}"));
    failed(
        Reason.UPSTREAM_BROKEN,
        true,
        closing(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"));
  }

  @Test
  void refusesJsonThatIsCut() throws Exception {
    failed(
        Reason.UPSTREAM_MALFORMED,
        true,
        closing("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\": [1, 2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1,\"a\":2}", "NaN", "[1][2]", "1e999", "\"\\ud800\"", "[1,"})
  void refusesJsonThatReadersReadDifferently(String text) throws Exception {
    failed(Reason.UPSTREAM_MALFORMED, true, answering(ok("application/json", text)));
  }

  @Test
  void refusesAnEncodingThatWasNotAskedFor() throws Exception {
    failed(
        Reason.UPSTREAM_MALFORMED,
        true,
        answering(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"));
  }

  @Test
  void keepsOtherContentAsStringWithItsType() throws Exception {
    assertEquals(
        "{\"content_type\":\"text/html\",\"content\":\"<h1>200</h1>\"}",
        body(answering(ok("text/html", "<h1>200</h1>"))));
    assertEquals(
        "{\"content_type\":\"text/plain\",\"content\":\"{}\"}",
        body(answering(ok("text/plain", "{}"))));
    assertEquals(
        "{\"content_type\":\"application/octet-stream\",\"content\":\"{}\"}",
        body(answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")));
    assertEquals(
        "{\"content_type\":\"image/png\",\"base64\":\"/w==\"}",
        body(
            behaving(
                (request, out, socket) -> {
                  write(
                      out,
                      "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 1\r\n\r\n");
                  out.write(0xff);
                },
                DEADLINE)));
  }

  @Test
  void readsNoContentAsNull() throws Exception {
    assertEquals("null", body(answering("HTTP/1.1 204 No Content\r\n\r\n")));
    assertEquals("null", body(answering(ok("application/json", ""))));
  }

  @Test
  void stopsReadingAnAnswerThatIsTooLarge() throws Exception {
    String chunk = "x".repeat(8_192);
    Behaviour endless =
        (request, out, socket) -> {
          write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n");
          while (true) {
            write(out, chunk);
          }
        };
    try (HostileServer server = new HostileServer(endless)) {
      failed(Reason.UPSTREAM_TOO_LARGE, true, Calling.once(server.url(), DEADLINE));
      assertNotNull(server.closedByPeer.poll(20, java.util.concurrent.TimeUnit.SECONDS));
    }
    failed(
        Reason.UPSTREAM_TOO_LARGE,
        true,
        answering(ok("application/json", "\"" + "x".repeat(MAX_ANSWER) + "\"")));
    assertInstanceOf(
        Answered.class,
        answering(ok("application/json", "\"" + "x".repeat(MAX_ANSWER - 2) + "\"")));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308, 300, 304})
  void neverFollowsRedirects(int status) throws Exception {
    try (HostileServer elsewhere = sending(ok("application/json", "1"))) {
      failed(
          Reason.UPSTREAM_REDIRECT,
          true,
          answering(
              "HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                  .formatted(status, elsewhere.url())));
      assertEquals(0, elsewhere.accepted.get());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500|application/json|{\"e\":\"x\"}|{\"e\":\"x\"}",
        "500|text/plain|it broke|\"it broke\"",
        "404|text/html|<p>|\"<p>\"",
        "503|application/json|{\"e\":|\"{\\\"e\\\":\"",
      })
  void keepsTheToolsErrorText(int status, String type, String text, String kept) throws Exception {
    Failed failed =
        failed(
            Reason.UPSTREAM_STATUS,
            true,
            answering(ok(type, text).replace("200 OK", status + " Error")));
    assertTrue(failed.detail().contains(String.valueOf(status)));
    assertEquals(kept, StrictJson.text(java.util.Objects.requireNonNull(failed.body())));
  }

  @Test
  void cutsErrorTextsWithoutBreakingCharacters() throws Exception {
    Failed failed =
        failed(
            Reason.UPSTREAM_STATUS,
            true,
            answering(
                ok("text/plain", "x" + "\uD83D\uDE00".repeat(10_000)).replace("200 OK", "500 No")));
    byte[] written = StrictJson.write(java.util.Objects.requireNonNull(failed.body()));
    assertTrue(written.length < 20_000);
    assertInstanceOf(StrictJson.Parsed.class, StrictJson.parse(written));
  }

  @Test
  void hasNoErrorTextWhereThereWasNone() throws Exception {
    assertNull(
        failed(
                Reason.UPSTREAM_STATUS,
                true,
                answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"))
            .body());
  }

  @Test
  void waitsThroughInterimAnswers() throws Exception {
    String interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
    assertEquals("1", body(answering(interim + ok("application/json", "1"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 102, 199})
  void refusesInterimAnswersThatItDoesNotKnow(int status) throws Exception {
    failed(
        Reason.UPSTREAM_BROKEN,
        true,
        answering("HTTP/1.1 %d X\r\n\r\n".formatted(status) + ok("application/json", "1")));
  }

  @Test
  void endsAtTheDeadlineWhenInterimAnswersNeverEnd() throws Exception {
    Behaviour flood =
        (request, out, socket) -> {
          while (true) {
            write(out, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
          }
        };
    failed(Reason.UPSTREAM_TIMEOUT, true, behaving(flood, SHORT));
  }
}
