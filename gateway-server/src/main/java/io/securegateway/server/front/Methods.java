package io.securegateway.server.front;

import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;

/** Which class serves a method; those that no wire knows of are refused before. */
final class Methods {
  private final ToolMethods tools;

  Methods(ToolMethods tools) {
    this.tools = tools;
  }

  /** Serves a request, if this is a method that both wires have. */
  void serve(Method method, Turn turn) {
    switch (method) {
      case TOOLS_LIST -> tools.list(turn);
      case TOOLS_CALL -> tools.call(turn);
      default -> turn.answering().error(RpcCode.METHOD_NOT_FOUND, "Method not found");
    }
  }
}
