package io.securegateway.server.front;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.project.Catalogue;
import io.securegateway.server.project.InForce;
import io.securegateway.server.upstream.Catalogues;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Tells sessions that listen when the tools that they may know of are others than before, whether a
 * server, a policy or a schema changed; nobody hears of changes that are none of theirs.
 * Thread-safe.
 */
public final class ListWatch {
  private final McpSessions sessions;
  private final ToolList list;

  /** Over the sessions and what lists are made of. */
  public ListWatch(
      McpSessions sessions, Catalogue tools, Catalogues catalogues, Supplier<InForce> inForce) {
    this.sessions = sessions;
    this.list = new ToolList(tools, catalogues, inForce);
  }

  /** Something changed; looks at every session that listens. Takes its time: on no loop. */
  public void review() {
    for (McpSession session : sessions.listening()) {
      if (session.sees(list.digest(session.caller()))) {
        session.stream()
            .tell(
                Message.Notification.of(Method.TOOLS_CHANGED, JsonNodeFactory.instance.objectNode())
                    .tree());
      }
    }
  }
}
