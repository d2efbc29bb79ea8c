package io.securegateway.server.flow;

import java.util.ArrayList;
import java.util.List;

/** Whether the caller left before the answer came. Used on the call's event loop only. */
public final class Departure {
  private final List<Runnable> listeners = new ArrayList<>(1);
  private boolean gone;

  /** The caller left: tells everybody once. */
  public void leave() {
    if (!gone) {
      gone = true;
      listeners.forEach(Runnable::run);
      listeners.clear();
    }
  }

  /** Whether they did. */
  public boolean gone() {
    return gone;
  }

  /** Calls back when they leave, at once if they did. */
  public void onGone(Runnable listener) {
    if (gone) {
      listener.run();
    } else {
      listeners.add(listener);
    }
  }
}
