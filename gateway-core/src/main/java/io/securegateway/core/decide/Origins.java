package io.securegateway.core.decide;

import io.securegateway.core.session.CallFact;
import io.securegateway.core.session.CallState;
import io.securegateway.core.session.Kept;
import io.securegateway.core.session.Scope;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Whether text seems to come from an earlier result: an alarm, evaded by any re-encoding. */
final class Origins {
  /** Shorter texts occur everywhere. */
  private static final int LEAST = 4;

  private Origins() {}

  /** Whether a leaf of the value occurs in a released result of such a tool, or the other way. */
  static Kleene from(JsonNode value, Past past, Scope scope, long since, Predicate<String> tools) {
    List<String> texts =
        Kept.of(value).folded().stream()
            .filter(t -> t.codePointCount(0, t.length()) >= LEAST)
            .toList();
    boolean dropped = false;
    for (CallFact call : scope.calls().descendingMap().values()) {
      if (call.time() <= since || texts.isEmpty()) {
        break;
      }
      if (isReleased(call.state()) && tools.test(call.tool()) && !past.isOwn(call)) {
        dropped |= call.resultDropped();
        Kept result = call.result();
        if (result != null && occurs(texts, result.folded())) {
          return Kleene.TRUE;
        }
      }
    }
    boolean incomplete = scope.missing() != Long.MIN_VALUE && scope.missing() > since;
    return !texts.isEmpty() && (dropped || incomplete) ? Kleene.ERROR : Kleene.FALSE;
  }

  private static boolean isReleased(CallState state) {
    return state == CallState.OK
        || state == CallState.ERROR
        || state == CallState.UNKNOWN
        || state == CallState.REPORTED;
  }

  private static boolean occurs(List<String> texts, List<String> leaves) {
    for (String leaf : leaves) {
      for (String text : texts) {
        if (leaf.contains(text)
            || (leaf.codePointCount(0, leaf.length()) >= LEAST && text.contains(leaf))) {
          return true;
        }
      }
    }
    return false;
  }
}
