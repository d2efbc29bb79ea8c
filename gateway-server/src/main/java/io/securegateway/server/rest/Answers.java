package io.securegateway.server.rest;

import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event.CallDecided;
import io.securegateway.server.config.Explain;
import io.securegateway.server.flow.Outcome;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.schema.Check;
import java.math.BigDecimal;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the REST door says of an outcome: exactly the statuses and members of the contract. Pure but
 * for sending.
 */
public final class Answers {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Answers() {}

  static void send(Exchange exchange, Outcome outcome, Explain explain) {
    ObjectNode body = body(outcome, explain);
    int status =
        switch (outcome) {
          case Outcome.Allowed allowed -> 200;
          case Outcome.Denied denied -> 403;
          case Outcome.Screened screened -> 403;
          case Outcome.Asked asked -> 403;
          case Outcome.Invalid invalid -> 422;
          case Outcome.Failed failed -> 502;
          case Outcome.Refused refused -> 503;
        };
    if (outcome instanceof Outcome.Denied(CallDecided decided)
        && decided.decision().retryAfter() != null) {
      exchange.with("retry-after", Long.toString((decided.decision().retryAfter() + 999) / 1000));
    }
    if (outcome instanceof Outcome.Refused) {
      exchange.with("retry-after", "1");
    }
    exchange.json(status, body);
  }

  /** All that a caller is told of an outcome; the result only if it was allowed. */
  public static ObjectNode body(Outcome outcome, Explain explain) {
    return switch (outcome) {
      case Outcome.Allowed allowed -> {
        ObjectNode body = head("allowed", allowed.decided(), explain);
        body.set("result", allowed.result());
        yield body;
      }
      case Outcome.Denied denied -> head("denied", denied.decided(), explain);
      case Outcome.Screened screened -> {
        ObjectNode body = head("denied", screened.decided(), explain);
        because(body, screened.code(), screened.detail());
        yield body;
      }
      case Outcome.Asked asked -> {
        ObjectNode body = head("approval_required", asked.decided(), explain);
        body.put("approval_id", asked.approvalId());
        yield body;
      }
      case Outcome.Invalid invalid -> {
        ObjectNode body = head("invalid", invalid.decided(), explain);
        because(body, Reason.SCHEMA_INPUT, Reason.SCHEMA_INPUT.meaning());
        body.setAll(invalid(invalid.failures()));
        yield body;
      }
      case Outcome.Failed failed -> {
        ObjectNode body = head("error", failed.decided(), explain);
        because(body, failed.code(), failed.detail());
        yield body;
      }
      case Outcome.Refused refused -> {
        ObjectNode body = JSON.objectNode();
        body.put("status", "error").put("allowed", false);
        because(body, refused.code(), refused.detail());
        yield body;
      }
    };
  }

  private static void because(ObjectNode body, Reason code, String detail) {
    body.put("allowed", false).put("reason", detail).put("reason_code", code.code());
  }

  private static ObjectNode head(String status, CallDecided decided, Explain explain) {
    Decision decision = decided.decision();
    boolean observed = !decided.enforced() && decision.effect() != Effect.ALLOW;
    ObjectNode body = JSON.objectNode();
    body.put("status", status);
    body.put("allowed", status.equals("allowed"));
    body.put("reason", observed ? Reason.OBSERVED.meaning() : decision.reason());
    body.put("reason_code", observed ? Reason.OBSERVED.code() : decision.code().code());
    body.put("rule", decision.rule());
    if (decision.retryAfter() != null) {
      body.put("retry_after", BigDecimal.valueOf(decision.retryAfter(), 3));
    }
    body.set("rule_trace", trace(decision, explain));
    body.put("risk_score", BigDecimal.valueOf(decision.risk(), 2));
    body.put("policy", decision.revision());
    body.put("session_id", decided.call().session());
    body.put("trace_id", decided.call().id());
    return body;
  }

  private static ArrayNode trace(Decision decision, Explain explain) {
    ArrayNode rules = JSON.arrayNode();
    if (explain == Explain.NONE) {
      return rules;
    }
    for (Decision.Looked looked : decision.trace()) {
      if (looked.shadow()) {
        continue;
      }
      ObjectNode rule = rules.addObject();
      rule.put("rule", looked.rule());
      rule.put("effect", looked.effect().word());
      rule.put("matched", matched(looked));
      if (explain == Explain.FULL) {
        rule.put("outcome", looked.outcome().word());
      }
    }
    return rules;
  }

  /** An error closes: an allow that erred did not match, a deny or ask did. */
  private static boolean matched(Decision.Looked looked) {
    return switch (looked.outcome()) {
      case MATCHED -> true;
      case ERROR -> looked.effect() != Effect.ALLOW;
      case NOT_MATCHED, NO_ROOM -> false;
    };
  }

  static ObjectNode invalid(List<Check.Failure> failures) {
    ObjectNode body = JSON.objectNode();
    body.put("status", "invalid");
    ArrayNode errors = body.putArray("errors");
    for (Check.Failure failure : failures) {
      errors.addObject().put("path", failure.path()).put("message", failure.message());
    }
    return body;
  }
}
