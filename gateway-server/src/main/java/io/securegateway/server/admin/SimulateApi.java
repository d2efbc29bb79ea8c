package io.securegateway.server.admin;

import io.securegateway.api.Effect;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.replay.Judged;
import io.securegateway.core.replay.ReplayMode;
import io.securegateway.core.replay.Trace;
import io.securegateway.core.replay.TraceReplay;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.replay.Candidate;
import io.securegateway.server.replay.TraceParser;
import io.securegateway.server.replay.Watcher;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/simulate}: what would the policy say of these calls? Nothing is recorded, no tool is
 * called.
 */
public final class SimulateApi {
  private static final int MAX_CALLS = 1_000;

  private static final Duration LONGEST = Duration.ofSeconds(20);

  private final Benches benches;
  private final Workroom room = new Workroom(LONGEST);

  /** Over the policies in force. */
  public SimulateApi(Benches benches) {
    this.benches = benches;
  }

  /** Its route. */
  public List<Route> routes() {
    return List.of(
        new Route("POST", "/api/simulate", AdminRole.VIEWER, this::simulate)
            .query("project")
            .body(
                "project",
                "session_id",
                "uid",
                "model_id",
                "key",
                "prompt",
                "prompts",
                "start_time",
                "tool_calls",
                "risk_score",
                "labels",
                "truth",
                "policy"));
  }

  private Reply simulate(AdminRequest request) {
    JsonNode body = request.body();
    if (!body.isObject()) {
      throw CandidateBody.bad("The body must be a trace: an object with \"tool_calls\".");
    }
    Trace trace;
    try {
      trace = TraceParser.parse(body, request.project().orElse("default"));
    } catch (TraceParser.Bad e) {
      throw new Problem(400, "trace.refused", String.valueOf(e.getMessage()));
    }
    if (trace.calls().size() > MAX_CALLS) {
      throw new Problem(
          413,
          "trace.too_large",
          "A simulated trace may have %d calls, not %d; use POST /api/replay."
              .formatted(MAX_CALLS, trace.calls().size()));
    }
    String project = request.visible(trace.caller().project());
    Policy policy = unkeyed(policy(project, body.path("policy")), trace.caller().model());
    return Reply.ok(room.run(request.admin().name(), () -> answer(body, trace, policy)));
  }

  private Policy policy(String project, JsonNode asked) {
    if (asked.isMissingNode() || asked.isNull()) {
      Bench bench =
          benches
              .of(project)
              .filter(found -> benches.exists(project))
              .orElseThrow(
                  () ->
                      new Problem(
                          404, "project.unknown", "There is no such project for this key."));
      return bench.judging().policy();
    }
    try {
      return Candidate.texts(CandidateBody.texts(asked, "policy"))
          .policy(project, CandidateBody.inForce(benches, project));
    } catch (Candidate.Refused e) {
      throw CandidateBody.refused(e);
    }
  }

  /** A model without keys is asked about as if it had them for every tool. */
  private static Policy unkeyed(Policy policy, String model) {
    return policy.scopes().containsKey(model)
        ? policy
        : new Policy(
            policy.project(),
            policy.revision(),
            policy.behaviour(),
            policy.allowByDefault(),
            policy.labels(),
            policy.rules(),
            policy.limits(),
            Map.of());
  }

  private static ObjectNode answer(JsonNode body, Trace trace, Policy policy) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("session_id", trace.session()).put("project", trace.caller().project());
    answer.put("model_id", trace.caller().model()).put("policy", policy.revision());
    ArrayNode calls = answer.putArray("tool_calls");
    Deque<Judged> judged =
        new ArrayDeque<>(
            TraceReplay.judge(trace, policy, ReplayMode.COUNTERFACTUAL, Watcher.NONE::check));
    for (Trace.TracedCall call : trace.calls()) {
      ObjectNode node = calls.addObject();
      node.setAll((ObjectNode) body.path("tool_calls").get(call.index()));
      JsonNode recorded = node.path("status");
      if (!recorded.isMissingNode()) {
        node.set("recorded_status", recorded);
      }
      String problem = call.problem();
      if (problem != null) {
        node.put("allowed", false).put("status", "invalid").put("reason", problem);
        node.putNull("rule");
      } else {
        verdict(node, judged.remove());
      }
    }
    return answer;
  }

  private static void verdict(ObjectNode node, Judged judged) {
    Decision decision = judged.decision();
    node.put("allowed", decision.effect() == Effect.ALLOW);
    node.put(
        "status",
        switch (decision.effect()) {
          case ALLOW -> "allowed";
          case DENY -> "denied";
          case ASK -> "approval_required";
        });
    node.put("reason", decision.reason()).put("code", decision.code().code());
    node.put("rule", decision.rule());
    ArrayNode rules = node.putArray("rules");
    decision.rules().forEach(rules::add);
    node.put("risk_score", BigDecimal.valueOf(decision.risk(), 2));
    node.put("class", judged.change().word());
    switch (judged.change()) {
      case MAYBE_ALLOWED, MAYBE_ASKS, MAYBE_DENIED -> node.put("certain", false);
      case UNCHANGED,
          SAME_EFFECT_OTHER_RULE,
          NEWLY_DENIED,
          NEWLY_ALLOWED,
          NEWLY_ASKS,
          ASK_REMOVED,
          CASCADED,
          UNREPLAYABLE ->
          node.put("certain", true);
    }
  }
}
