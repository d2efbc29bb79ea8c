package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.core.json.Excerpt;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.upstream.UpstreamAnswer.Answered;
import io.securegateway.server.upstream.UpstreamAnswer.Failed;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the answer to {@code tools/call} means to a caller who knows nothing of the protocol: the
 * structured content if there is some, else the list of contents. Pure.
 */
final class ToolResult {
  private static final int MAX_MESSAGE = 500;

  private ToolResult() {}

  /** Of a tool call; the results of other methods are taken as they are. */
  static UpstreamAnswer of(Method method, Answer answer) {
    return switch (answer) {
      case Answer.Said said ->
          method == Method.TOOLS_CALL
              ? result(said.result().result())
              : other(said.result().result());
      case Answer.Declined declined -> declined(declined.failure());
      case Answer.SessionGone gone ->
          Failed.unsent(Reason.UPSTREAM_CONNECT, "The server ends each session at once.");
      case Answer.Nothing nothing ->
          new Failed(nothing.code(), nothing.detail(), null, nothing.sent());
    };
  }

  private static UpstreamAnswer other(ObjectNode result) {
    String type = result.path("resultType").asString("complete");
    return switch (type) {
      case "complete" -> new Answered(result, new Original.Result(result));
      case "input_required" ->
          new Failed(
              Reason.TOOL_ASKS,
              Reason.TOOL_ASKS.meaning(),
              null,
              true,
              new Original.Result(result));
      default ->
          Failed.sent(
              Reason.UPSTREAM_MALFORMED,
              "The server's result is of a type that the gateway does not know: "
                  + Excerpt.of(type, 60));
    };
  }

  private static UpstreamAnswer result(ObjectNode result) {
    String type = result.path("resultType").asString("complete");
    if (type.equals("input_required")) {
      return new Failed(
          Reason.TOOL_ASKS, Reason.TOOL_ASKS.meaning(), null, true, new Original.Result(result));
    }
    JsonNode content = result.path("content");
    if (!type.equals("complete") || (!content.isMissingNode() && !content.isArray())) {
      return Failed.sent(
          Reason.UPSTREAM_MALFORMED,
          "The tool's result is none that the gateway knows: it is of type "
              + Excerpt.of(type, 60)
              + " or its content is no list.");
    }
    JsonNode structured = result.path("structuredContent");
    boolean hasStructure = !structured.isMissingNode() && !structured.isNull();
    if (!hasStructure && content.isMissingNode()) {
      return Failed.sent(Reason.UPSTREAM_MALFORMED, "The tool's result has no content.");
    }
    JsonNode body = hasStructure ? structured : content;
    return result.path("isError").asBoolean(false)
        ? new Failed(
            Reason.TOOL_FAILED,
            Reason.TOOL_FAILED.meaning(),
            body,
            true,
            new Original.Result(result))
        : new Answered(body, new Original.Result(result));
  }

  private static Failed declined(Message.Failure failure) {
    return new Failed(
        Reason.UPSTREAM_REFUSED,
        "The tool's server answered with error "
            + failure.code()
            + ": "
            + Excerpt.of(failure.message().replaceAll("\\p{Cntrl}", " "), MAX_MESSAGE),
        failure.data(),
        true,
        failure.tree().path("error") instanceof ObjectNode error
            ? new Original.Refusal(error)
            : null);
  }
}
