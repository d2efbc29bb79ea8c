package io.securegateway.server.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
  private static final HostCheck LOOPBACK = new HostCheck(true, List.of(), List.of());
  private static final HostCheck ANY = new HostCheck(false, List.of(), List.of());
  private static final HostCheck LISTED =
      new HostCheck(false, List.of("Gate.example.com"), List.of("https://Console.example.com"));

  private static String status(HostCheck check, String... headers) {
    return check
        .problem(RequestHead.of("POST", "/mcp", headers))
        .map(refusal -> refusal.status() + " " + refusal.code())
        .orElse("ok");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080"})
  void loopbackAnswersToLoopbackNames(String host) {
    assertEquals("ok", status(LOOPBACK, "Host", host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attacker.tld",
        "attacker.tld:8080",
        "localhost.evil",
        "127.0.0.1.evil",
        "127.0.0.2",
        "localhost.",
        "0.0.0.0",
        "[::2]",
        "2130706433",
        "127.1",
        "gate.example.com"
      })
  void loopbackRefusesOtherNames(String host) {
    assertEquals("421 host.refused", status(LOOPBACK, "Host", host));
  }

  @ParameterizedTest
  @CsvSource({
    "gate.example.com, ok",
    "GATE.example.com:8443, ok",
    "gate.example.com., 421 host.refused",
    "x.gate.example.com, 421 host.refused",
    "localhost, 421 host.refused",
  })
  void answersToListedNamesOnly(String host, String expected) {
    assertEquals(expected, status(LISTED, "Host", host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ":80",
        "x/?#",
        "a@b",
        "a b",
        "localhost:",
        "localhost:99999",
        "localhost:-1",
        "localhost:80:80",
        "localhost:8x",
        "localhost:０",
        "::1",
        "[::1",
        "::1]",
        "[::1]x",
        "[::1]x:80",
        "[]",
        "[]:80",
        "[x]",
        "[１]",
        "a,b",
        "localhost,evil.tld",
        "http://localhost",
        "localhost/",
        "localhost#",
        "local_host",
        "löcalhost",
        "%6cocalhost",
        "localhost\t",
        "localhost:000080"
      })
  void refusesHostsThatAreNone(String host) {
    assertFalse(HostCheck.isHost(host), host);
    assertEquals("400 host.malformed", status(ANY, "Host", host));
  }

  @Test
  void needsExactlyOneHost() {
    assertEquals("400 host.malformed", status(LOOPBACK));
    assertEquals("400 host.malformed", status(LOOPBACK, "Host", "localhost", "host", "localhost"));
  }

  @Test
  void boundsTheNamesLength() {
    assertTrue(HostCheck.isHost("a".repeat(255)));
    assertFalse(HostCheck.isHost("a".repeat(256)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost:8080", "https://localhost:8080", "HTTP://LOCALHOST:8080"})
  void takesItsOwnOrigin(String origin) {
    assertEquals("ok", status(LOOPBACK, "Host", "localhost:8080", "Origin", origin));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "",
        "http://localhost",
        "http://localhost:80800",
        "http://localhost.evil",
        "http://localhost:8080.evil",
        "http://evil",
        "localhost:8080",
        "file://localhost:8080",
        "http://localhost:8080/",
        "http://localhost:8080 http://evil",
        "http://x@localhost:8080",
        "http://127.0.0.1:8080"
      })
  void refusesOtherOrigins(String origin) {
    assertEquals(
        "403 origin.refused", status(LOOPBACK, "Host", "localhost:8080", "Origin", origin));
  }

  @Test
  void takesListedOrigins() {
    assertEquals(
        "ok", status(LISTED, "Host", "gate.example.com", "Origin", "https://console.example.com"));
    assertEquals(
        "403 origin.refused",
        status(LISTED, "Host", "gate.example.com", "Origin", "http://console.example.com"));
  }

  @Test
  void neverRepeatsWhatWasSent() {
    String message =
        LOOPBACK
            .problem(RequestHead.of("GET", "/", "Host", "evil-4711.tld"))
            .orElseThrow()
            .message();
    assertFalse(message.contains("4711"), message);
  }
}
