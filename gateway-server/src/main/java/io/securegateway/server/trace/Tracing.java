package io.securegateway.server.trace;

import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows calls. Thread-safe; never blocks. */
public interface Tracing extends AutoCloseable {
  /** Follows nothing: what the caller sent goes on to the tool's server as it is. */
  Tracing OFF = (parent, method, tool) -> new Untraced(parent);

  /**
   * A call begins.
   *
   * @param parent what the caller sent
   * @param method as MCP names it, such as {@code tools/call}
   */
  CallTrace begin(@Nullable TraceContext parent, String method, String tool);

  /** Sends what is left; waits a few seconds at most. */
  @Override
  default void close() {}

  /** A call that nobody follows. */
  record Untraced(@Nullable TraceContext context) implements CallTrace, CallTrace.Hop {
    @Override
    public void decided(Event.CallDecided decided, long since) {}

    @Override
    public void screened(String hook, List<Event.Screen> screens, long since) {}

    @Override
    public Hop forwarded() {
      return this;
    }

    @Override
    public void ended(String how, @Nullable Reason code) {}

    @Override
    public void ended(@Nullable Reason code) {}
  }
}
