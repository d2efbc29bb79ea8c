package io.securegateway.server.admin;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request of a person that cannot be served: RFC 9457.
 *
 * <p>Thrown by handlers, answered by the door.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final transient ObjectNode extra = JsonNodeFactory.instance.objectNode();

  /** With the HTTP status, a stable title, and a sentence that names the mend. */
  public Problem(int status, String title, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.title = title;
  }

  /** With a further member. */
  public Problem with(String member, JsonNode value) {
    extra.set(member, value);
    return this;
  }

  int status() {
    return status;
  }

  JsonNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("type", "about:blank")
        .put("title", title)
        .put("status", status)
        .put("detail", getMessage());
    body.setAll(extra);
    return body;
  }
}
