package io.securegateway.core.decide;

import io.securegateway.core.call.Call;
import io.securegateway.core.session.Approval;
import io.securegateway.core.session.Facts;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;

/** What a person said, or is asked, about this very call. */
final class Approvals {
  private final @Nullable Approval found;

  private Approvals(@Nullable Approval found) {
    this.found = found;
  }

  /**
   * What is known of the asks.
   *
   * @param id of the approval that satisfies them or waits for them; null if none does
   */
  record Standing(boolean approved, @Nullable String id) {}

  /** The approval for the call's session, tool and arguments, unless it has expired. */
  static Approvals of(Facts facts, Call call, String uid) {
    PMap<String, Approval> open = facts.key(call.caller().key()).approvals();
    if (open.isEmpty()) {
      return new Approvals(null);
    }
    Approval found = open.get(Facts.fingerprint(uid, call.tool(), call.arguments()));
    return new Approvals(found == null || found.expires() <= call.time() ? null : found);
  }

  /** The id of the call that asked, or null if none did. */
  @Nullable String asked() {
    return found == null ? null : found.id();
  }

  /** What it says of these asks: it must name them all. */
  Standing of(Set<String> asks) {
    return found == null || !found.asks().containsAll(asks)
        ? new Standing(false, null)
        : new Standing(found.approved(), found.id());
  }
}
