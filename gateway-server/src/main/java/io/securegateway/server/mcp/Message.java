package io.securegateway.server.mcp;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One JSON-RPC 2.0 message. {@code tree} is the whole message as it came, with members that are not
 * known here, in their order; the other components are views of it. Nobody changes a tree that is
 * in a message.
 */
public sealed interface Message {
  /** The whole message. */
  ObjectNode tree();

  /**
   * Somebody wants an answer.
   *
   * @param id a string or a whole number
   * @param params empty if there were none
   */
  record Request(JsonNode id, String method, ObjectNode params, ObjectNode tree)
      implements Message {
    /** A fresh one. */
    public static Request of(JsonNode id, Method method, ObjectNode params) {
      ObjectNode tree = begun();
      tree.set("id", id);
      tree.put("method", method.text()).set("params", params);
      return new Request(id, method.text(), params, tree);
    }
  }

  /**
   * Somebody tells something.
   *
   * @param params empty if there were none
   */
  record Notification(String method, ObjectNode params, ObjectNode tree) implements Message {
    /** A fresh one; without parameters if they are empty. */
    public static Notification of(Method method, ObjectNode params) {
      ObjectNode tree = begun().put("method", method.text());
      if (!params.isEmpty()) {
        tree.set("params", params);
      }
      return new Notification(method.text(), params, tree);
    }
  }

  /** The answer. */
  record Result(JsonNode id, ObjectNode result, ObjectNode tree) implements Message {
    /** A fresh one. */
    public static Result of(JsonNode id, ObjectNode result) {
      ObjectNode tree = begun();
      tree.set("id", id);
      tree.set("result", result);
      return new Result(id, result, tree);
    }
  }

  /**
   * There is no answer.
   *
   * @param id null if the other side could not read which request it was
   * @param data what else it said; null if nothing
   */
  record Failure(
      @Nullable JsonNode id, long code, String message, @Nullable JsonNode data, ObjectNode tree)
      implements Message {
    /** A fresh one. */
    public static Failure of(@Nullable JsonNode id, RpcCode code, String message) {
      ObjectNode tree = begun();
      tree.set("id", id == null ? JsonNodeFactory.instance.nullNode() : id);
      tree.putObject("error").put("code", code.number()).put("message", message);
      return new Failure(id, code.number(), message, null, tree);
    }

    /** A fresh one that says more than its text. */
    public static Failure of(@Nullable JsonNode id, RpcCode code, String message, JsonNode data) {
      Failure plain = of(id, code, message);
      if (plain.tree().path("error") instanceof ObjectNode error) {
        error.set("data", data);
      }
      return new Failure(id, code.number(), message, data, plain.tree());
    }
  }

  private static ObjectNode begun() {
    return JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
  }
}
