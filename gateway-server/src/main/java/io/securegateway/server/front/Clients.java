package io.securegateway.server.front;

import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.upstream.Client;
import io.securegateway.server.upstream.ServerRequests;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What servers are told that a client can: what it declared, as far as key and policy could ever
 * let it be asked so.
 */
final class Clients {
  private static final List<Method> QUESTIONS =
      List.of(Method.ELICITATION, Method.SAMPLING, Method.ROOTS_LIST);

  private final ToolList tools;
  private final ToolCalls calls;

  Clients(ToolList tools, ToolCalls calls) {
    this.tools = tools;
    this.calls = calls;
  }

  Client of(Turn turn) {
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    for (Method method : QUESTIONS) {
      String name = Asker.capability(method);
      JsonNode declared = turn.capabilities().get(name);
      if (declared != null && tools.reaches(turn.caller(), method.text())) {
        told.set(name, declared);
      }
    }
    Delivery delivery = turn.deliveries().apply(turn);
    return new Client(
        Client.principal(turn.caller()),
        turn.conversation(),
        turn.revision().era() == Revision.Era.SESSION,
        told,
        new Asker(turn, calls, delivery),
        delivery
            .between()
            .<ServerRequests>map(way -> new Asker(turn.unasked(), calls, way))
            .orElse(ServerRequests.NOBODY),
        delivery.beside());
  }
}
