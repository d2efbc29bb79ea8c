package io.securegateway.server.journal;

import io.securegateway.core.decide.Explanation;
import io.securegateway.core.decide.Explanation.RuleTrace;
import io.securegateway.core.event.Event;
import java.math.BigDecimal;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A decision told in full, as JSON. Pure. */
public final class ExplanationFormat {
  private ExplanationFormat() {}

  /** {@code equal}: whether recomputing gave the recorded decision. */
  public static ObjectNode json(Event.CallDecided decided, Explanation told, boolean equal) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("trace_id", decided.call().id()).put("tool", decided.call().tool());
    node.put("project", decided.call().caller().project());
    node.put("model_id", decided.call().caller().model()).put("key", decided.call().caller().key());
    node.put("session_id", decided.call().session()).put("session_uid", decided.uid());
    node.put("effect", told.decision().effect().word()).put("reason", told.decision().reason());
    node.put("reason_code", told.decision().code().code()).put("rule", told.decision().rule());
    node.put("policy", told.decision().revision());
    node.put("risk_score", BigDecimal.valueOf(told.decision().risk(), 2));
    told.riskTerms().forEach(node.putArray("risk_terms")::add);
    node.put("identical_to_record", equal);
    ArrayNode rules = node.putArray("rules");
    told.rules().forEach(rule -> rules.add(rule(rule)));
    RuleTrace nearest = told.nearest();
    if (nearest != null) {
      node.set("nearest", rule(nearest));
    }
    return node;
  }

  private static ObjectNode rule(RuleTrace trace) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("rule", trace.rule()).put("effect", trace.effect()).put("shadow", trace.shadow());
    node.put("outcome", trace.outcome().word()).put("place", trace.place());
    ArrayNode parts = node.putArray("parts");
    for (Explanation.Part part : trace.parts()) {
      parts
          .addObject()
          .put("part", part.part())
          .put("outcome", part.outcome())
          .put("read", part.read());
    }
    return node;
  }
}
