package io.securegateway.server.stdio;

import io.securegateway.server.mcp.HeaderText;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.ParamHeaders;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is known of the conversation: its session and revision, and which arguments of which tools
 * stand in headers. Thread-safe.
 */
final class Conversation {
  private final Map<String, ParamHeaders> mirrored = new ConcurrentHashMap<>();
  private volatile @Nullable String session;
  private volatile @Nullable String revision;

  /** The session, once the gateway gave one. */
  Optional<String> session() {
    return Optional.ofNullable(session);
  }

  /** The session is over. */
  void ended() {
    session = null;
    revision = null;
  }

  /** The headers that go with a message. */
  void stamp(HttpRequest.Builder request, @Nullable Message message) {
    JsonNode claimed =
        message == null
            ? tools.jackson.databind.node.MissingNode.getInstance()
            : params(message).path(Meta.META).path(Meta.VERSION);
    if (message != null && claimed.isString()) {
      request.header(Meta.VERSION_HEADER, claimed.stringValue());
      mirrors(message).forEach(request::header);
      return;
    }
    session().ifPresent(id -> request.header(Meta.SESSION_HEADER, id));
    String agreed = revision;
    if (agreed != null) {
      request.header(Meta.VERSION_HEADER, agreed);
    }
  }

  private static JsonNode params(Message message) {
    return message.tree().path("params");
  }

  private Map<String, String> mirrors(Message message) {
    JsonNode params = params(message);
    String method = message.tree().path("method").asString("");
    Map<String, String> headers = new ConcurrentHashMap<>();
    headers.put(Meta.METHOD_HEADER, method);
    String name = params.path("name").asString(params.path("uri").asString(""));
    boolean tool = method.equals(Method.TOOLS_CALL.text());
    if (tool || method.equals(Method.PROMPTS_GET.text()) || !params.path("uri").isMissingNode()) {
      headers.put(Meta.NAME_HEADER, HeaderText.encoded(name));
    }
    ParamHeaders known = tool ? mirrored.get(name) : null;
    if (known != null) {
      headers.putAll(known.of(name, params.path("arguments")));
    }
    return headers;
  }

  /** What the head of an answer to {@code initialize} tells. */
  void opened(HttpHeaders headers) {
    headers.firstValue(Meta.SESSION_HEADER).ifPresent(id -> session = id);
  }

  /** What an answer tells: the revision that was agreed on, or a list of tools. */
  void learn(String method, JsonNode result) {
    if (method.equals(Method.INITIALIZE.text())) {
      revision = result.path("protocolVersion").asString(revision);
    }
    if (method.equals(Method.TOOLS_LIST.text())) {
      for (JsonNode tool : result.path("tools")) {
        ParamHeaders.of(tool.path("inputSchema"))
            .ifPresent(headers -> mirrored.put(tool.path("name").asString(""), headers));
      }
    }
  }
}
