package io.securegateway.server.front;

import io.securegateway.api.Caller;
import io.securegateway.server.flow.Attempt;
import io.securegateway.server.flow.Departure;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Meta;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.rest.AgentDesk.Seated;
import io.securegateway.server.trace.TraceContext;
import io.securegateway.server.upstream.Client;
import io.securegateway.server.upstream.Owner;
import io.securegateway.server.upstream.Passing;
import io.vertx.core.Context;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request of a client, whichever wire it came on. Used on its event loop only.
 *
 * @param session the policy's session; null for the key's implicit one
 * @param client the name the client gives itself
 * @param level the lowest level of log messages that the client wants; null for none
 * @param departure leaves when the client cancels
 * @param capabilities that the client declared
 * @param deliveries how it is asked
 * @param conversation under which servers may keep a conversation for it
 */
record Turn(
    Seated seated,
    @Nullable String session,
    Revision revision,
    Message.Request request,
    @Nullable String client,
    Departure departure,
    Answering answering,
    @Nullable LogLevel level,
    ObjectNode capabilities,
    Function<Turn, Delivery> deliveries,
    String conversation,
    Context context) {
  /** Of features that end at the gateway. */
  private static final List<String> NOT_PASSED = List.of("task", "inputResponses", "requestState");

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
    return new Attempt(caller(), session, tool, arguments, client, null)
        .within(TraceContext.ofMeta(params().path(Meta.META)).or(answering::trace));
  }

  /** What goes along with what is judged. */
  Passing passing(Method method, @Nullable Owner owner, Client client) {
    ObjectNode sent = params().deepCopy();
    sent.remove(NOT_PASSED);
    LogLevel wanted = level;
    return new Passing(
        method,
        owner,
        sent,
        Answering.progressToken(request) != null,
        wanted == null ? null : wanted.word(),
        client.capabilities().isEmpty() && !client.hasSessions() ? null : client,
        this::hear);
  }

  /**
   * The same client outside of its requests: nothing that ends one of them ends what it is asked.
   */
  Turn unasked() {
    return new Turn(
        seated,
        session,
        revision,
        Message.Request.of(request.id(), Method.PING, JsonNodeFactory.instance.objectNode()),
        client,
        new Departure(),
        answering,
        level,
        capabilities,
        deliveries,
        conversation,
        context);
  }

  /** Answers that there is no such method; with the status that the wire wants. */
  void unknownMethod() {
    answering.refuse(
        revision.era() == Revision.Era.STATELESS ? 404 : 200,
        RpcCode.METHOD_NOT_FOUND,
        "Method not found");
  }

  /** Tells the client what the server tells of this request, under the client's own token. */
  void hear(Message.Notification told) {
    if (told.method().equals(Method.PROGRESS.text())) {
      answering.progress(told.params());
    } else if (told.method().equals(Method.LOG.text())
        && level != null
        && level.admits(told.params().path("level").asString(""))) {
      answering.tell(told);
    }
  }
}
