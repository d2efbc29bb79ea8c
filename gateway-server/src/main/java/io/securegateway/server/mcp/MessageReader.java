package io.securegateway.server.mcp;

import io.securegateway.core.json.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads one message, strictly: exactly what JSON-RPC 2.0 allows, never a batch. Pure. */
public final class MessageReader {
  private static final int MAX_METHOD = 128;
  private static final int MAX_ID = 256;

  private MessageReader() {}

  /** What became of some bytes. */
  public sealed interface Read {}

  /** A message. */
  public record Taken(Message message) implements Read {}

  /**
   * None.
   *
   * @param code parse error or invalid request
   * @param id of the request, as far as it could be read
   */
  public record Refused(RpcCode code, String reason, @Nullable JsonNode id) implements Read {}

  /** Reads bytes. Never throws. */
  public static Read read(byte[] bytes) {
    return switch (StrictJson.parse(bytes)) {
      case StrictJson.Parsed parsed -> of(parsed.tree());
      case StrictJson.Refused refused -> new Refused(RpcCode.PARSE_ERROR, refused.message(), null);
    };
  }

  /** Reads a tree. Never throws. */
  public static Read of(JsonNode node) {
    if (node.isArray()) {
      return refused("Batches are not taken; send one message.", null);
    }
    if (!(node instanceof ObjectNode tree)) {
      return refused("A message is an object, not a " + kind(node) + ".", null);
    }
    JsonNode id = isId(tree.path("id")) ? tree.path("id") : null;
    if (!tree.path("jsonrpc").isString() || !tree.path("jsonrpc").stringValue().equals("2.0")) {
      return refused("The member jsonrpc must be \"2.0\".", id);
    }
    boolean answers = tree.has("result") || tree.has("error");
    if (tree.has("method")) {
      return answers
          ? refused("A message has either a method or a result or an error.", id)
          : asked(tree, id);
    }
    return answers ? answered(tree, id) : refused("It has neither method, result nor error.", id);
  }

  private static Read asked(ObjectNode tree, @Nullable JsonNode id) {
    JsonNode method = tree.path("method");
    if (!method.isString()
        || method.stringValue().isEmpty()
        || method.stringValue().length() > MAX_METHOD) {
      return refused("The method must be a string of 1 to " + MAX_METHOD + " characters.", id);
    }
    if (tree.has("id") && id == null) {
      return refused("The id must be a string or a whole number, and not null.", null);
    }
    JsonNode params = tree.path("params");
    if (!params.isMissingNode() && !params.isObject()) {
      return refused("The member params must be an object, not a " + kind(params) + ".", id);
    }
    ObjectNode object =
        params instanceof ObjectNode found ? found : JsonNodeFactory.instance.objectNode();
    return new Taken(
        id == null
            ? new Message.Notification(method.stringValue(), object, tree)
            : new Message.Request(id, method.stringValue(), object, tree));
  }

  private static Read answered(ObjectNode tree, @Nullable JsonNode id) {
    JsonNode written = tree.path("id");
    boolean nobody = written.isNull() || written.isMissingNode();
    if (tree.has("result")) {
      if (id == null || tree.has("error") || !(tree.path("result") instanceof ObjectNode result)) {
        return refused("A result has an id and is an object, without an error beside it.", id);
      }
      return new Taken(new Message.Result(id, result, tree));
    }
    JsonNode error = tree.path("error");
    JsonNode code = error.path("code");
    if (!code.canConvertToLong() || !code.isIntegralNumber() || !error.path("message").isString()) {
      return refused("An error is an object with a whole code and a message.", id);
    }
    if (id == null && !nobody) {
      return refused("The id must be a string or a whole number.", null);
    }
    JsonNode data = error.get("data");
    return new Taken(
        new Message.Failure(id, code.longValue(), error.path("message").stringValue(), data, tree));
  }

  private static boolean isId(JsonNode id) {
    return id.isString()
        ? id.stringValue().length() <= MAX_ID
        : id.isIntegralNumber() && id.canConvertToLong();
  }

  private static String kind(JsonNode node) {
    return node.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
  }

  private static Refused refused(String reason, @Nullable JsonNode id) {
    return new Refused(RpcCode.INVALID_REQUEST, reason, id);
  }
}
