package io.securegateway.server.cli;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The answer is no: exit code 1. The message says why and what to do. */
final class PolicyRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final transient JsonNode findings;

  /** {@code code} is that of the API, such as {@code version.stale}. */
  PolicyRefusal(String code, String message) {
    this(code, message, JsonNodeFactory.instance.arrayNode());
  }

  /** With what the lint found. */
  PolicyRefusal(String code, String message, JsonNode findings) {
    super(message, null, false, false);
    this.code = code;
    this.findings = findings;
  }

  /** A version that is not there. */
  static PolicyRefusal unknown(String file, String version) {
    return new PolicyRefusal(
        "version.unknown",
        "There is no version "
            + version
            + " of "
            + file
            + "; `policy history` lists those there are.");
  }

  JsonNode findings() {
    return findings;
  }

  /** For programs. */
  ObjectNode json() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("status", "refused").put("code", code).put("detail", getMessage());
    return body.set("findings", findings);
  }
}
