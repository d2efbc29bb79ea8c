package io.securegateway.server.front;

import io.securegateway.core.json.StrictJson;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.RpcCode;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Results, errors and questions as the wires want them. Keeps nothing. */
final class Shapes {
  /** The member of {@code _meta} in which the gateway says what it decided. */
  static final String DECISION = "securegateway/decision";

  /** The member under which the end of a visit to an address is told later. */
  static final String ELICITATION_ID = "elicitationId";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Shapes() {}

  /** For the session wire: without what only the stateless wire has. */
  static ObjectNode session(ObjectNode result) {
    if (!result.path("resultType").asString("").equals("complete")) {
      return result;
    }
    ObjectNode shaped = result.deepCopy();
    shaped.remove(List.of("resultType", "ttlMs", "cacheScope"));
    if (shaped.path(Meta.META) instanceof ObjectNode meta) {
      meta.remove(Meta.SERVER);
      if (meta.isEmpty()) {
        shaped.remove(Meta.META);
      }
    }
    return shaped;
  }

  /** For the stateless wire: with its type, what caches may do, and who says it. */
  static ObjectNode stateless(Method method, ObjectNode result, String version) {
    ObjectNode shaped = result.deepCopy();
    boolean complete = shaped.path("resultType").asString("complete").equals("complete");
    if (complete) {
      shaped.put("resultType", "complete");
    }
    boolean cacheable =
        switch (method) {
          case DISCOVER, TOOLS_LIST, PROMPTS_LIST, RESOURCES_LIST, TEMPLATES_LIST, RESOURCES_READ ->
              true;
          default -> false;
        };
    if (complete && cacheable) {
      shaped.put("ttlMs", 0).put("cacheScope", "private");
    }
    ObjectNode meta =
        shaped.path(Meta.META) instanceof ObjectNode found ? found : shaped.putObject(Meta.META);
    meta.set(Meta.SERVER, server(version));
    return shaped;
  }

  /** What a server said, without what only the gateway says. */
  static ObjectNode said(ObjectNode result) {
    if (!result.path(Meta.META).has(DECISION)) {
      return result;
    }
    ObjectNode cleaned = result.deepCopy();
    ((ObjectNode) cleaned.path(Meta.META)).remove(DECISION);
    return cleaned;
  }

  /**
   * An error as a server gave it, in the words of the client's wire. What a server says of the
   * gateway's own headers and envelope is no matter of the client's.
   */
  static ObjectNode error(Turn turn, ObjectNode error) {
    Optional<RpcCode> code = RpcCode.of(error.path("code").asLong(0));
    boolean stateless = turn.revision().era() == Revision.Era.STATELESS;
    ObjectNode shaped = error.deepCopy();
    if (stateless && code.filter(RpcCode.CAPABILITY_MISSING::equals).isPresent()) {
      return error;
    }
    if (code.filter(RpcCode::isStatelessOnly).isPresent()) {
      shaped.put("code", RpcCode.INTERNAL_ERROR.number()).remove("data");
    } else if (stateless && code.filter(RpcCode.RESOURCE_UNKNOWN::equals).isPresent()) {
      shaped.put("code", RpcCode.INVALID_PARAMS.number());
      shaped.putObject("data").set("uri", turn.params().path("uri"));
    }
    return shaped;
  }

  /**
   * The parameters of a server's question in the words of the client's wire: with sessions a user
   * is sent to an address under an id (MCP 2025-11-25); without, there is none, and nobody tells
   * how far an answer is.
   */
  static ObjectNode question(Revision.Era era, Message.Request question) {
    ObjectNode shaped = question.params().deepCopy();
    boolean address =
        question.method().equals(Method.ELICITATION.text())
            && shaped.path("mode").asString("").equals("url");
    if (era == Revision.Era.SESSION && address && !shaped.has(ELICITATION_ID)) {
      shaped.put(ELICITATION_ID, UUID.randomUUID().toString());
    }
    if (era == Revision.Era.STATELESS) {
      if (address) {
        shaped.remove(ELICITATION_ID);
      }
      if (shaped.path(Meta.META) instanceof ObjectNode meta) {
        meta.remove(Meta.PROGRESS_TOKEN);
        if (meta.isEmpty()) {
          shaped.remove(Meta.META);
        }
      }
    }
    return shaped;
  }

  /** A tool's result from a value that is none yet. */
  static ObjectNode tool(JsonNode value) {
    ObjectNode result = JSON.objectNode();
    if (isContent(value)) {
      result.set("content", value);
      return result;
    }
    text(result, value.isString() ? value.stringValue() : StrictJson.text(value));
    if (value.isObject()) {
      result.set("structuredContent", value);
    }
    return result;
  }

  private static boolean isContent(JsonNode value) {
    if (!value.isArray() || value.isEmpty()) {
      return false;
    }
    for (JsonNode block : value.values()) {
      if (!block.isObject() || !block.path("type").isString()) {
        return false;
      }
    }
    return true;
  }

  /** A tool's result that says why there is none. */
  static ObjectNode refusal(String reason, ObjectNode decision) {
    ObjectNode result = JSON.objectNode();
    text(result, reason);
    result.put("isError", true);
    result.putObject(Meta.META).set(DECISION, decision);
    return result;
  }

  private static void text(ObjectNode result, String text) {
    result.putArray("content").addObject().put("type", "text").put("text", text);
  }

  /** Who the gateway says it is. */
  static ObjectNode server(String version) {
    return JSON.objectNode().put("name", "securegateway").put("version", version);
  }
}
