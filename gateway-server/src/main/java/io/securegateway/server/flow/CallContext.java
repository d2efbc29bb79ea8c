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
  private static final int MAX_INPUTS = 24 * 1024;
  private static final int MAX_PROMPTS = 16 * 1024;

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
    List<String> prompts = live == null ? List.of() : latest(live.prompts());
    context.put("prompt", prompts.isEmpty() ? null : prompts.getLast());
    prompts.forEach(context.putArray("prompts")::add);
    if (live != null) {
      List<CallFact> newest = latest(live, current);
      List<ObjectNode> items = new ArrayList<>(newest.size());
      int room = MAX_INPUTS;
      for (CallFact call : newest) {
        ObjectNode item = json(call);
        Kept arguments = call.arguments();
        if (arguments != null && arguments.bytes() <= Math.min(room, MAX_INPUT)) {
          item.set("input", arguments.json());
          room -= arguments.bytes();
        }
        items.add(item);
      }
      items.reversed().forEach(calls::add);
    }
    return context;
  }

  /** The newest prompts, oldest first, as far as there is room: what an agent said is no limit. */
  private static List<String> latest(List<String> prompts) {
    int room = MAX_PROMPTS;
    int from = prompts.size();
    while (from > 0 && prompts.get(from - 1).length() <= room) {
      from--;
      room -= prompts.get(from).length();
    }
    return prompts.subList(from, prompts.size());
  }

  /** The newest calls of the session but the current one, newest first. */
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
    return newest;
  }

  private static ObjectNode json(CallFact call) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("tool", call.tool()).put("status", call.state().name().toLowerCase(Locale.ROOT));
    return item.put("trace_id", call.id());
  }
}
