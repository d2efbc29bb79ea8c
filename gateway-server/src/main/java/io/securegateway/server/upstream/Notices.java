package io.securegateway.server.upstream;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server says of its lists: that they are others. Many notices at once are one, a flood is
 * heard every few seconds, and none is lost. Used on the upstream's loop only.
 */
final class Notices {
  private static final List<String> LISTS = List.of("tools", "prompts", "resources");
  private static final long SOON_MS = 100;
  private static final long LATER_MS = 5_000;

  private final Ration ration = new Ration(10, 0.2);
  private final NextTime tools;
  private final NextTime prompts;
  private final NextTime resources;

  /** {@code tools}: when they are listed again; {@code others} is told of the other lists. */
  Notices(Vertx vertx, NextTime tools, Consumer<Method> others) {
    this.tools = tools;
    this.prompts = new NextTime(vertx, () -> others.accept(Method.PROMPTS_CHANGED));
    this.resources = new NextTime(vertx, () -> others.accept(Method.RESOURCES_CHANGED));
  }

  /** What to ask a server for that has no sessions; empty if it tells of no list. */
  static ObjectNode wanted(JsonNode capabilities) {
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    for (String list : LISTS) {
      if (capabilities.path(list).path("listChanged").asBoolean(false)) {
        wanted.put(list + "ListChanged", true);
      }
    }
    return wanted;
  }

  void take(Message.Notification told) {
    switch (Method.of(told.method()).orElse(Method.LOG)) {
      case TOOLS_CHANGED -> tools.in(when());
      case PROMPTS_CHANGED -> prompts.in(when());
      case RESOURCES_CHANGED -> resources.in(when());
      default -> {}
    }
  }

  private long when() {
    return ration.take() ? SOON_MS : LATER_MS;
  }
}
