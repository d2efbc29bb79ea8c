package io.securegateway.server.upstream;

import io.securegateway.core.json.StrictJson;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an MCP server said, whole: with all members, in their order, also those nobody here knows.
 */
public sealed interface Original {
  /**
   * Whether it tells the caller nothing but this: whoever saw the body saw all. The structured
   * content of a tool is usually repeated as text.
   */
  boolean saysOnly(JsonNode body);

  /** The member {@code result} of its answer. */
  record Result(ObjectNode result) implements Original {
    @Override
    public boolean saysOnly(JsonNode body) {
      JsonNode content = result.path("content");
      if (body.equals(result) || (body.equals(content) && !result.has("structuredContent"))) {
        return true;
      }
      if (!body.equals(result.path("structuredContent"))) {
        return false;
      }
      for (JsonNode block : content.values()) {
        byte[] text = block.path("text").asString("").getBytes(StandardCharsets.UTF_8);
        boolean repeats =
            block.path("type").asString("").equals("text")
                && StrictJson.parse(text) instanceof StrictJson.Parsed(JsonNode parsed)
                && parsed.equals(body);
        if (!repeats) {
          return false;
        }
      }
      return true;
    }
  }

  /** The member {@code error}. */
  record Refusal(ObjectNode error) implements Original {
    @Override
    public boolean saysOnly(JsonNode body) {
      return body.equals(error);
    }
  }
}
