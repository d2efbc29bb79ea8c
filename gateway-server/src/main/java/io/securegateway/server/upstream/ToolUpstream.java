package io.securegateway.server.upstream;

import io.vertx.core.Future;
import java.util.function.Consumer;

/** Somebody who offers tools. */
interface ToolUpstream {
  /**
   * Makes the call. The future never fails, and completes on the caller's loop. {@code onGone}
   * takes what is to be done when the caller leaves.
   *
   * @param tool the name on the upstream's own side
   */
  Future<UpstreamAnswer> call(String tool, UpstreamCall call, Consumer<Runnable> onGone);

  /**
   * Takes no new calls. HTTP calls under way end by their deadlines; a conversation with an MCP
   * server ends at once, and its calls with {@code upstream.broken}.
   */
  void close();
}
