package io.securegateway.server.front;

import io.securegateway.api.Caller;
import io.securegateway.server.flow.Attempt;
import io.securegateway.server.flow.Departure;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.rest.AgentDesk.Seated;
import io.vertx.core.Context;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request of a client, whichever wire it came on. Used on its event loop only.
 *
 * @param session the policy's session; null for the key's implicit one
 * @param client the name the client gives itself
 * @param logs whether a log message of a level is told
 * @param departure leaves when the client cancels
 */
record Turn(
    Seated seated,
    @Nullable String session,
    Revision revision,
    Message.Request request,
    @Nullable String client,
    Departure departure,
    Answering answering,
    Predicate<String> logs,
    Context context) {
  Caller caller() {
    return seated.caller();
  }

  String project() {
    return seated.bench().project();
  }

  ObjectNode params() {
    return request.params();
  }

  /** What is to be judged, under the name that policies use. */
  Attempt attempt(String tool, JsonNode arguments) {
    return new Attempt(caller(), session, tool, arguments, client, null);
  }

  /** The parameters without these members, for what is passed on unjudged. */
  ObjectNode beside(Set<String> judged) {
    ObjectNode beside = params().deepCopy();
    beside.remove(judged);
    return beside;
  }

  /** The token under which the client wants to hear how far its request is; null if it does not. */
  @Nullable JsonNode progressToken() {
    JsonNode token = params().path(Meta.META).path(Meta.PROGRESS_TOKEN);
    return token.isString() || token.isIntegralNumber() ? token : null;
  }

  /** Tells the client what the server tells of this request, under the client's own token. */
  void hear(Message.Notification told) {
    JsonNode token = progressToken();
    if (told.method().equals(Method.PROGRESS.text()) && token != null) {
      ObjectNode params = told.params().deepCopy();
      params.set(Meta.PROGRESS_TOKEN, token);
      answering.tell(Message.Notification.of(Method.PROGRESS, params));
    } else if (told.method().equals(Method.LOG.text())
        && logs.test(told.params().path("level").asString(""))) {
      answering.tell(told);
    }
  }
}
