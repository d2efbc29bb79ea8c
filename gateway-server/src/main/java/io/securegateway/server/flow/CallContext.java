package io.securegateway.server.flow;

import io.securegateway.api.Caller;
import io.securegateway.core.event.Event.CallDecided;
import io.securegateway.core.session.CallFact;
import io.securegateway.core.session.Facts;
import io.securegateway.core.session.Kept;
import io.securegateway.core.session.SessionFacts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What plugins are told of a call's surroundings. Pure. */
final class CallContext {
  private static final int MAX_CALLS = 50;
  private static final int MAX_INPUT = 8 * 1024;

  private CallContext() {}

  static ObjectNode of(CallDecided decided, Facts facts) {
    ObjectNode context =
        of(
            decided.call().caller(),
            decided.call().session(),
            facts,
            decided.call().time(),
            decided.call().id());
    context.put("trace_id", decided.call().id());
    context.put("risk_score", BigDecimal.valueOf(decided.decision().risk(), 2));
    context.put("rule", decided.decision().rule());
    return context;
  }

  /** Before a call is decided: for prompts. */
  static ObjectNode of(Caller caller, @Nullable String session, Facts facts, long time) {
    return of(caller, session, facts, time, "");
  }

  private static ObjectNode of(
      Caller caller, @Nullable String session, Facts facts, long time, String current) {
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    context.put("project", caller.project()).put("model_id", caller.model());
    context.put("key_id", caller.key()).put("session_id", session);
    SessionFacts live = session == null ? null : facts.session(caller.key(), session, time);
    ArrayNode calls = context.putArray("tool_calls");
    ArrayNode prompts = context.putArray("prompts");
    if (live != null) {
      live.prompts().forEach(prompts::add);
      latest(live, current).forEach(call -> calls.add(json(call)));
    }
    return context;
  }

  /** The newest calls of the session but the current one, oldest first. */
  private static List<CallFact> latest(SessionFacts session, String current) {
    List<CallFact> newest = new ArrayList<>();
    for (CallFact call : session.scope().calls().descendingMap().values()) {
      if (!call.id().equals(current)) {
        newest.add(call);
      }
      if (newest.size() == MAX_CALLS) {
        break;
      }
    }
    return newest.reversed();
  }

  private static ObjectNode json(CallFact call) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("tool", call.tool()).put("status", call.state().name().toLowerCase(Locale.ROOT));
    item.put("trace_id", call.id());
    Kept arguments = call.arguments();
    if (arguments != null && arguments.bytes() <= MAX_INPUT) {
      item.set("input", arguments.json());
    }
    return item;
  }
}
