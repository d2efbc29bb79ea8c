package io.securegateway.server.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.standardwebhooks.Webhook;
import io.securegateway.core.anomaly.Alert;
import io.securegateway.core.anomaly.Delivery;
import io.securegateway.core.anomaly.Detector;
import io.securegateway.core.anomaly.Severity;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What goes over the wire, also when names are hostile. */
class WireFormatsTest {
  private static final String HOSTILE = "a|b=c\\\n<!channel>\u001b[31m\"]\u2028\u202e";
  private static final String SECRET =
      "whsec_" + Base64.getEncoder().encodeToString("x".repeat(32).getBytes());

  private static Delivery delivery() {
    Alert alert =
        new Alert(
            "a-1",
            Detector.DENY_THEN_ALLOW,
            Severity.HIGH,
            "bank",
            "fp",
            Map.of("key", "ci", "tool", HOSTILE),
            Alert.State.OPEN,
            10,
            5,
            1_000,
            2_000,
            "About " + HOSTILE,
            List.of("c1"),
            List.of("siem"),
            null,
            null);
    return new Delivery(
        "d-1",
        "alert.opened",
        "siem",
        alert,
        3_000,
        Delivery.State.PENDING,
        0,
        null,
        null,
        null,
        null);
  }

  @Test
  void siemGetsAlertAndCountAndTheTextUnchanged() {
    var body = JsonMapper.shared().readTree(Payload.siem(delivery()));
    assertEquals("deny then allow", body.path("alert").asString());
    assertEquals(10, body.path("count").asInt());
    assertEquals(HOSTILE, body.path("group").path("tool").asString());
  }

  @Test
  void signatureIsAcceptedByTheReferenceLibraryAndNoOther() throws Exception {
    byte[] body = Payload.webhook(delivery());
    long now = Instant.now().getEpochSecond();
    String signature = WebhookSignature.of(SECRET, "d-1", now, body);
    Webhook reference = new Webhook(SECRET);
    String text = new String(body, StandardCharsets.UTF_8);
    reference.verify(
        text,
        java.net.http.HttpHeaders.of(
            Map.of(
                "webhook-id", List.of("d-1"),
                "webhook-timestamp", List.of(Long.toString(now)),
                "webhook-signature", List.of(signature)),
            (name, value) -> true));
    assertEquals(signature, reference.sign("d-1", now, text));
    assertFalse(signature.equals(WebhookSignature.of(SECRET, "d-2", now, body)));
  }

  @Test
  void hostileTextStaysOneRecordInCef() {
    String message = Cef.message(delivery(), "host", "1.0");
    assertTrue(
        message.startsWith(
            "<83>1 1970-01-01T00:00:03Z host SecureGateway - alert.opened - CEF:0|"));
    assertTrue(message.codePoints().noneMatch(c -> c < 0x20 || c == 0x2028 || c == 0x202e));
    assertTrue(message.contains("cs1=a|b\\=c\\\\?<!channel>?[31m\"]?? "), message);
    String[] parts = message.substring(message.indexOf("CEF:")).split("\\|", 8);
    assertEquals("8", parts[6]);
    assertTrue(parts[7].startsWith("externalId=a-1 cnt=10 "), parts[7]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "224.0.0.1",
        "0.1.2.3"
      })
  void insideAddressesAreKnown(String address) throws Exception {
    assertTrue(PrivateAddress.is(InetAddress.getByName(address)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "100.128.0.1", "2001:4860:4860::8888", "172.32.0.1"})
  void outsideAddressesAreNot(String address) throws Exception {
    assertFalse(PrivateAddress.is(InetAddress.getByName(address)));
  }

  @Test
  void retryAfterIsReadBothWaysAndBounded() {
    Instant now = Instant.parse("2026-11-22T10:00:00Z");
    assertEquals(Duration.ofSeconds(7), HttpSink.wait("7", now));
    assertEquals(Duration.ofSeconds(30), HttpSink.wait("Sun, 22 Nov 2026 10:00:30 GMT", now));
    assertEquals(Duration.ZERO, HttpSink.wait("Sun, 22 Nov 2026 09:00:00 GMT", now));
    assertEquals(Duration.ofHours(1), HttpSink.wait("999999", now));
    assertNull(HttpSink.wait("soon", now));
    assertNull(HttpSink.wait("", now));
  }

  @Test
  void secretsAreChecked() {
    assertEquals("", WebhookSignature.problem(SECRET));
    assertFalse(WebhookSignature.problem("plain").isEmpty());
    assertFalse(WebhookSignature.problem("whsec_AAAA").isEmpty());
    assertFalse(WebhookSignature.problem("whsec_%%%").isEmpty());
  }
}
