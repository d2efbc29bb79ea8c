package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.core.json.Excerpt;
import io.securegateway.core.json.StrictJson;
import io.securegateway.server.upstream.UpstreamAnswer.Answered;
import io.securegateway.server.upstream.UpstreamAnswer.Failed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a whole HTTP answer of a tool server means. Pure. */
final class ToolAnswer {
  private static final int MAX_ERROR = 4 * 1024;

  private ToolAnswer() {}

  static UpstreamAnswer of(
      int status, @Nullable String type, @Nullable String encoding, byte[] body) {
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Failed.sent(
          Reason.UPSTREAM_MALFORMED,
          "The tool's answer has a content encoding that was not asked for.");
    }
    if (status < 200 || status >= 300) {
      return new Failed(
          Reason.UPSTREAM_STATUS,
          "The tool's server answered with status " + status + ".",
          error(body),
          true);
    }
    if (body.length == 0) {
      return new Answered(JsonNodeFactory.instance.nullNode());
    }
    if (type != null && isJson(type)) {
      return switch (StrictJson.parse(body)) {
        case StrictJson.Parsed parsed -> new Answered(parsed.tree());
        case StrictJson.Refused refused ->
            Failed.sent(
                Reason.UPSTREAM_MALFORMED,
                "The tool's answer says it is JSON, but: " + refused.message());
      };
    }
    return new Answered(typed(type == null ? "application/octet-stream" : type, body));
  }

  private static boolean isJson(String type) {
    int end = type.indexOf(';');
    String plain = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return plain.equals("application/json") || plain.endsWith("+json");
  }

  /** Other content: a string with its type; what is not UTF-8 goes as base64. */
  private static JsonNode typed(String type, byte[] body) {
    String text = text(body);
    var node = JsonNodeFactory.instance.objectNode().put("content_type", Excerpt.of(type, 200));
    return text == null
        ? node.put("base64", Base64.getEncoder().encodeToString(body))
        : node.put("content", text);
  }

  private static @Nullable JsonNode error(byte[] body) {
    if (body.length == 0) {
      return null;
    }
    if (body.length <= MAX_ERROR && StrictJson.parse(body) instanceof StrictJson.Parsed parsed) {
      return parsed.tree();
    }
    String text = text(body);
    return text == null ? null : JsonNodeFactory.instance.stringNode(Excerpt.of(text, MAX_ERROR));
  }

  private static @Nullable String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
