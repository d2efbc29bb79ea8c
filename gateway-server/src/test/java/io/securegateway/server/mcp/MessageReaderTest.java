package io.securegateway.server.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.securegateway.core.json.StrictJson;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
  private static MessageReader.Read read(String text) {
    return MessageReader.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Message taken(String text) {
    return assertInstanceOf(MessageReader.Taken.class, read(text), text).message();
  }

  @Test
  void keepsUnknownMembersTheirOrderAndTheTextOfNumbers() {
    String text =
        "{\"zeta\":1.0,\"jsonrpc\":\"2.0\",\"id\":\"é\",\"method\":\"x/y\",\"params\":"
            + "{\"n\":12345678901234567890.123456789,\"b\":0.1000,\"a\":{\"_meta\":{}}},\"alpha\":[]}";
    Message message = taken(text);
    assertEquals(text, StrictJson.text(message.tree()));
    assertEquals("x/y", assertInstanceOf(Message.Request.class, message).method());
  }

  @Test
  void tellsTheFourKindsApart() {
    assertInstanceOf(
        Message.Request.class, taken("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"ping\"}"));
    assertInstanceOf(Message.Notification.class, taken("{\"jsonrpc\":\"2.0\",\"method\":\"a\"}"));
    assertInstanceOf(Message.Result.class, taken("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
    var failure =
        assertInstanceOf(
            Message.Failure.class,
            taken(
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"m\"}}"));
    assertEquals(-32700, failure.code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
        "1",
        "{}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":3}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{\"code\":1,\"message\":\"\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1.5,\"message\":\"\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1}}"
      })
  void refusesWhatIsNoMessage(String text) {
    var refused = assertInstanceOf(MessageReader.Refused.class, read(text), text);
    assertEquals(RpcCode.INVALID_REQUEST, refused.code());
  }

  @Test
  void namesTheRequestThatItRefuses() {
    var refused =
        assertInstanceOf(
            MessageReader.Refused.class,
            read("{\"jsonrpc\":\"2.0\",\"id\":\"r7\",\"method\":\"a\",\"params\":3}"));
    assertEquals("r7", assertNotNullId(refused).stringValue());
  }

  private static tools.jackson.databind.JsonNode assertNotNullId(MessageReader.Refused refused) {
    var id = refused.id();
    assertNotNull(id);
    return java.util.Objects.requireNonNull(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\"}", "{} {}"})
  void refusesWhatIsNoJson(String text) {
    var refused = assertInstanceOf(MessageReader.Refused.class, read(text), text);
    assertEquals(RpcCode.PARSE_ERROR, refused.code());
  }

  @Property(tries = 500)
  void neverThrowsAtBytes(@ForAll byte[] bytes) {
    assertNotNull(MessageReader.read(bytes));
  }

  @Property(tries = 500)
  void neverThrowsAtBrokenMessages(@ForAll byte noise, @ForAll int place) {
    byte[] bytes =
        "{\"jsonrpc\":\"2.0\",\"id\":12,\"error\":{\"code\":-1,\"message\":\"é\",\"data\":[]}}"
            .getBytes(StandardCharsets.UTF_8);
    bytes[Math.floorMod(place, bytes.length)] = noise;
    assertNotNull(MessageReader.read(bytes));
  }
}
