package io.securegateway.core.replay;

import io.securegateway.core.call.Call;
import io.securegateway.core.json.Canonical;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How far a session got in one course. */
final class Progress {
  final Provenance provenance = new Provenance();

  /** Calls that were made and now are not. */
  final Set<String> dropped = new HashSet<>();

  private int calls;
  private boolean diverged;
  private @Nullable Call last;
  private Change lastChange = Change.UNCHANGED;
  long lastActive;

  int next() {
    return calls++;
  }

  boolean diverged() {
    return diverged;
  }

  /** Notes a change; answers whether it is the first one. */
  boolean diverge(Change change) {
    boolean first = change.diverges() && !diverged;
    diverged |= first;
    return first;
  }

  /** Notes the call; answers whether it only repeats the one before. */
  boolean repeats(Call call, Change change) {
    Call before = last;
    boolean same =
        before != null
            && change.diverges()
            && change == lastChange
            && before.tool().equals(call.tool())
            && Canonical.equal(before.arguments(), call.arguments());
    last = call;
    lastChange = change;
    return same;
  }
}
