package io.securegateway.server.rest;

import io.securegateway.core.call.Names;
import io.securegateway.core.json.Exactness;
import io.securegateway.server.flow.Attempt;
import io.securegateway.server.flow.Departure;
import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.Refusal;
import io.securegateway.server.project.InForce;
import io.securegateway.server.rest.AgentDesk.Seated;
import io.securegateway.server.trace.TraceContext;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code POST /mcp/toolcall}: one tool call, judged, forwarded and answered. */
final class ToolCallRoute {
  private static final Set<String> MEMBERS =
      Set.of("model_id", "session_id", "tool_name", "input", "prompt");

  private final AgentDesk desk;
  private final ToolCalls calls;
  private final PromptScreen prompts;
  private final Supplier<InForce> inForce;

  ToolCallRoute(AgentDesk desk, ToolCalls calls, PromptScreen prompts, Supplier<InForce> inForce) {
    this.desk = desk;
    this.prompts = prompts;
    this.calls = calls;
    this.inForce = inForce;
  }

  void handle(Exchange exchange, @Nullable String pathProject) {
    desk.seat(exchange, pathProject)
        .ifPresent(seated -> exchange.json(body -> judge(exchange, seated, body)));
  }

  private void judge(Exchange exchange, Seated seated, JsonNode body) {
    Fields fields = new Fields(body, MEMBERS);
    String model = fields.optionalText("model_id");
    String session = Sessions.named(exchange, fields);
    String tool = fields.text("tool_name");
    JsonNode input = fields.object("input");
    String prompt = Prompts.checked(fields, fields.optionalText("prompt"));
    Optional<Refusal> problem =
        fields
            .problem()
            .map(text -> new Refusal(400, "body.malformed", text))
            .or(
                () ->
                    Names.toolProblem(tool)
                        .map(
                            text ->
                                new Refusal(
                                    400,
                                    "tool.malformed",
                                    "The tool name is refused: " + text + ".")));
    if (problem.isEmpty() && !inForce.get().exactNumbers(seated.bench().project(), tool)) {
      problem = Exactness.problem(input).map(text -> new Refusal(400, "json.inexact", text));
    }
    if (problem.isPresent()) {
      exchange.refuse(problem.get());
      return;
    }
    if (model != null && !model.equals(seated.caller().model())) {
      desk.refuseModel(exchange);
      return;
    }
    if (prompt == null) {
      make(exchange, seated, new Attempt(seated.caller(), session, tool, input, null, null));
    } else {
      prompts.screened(
          exchange,
          seated,
          session,
          prompt,
          text ->
              make(
                  exchange,
                  seated,
                  new Attempt(seated.caller(), session, tool, input, null, text)));
    }
  }

  private void make(Exchange exchange, Seated seated, Attempt attempt) {
    Departure departure = new Departure();
    exchange.onGone(departure::leave);
    calls
        .make(
            seated.bench(),
            attempt.within(TraceContext.ofHeaders(exchange::header)),
            departure,
            exchange.context())
        .onSuccess(
            outcome ->
                Answers.send(exchange, outcome, inForce.get().explain(seated.bench().project())));
  }
}
