package io.securegateway.server.trace;

import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call, as it is followed. Used by one thread at a time; never blocks, never throws. */
public interface CallTrace {
  /** It was judged, or judged again. {@code since}: nanoseconds of {@link System#nanoTime}. */
  void decided(Event.CallDecided decided, long since);

  /** Plugins were asked, one after the other, from {@code since} on. */
  void screened(String hook, List<Event.Screen> screens, long since);

  /** It goes to its tool now. */
  Hop forwarded();

  /**
   * It ended.
   *
   * @param how allowed, denied, approval_required, invalid or error
   * @param code why, unless it is allowed
   */
  void ended(String how, @Nullable Reason code);

  /** The way to a tool and back. */
  interface Hop {
    /** What the tool's server is told; null if nothing is known. */
    @Nullable TraceContext context();

    /** It is back. {@code code}: why it failed; null if it did not. */
    void ended(@Nullable Reason code);
  }
}
