package io.securegateway.server.rest;

import io.securegateway.core.call.Names;
import io.securegateway.server.flow.Bench.Reported;
import io.securegateway.server.ingress.Exchange;
import io.securegateway.server.ingress.Refusal;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.rest.AgentDesk.Seated;
import io.securegateway.server.schema.Check;
import io.securegateway.server.schema.Direction;
import io.securegateway.server.schema.SchemaStore;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /mcp/prompt} and {@code POST /mcp/toolresult}: what a client reports of its session.
 */
final class ReportRoutes {
  private static final Set<String> PROMPT = Set.of("model_id", "session_id", "prompt");
  private static final Set<String> RESULT =
      Set.of("model_id", "session_id", "tool_name", "output", "call_id");

  private final AgentDesk desk;
  private final Supplier<SchemaStore> schemas;
  private final PromptScreen prompts;

  ReportRoutes(AgentDesk desk, Supplier<SchemaStore> schemas, PromptScreen prompts) {
    this.desk = desk;
    this.prompts = prompts;
    this.schemas = schemas;
  }

  void prompt(Exchange exchange, @Nullable String pathProject) {
    desk.seat(exchange, pathProject)
        .ifPresent(
            seated ->
                exchange.json(
                    body -> {
                      Fields fields = new Fields(body, PROMPT);
                      String session = Sessions.named(exchange, fields);
                      String text = fields.text("prompt");
                      Prompts.checked(fields, text);
                      if (passes(exchange, seated, fields)) {
                        prompts.screened(
                            exchange,
                            seated,
                            session,
                            text,
                            kept -> record(exchange, seated, session, new Reported.Prompt(kept)));
                      }
                    }));
  }

  void result(Exchange exchange, @Nullable String pathProject) {
    desk.seat(exchange, pathProject)
        .ifPresent(seated -> exchange.json(body -> result(exchange, seated, body)));
  }

  private void result(Exchange exchange, Seated seated, JsonNode body) {
    Fields fields = new Fields(body, RESULT);
    String session = Sessions.named(exchange, fields);
    String tool = fields.text("tool_name");
    JsonNode output = fields.any("output");
    String callId = fields.optionalText("call_id");
    if (callId != null && callId.length() > Names.MAX_SESSION) {
      fields.fail("\"call_id\" is longer than " + Names.MAX_SESSION + " characters.");
    }
    Names.toolProblem(tool)
        .ifPresent(text -> fields.fail("The tool name is refused: " + text + "."));
    if (!passes(exchange, seated, fields)) {
      return;
    }
    switch (schemas.get().check(seated.bench().project(), tool, Direction.OUTPUT, output)) {
      case Check.Fits fits ->
          record(exchange, seated, session, new Reported.Result(tool, output, callId));
      case Check.NoSchema none ->
          record(exchange, seated, session, new Reported.Result(tool, output, callId));
      case Check.Fails fails -> exchange.json(422, Answers.invalid(fails.failures()));
      case Check.Broken broken ->
          exchange.refuse(new Refusal(422, "schema.broken", broken.reason()));
    }
  }

  private boolean passes(Exchange exchange, Seated seated, Fields fields) {
    String model = fields.optionalText("model_id");
    Optional<String> problem = fields.problem();
    if (problem.isPresent()) {
      exchange.refuse(new Refusal(400, "body.malformed", problem.get()));
      return false;
    }
    if (model != null && !model.equals(seated.caller().model())) {
      desk.refuseModel(exchange);
      return false;
    }
    return true;
  }

  private static void record(
      Exchange exchange, Seated seated, @Nullable String session, Reported reported) {
    try {
      exchange
          .here(seated.bench().report(seated.caller(), session, reported).durable())
          .onSuccess(
              done -> {
                ObjectNode answer = JsonNodeFactory.instance.objectNode();
                answer.put("status", "recorded");
                exchange.json(200, answer);
              })
          .onFailure(failure -> unavailable(exchange, JournalRefused.why(failure)));
    } catch (JournalRefused e) {
      unavailable(exchange, JournalRefused.why(e));
    }
  }

  private static void unavailable(Exchange exchange, String why) {
    exchange.refuse(new Refusal(503, "journal.refused", why));
  }
}
