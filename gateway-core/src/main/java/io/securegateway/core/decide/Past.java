package io.securegateway.core.decide;

import io.securegateway.core.call.Call;
import io.securegateway.core.policy.Per;
import io.securegateway.core.session.CallFact;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.Held;
import io.securegateway.core.session.Scope;
import io.securegateway.core.session.SessionFacts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The facts as one call sees them: those before it, without its own earlier decisions.
 *
 * @param session its live session; null if it begins with this call
 * @param own the reservation of an earlier decision of the same call; null if there is none
 */
record Past(
    Facts facts, Call call, ToolIndex index, @Nullable SessionFacts session, @Nullable Held own) {

  static Past of(Facts facts, Call call, ToolIndex index) {
    SessionFacts session = facts.session(call.caller().key(), call.session(), call.time());
    String replaces = call.replaces();
    Held held = replaces == null ? null : facts.held().get(replaces);
    return new Past(facts, call, index, session, isSame(held, call, session) ? held : null);
  }

  /** With the reservation that an approval holds, if the call named none itself. */
  Past owning(String callId) {
    Held held = facts.held().get(callId);
    return own != null || !isSame(held, call, session)
        ? this
        : new Past(facts, call, index, session, held);
  }

  private static boolean isSame(@Nullable Held held, Call call, @Nullable SessionFacts session) {
    return held != null
        && session != null
        && held.fact().uid().equals(session.uid())
        && held.fact().key().equals(call.caller().key())
        && held.fact().tool().equals(call.tool());
  }

  /** What happened in the session, under the key, or else in the project. */
  Scope scope(Per per) {
    return switch (per) {
      case SESSION -> session == null ? Scope.EMPTY : session.scope();
      case KEY -> facts.key(call.caller().key()).scope();
      case MODEL, TOOL, PROJECT -> facts.scope();
    };
  }

  /** Facts count if their time is greater than this. */
  long since(@Nullable Duration within) {
    return within == null ? Long.MIN_VALUE : call.time() - within.toMillis();
  }

  /** Whether this is an earlier decision of the same call. */
  boolean isOwn(CallFact fact) {
    return own != null && own.fact().seq() == fact.seq();
  }
}
