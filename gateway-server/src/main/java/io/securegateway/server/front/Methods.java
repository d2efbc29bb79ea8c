package io.securegateway.server.front;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.rest.AgentDesk.Seated;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Which class serves a method; those that no wire knows of are refused before. */
final class Methods {
  private final ToolMethods tools;
  private final OtherMethods others;
  private final Instructions instructions;

  Methods(ToolMethods tools, OtherMethods others, Instructions instructions) {
    this.tools = tools;
    this.others = others;
    this.instructions = instructions;
  }

  /** Says in a greeting what the servers tell models. */
  void instruct(ObjectNode greeting, Seated seated) {
    instructions.of(seated.caller()).ifPresent(text -> greeting.put("instructions", text));
  }

  /** What clients are told the gateway offers. */
  ObjectNode capabilities(Seated seated) {
    return others.capabilities(seated);
  }

  /** Which resources a client may hear of; see {@link ListWatch.Resources}. */
  Future<List<String>> hear(
      Turn turn, List<String> addresses, Consumer<Message.Notification> told) {
    return others.hear(turn, addresses, told);
  }

  /** A session says that its roots are others. */
  void rootsChanged(McpSession session) {
    others.rootsChanged(session);
  }

  /** Serves a request, if this is a method that both wires have. */
  void serve(Method method, Turn turn) {
    switch (method) {
      case TOOLS_LIST -> tools.list(turn);
      case TOOLS_CALL -> tools.call(turn);
      case PROMPTS_LIST -> others.prompts(turn);
      case PROMPTS_GET -> others.get(turn);
      case RESOURCES_LIST -> others.resources(turn);
      case TEMPLATES_LIST -> others.templates(turn);
      case RESOURCES_READ -> others.read(turn);
      case COMPLETE -> others.complete(turn);
      case SUBSCRIBE, UNSUBSCRIBE -> others.subscribe(method, turn);
      default -> turn.unknownMethod();
    }
  }
}
