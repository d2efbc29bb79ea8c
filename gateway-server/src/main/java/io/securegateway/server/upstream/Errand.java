package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One thing to be asked.
 *
 * @param mirrored what stands in headers of the stateless wire besides the method
 * @param wantsProgress whether the server is asked to tell how far it is
 * @param logLevel the lowest level of log messages that are wanted; null for none
 * @param client who can be asked by the server; null if nobody can
 * @param told hears of progress, and what else the server tells on the request's own stream
 */
record Errand(
    Method method,
    ObjectNode params,
    Map<String, String> mirrored,
    boolean wantsProgress,
    @Nullable String logLevel,
    @Nullable Client client,
    Consumer<Message.Notification> told) {

  /** The same errand for that client. */
  Errand by(Client other) {
    return new Errand(method, params, mirrored, wantsProgress, logLevel, other, told);
  }

  /** The same errand with answers to what the server asked, and the state it gave with it. */
  Errand answered(ObjectNode answers, @Nullable JsonNode state) {
    ObjectNode next = params.deepCopy();
    next.set("inputResponses", answers);
    if (state != null) {
      next.set("requestState", state);
    }
    return new Errand(method, next, mirrored, wantsProgress, logLevel, client, told);
  }
}
