package io.securegateway.server.front;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the gateway offers to clients. Pure. */
final class Capabilities {
  private Capabilities() {}

  static ObjectNode offered() {
    ObjectNode capabilities = JsonNodeFactory.instance.objectNode();
    capabilities.putObject("tools");
    capabilities.putObject("logging");
    return capabilities;
  }
}
