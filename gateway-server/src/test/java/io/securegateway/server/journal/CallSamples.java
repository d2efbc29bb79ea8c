package io.securegateway.server.journal;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** A journal of calls, written down one after the other; each takes 10 ms. */
final class CallSamples {
  final List<Recorded> events = new ArrayList<>();

  /** A log over what was written so far. */
  CallLog log() {
    return new CallLog(
        (seq, visitor) -> {
          for (Recorded event : events) {
            if (event.seq() >= seq && !visitor.test(event)) {
              return;
            }
          }
        });
  }

  CallSamples decided(String id, Effect effect, boolean enforced) {
    return decided(id, "bank", "s1", "pay", effect, enforced);
  }

  CallSamples decided(
      String id, String project, String session, String tool, Effect effect, boolean enforced) {
    Reason code =
        switch (effect) {
          case ALLOW -> Reason.RULE_ALLOWED;
          case DENY -> Reason.RULE_DENIED;
          case ASK -> Reason.RULE_ASKS;
        };
    Decision decision =
        new Decision(
            effect,
            code,
            "Because of " + id + ".",
            effect == Effect.ALLOW ? null : "rule-" + id,
            List.of(),
            "r-1",
            25,
            List.of(),
            effect == Effect.DENY,
            null,
            null,
            null,
            List.of(),
            "00");
    Call call =
        new Call(
            id,
            time(),
            new Caller(project, "opus", "k1"),
            session,
            tool,
            JsonNodeFactory.instance.objectNode().put("to", "Grüße " + id),
            null,
            null);
    return add(project, new Event.CallDecided(call, session + "-u", decision, enforced, null));
  }

  CallSamples result(
      String id, Event.Outcome outcome, @Nullable Reason code, @Nullable String detail) {
    return add(
        "bank",
        new Event.CallResult(
            id, outcome, JsonNodeFactory.instance.stringNode("out " + id), code, detail, 123));
  }

  CallSamples released(String id, Reason code, String detail) {
    return add("bank", new Event.CallReleased(id, code, detail));
  }

  CallSamples add(String project, Event event) {
    events.add(new Recorded(events.size() + 1L, time(), project, event));
    return this;
  }

  private long time() {
    return 1_000 + 10L * events.size();
  }
}
