package io.securegateway.server.journal;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Charge;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import java.math.BigDecimal;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Events for tests. */
final class Calls {
  private Calls() {}

  static Event.CallDecided allowed(String id, String session, String tool) {
    return decided(id, session, tool, Effect.ALLOW, Reason.RULE_ALLOWED);
  }

  static Event.CallDecided denied(String id, String session, String tool) {
    return decided(id, session, tool, Effect.DENY, Reason.RULE_DENIED);
  }

  private static Event.CallDecided decided(
      String id, String session, String tool, Effect effect, Reason code) {
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    input.put("to", "alice").put("amount", new BigDecimal("12.50"));
    Call call =
        new Call(id, 1_000, new Caller("bank", "gpt", "k1"), session, tool, input, null, null);
    Decision decision =
        new Decision(
            effect,
            code,
            "because",
            "r1",
            List.of("r1"),
            "rev1",
            10,
            List.of(new Charge("l1", "k1", BigDecimal.ONE)),
            effect == Effect.DENY,
            null,
            null,
            null,
            List.of(),
            "digest");
    return new Event.CallDecided(call, session + "-uid", decision, true, null);
  }

  static Event.CallResult answered(String id, String answer) {
    return new Event.CallResult(
        id,
        Event.Outcome.OK,
        JsonNodeFactory.instance.objectNode().put("answer", answer),
        null,
        null,
        7);
  }

  static Event.AdminActed acted(int number) {
    return new Event.AdminActed("ana", "act", "number " + number);
  }
}
