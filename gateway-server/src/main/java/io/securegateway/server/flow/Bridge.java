package io.securegateway.server.flow;

import io.securegateway.server.upstream.UpstreamAnswer;
import io.securegateway.server.upstream.UpstreamCall;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** Where a call goes once it may: to an upstream, or to the client whom a server asks. */
@FunctionalInterface
public interface Bridge {
  /**
   * Makes the call. The future never fails.
   *
   * @param onGone takes what is to be done when nobody waits for the answer any more
   */
  Future<UpstreamAnswer> cross(UpstreamCall call, Consumer<Runnable> onGone);
}
