package io.securegateway.server.front;

import io.securegateway.server.mcp.Method;
import io.securegateway.server.rest.AgentDesk.Seated;
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

  /** The same for a session, which also hears of changes. */
  ObjectNode sessionCapabilities(Seated seated) {
    return others.sessionCapabilities(seated);
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
