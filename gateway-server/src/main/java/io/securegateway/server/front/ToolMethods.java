package io.securegateway.server.front;

import io.securegateway.api.Reason;
import io.securegateway.core.call.Names;
import io.securegateway.core.json.Exactness;
import io.securegateway.core.json.Excerpt;
import io.securegateway.server.flow.Outcome;
import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.project.InForce;
import io.securegateway.server.project.KnownSuspects;
import io.securegateway.server.rest.Answers;
import io.securegateway.server.upstream.Client;
import io.securegateway.server.upstream.Original;
import io.securegateway.server.upstream.Passing;
import io.securegateway.server.upstream.Upstreams;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code tools/list} and {@code tools/call}, of MCP servers and HTTP tools alike. */
final class ToolMethods {
  private final ToolList list;

  private final ToolCalls calls;
  private final Clients clients;
  private final ServerErrors errors;
  private final Upstreams upstreams;
  private final KnownSuspects suspects;
  private final Supplier<InForce> inForce;

  ToolMethods(
      ToolList list,
      ToolCalls calls,
      Clients clients,
      Upstreams upstreams,
      KnownSuspects suspects,
      Supplier<InForce> inForce) {
    this.list = list;
    this.calls = calls;
    this.clients = clients;
    this.errors = new ServerErrors(calls);
    this.upstreams = upstreams;
    this.suspects = suspects;
    this.inForce = inForce;
  }

  void list(Turn turn) {
    if (turn.params().has("cursor")) {
      turn.answering()
          .error(RpcCode.INVALID_PARAMS, "The list of tools has one page; leave the cursor out.");
      return;
    }
    Client client = clients.of(turn);
    upstreams
        .offered(turn.project(), client)
        .onSuccess(
            offered -> {
              ObjectNode result = JsonNodeFactory.instance.objectNode();
              ArrayNode tools = result.putArray("tools");
              for (ObjectNode tool : list.of(turn.caller(), offered)) {
                String name = tool.path("name").asString("");
                if (!suspects.hides(turn.project(), name, client.conversations())) {
                  tools.add(tool);
                }
              }
              turn.answering().result(result);
            });
  }

  void call(Turn turn) {
    JsonNode name = turn.params().path("name");
    JsonNode sent = turn.params().path("arguments");
    JsonNode arguments = sent.isMissingNode() ? JsonNodeFactory.instance.objectNode() : sent;
    Optional<String> problem = problem(name, arguments);
    if (problem.isPresent()) {
      turn.answering().error(RpcCode.INVALID_PARAMS, problem.get());
      return;
    }
    String tool = name.stringValue();
    if (Names.toolProblem(tool).isPresent() || Method.of(tool).isPresent()) {
      unknown(turn, tool);
      return;
    }
    boolean exact =
        list.reaches(turn.caller(), tool) && inForce.get().exactNumbers(turn.project(), tool);
    if (!exact) {
      Optional<String> inexact = Exactness.problem(arguments);
      if (inexact.isPresent()) {
        turn.answering().error(RpcCode.INVALID_PARAMS, inexact.get());
        return;
      }
    }
    Passing passing = turn.passing(Method.TOOLS_CALL, null, clients.of(turn));
    calls
        .make(
            turn.seated().bench(),
            turn.attempt(tool, arguments),
            passing,
            turn.departure(),
            turn.context())
        .onSuccess(outcome -> answer(turn, tool, outcome));
  }

  private static Optional<String> problem(JsonNode name, JsonNode arguments) {
    if (!name.isString()) {
      return Optional.of("params.name must be a string, the name of a tool.");
    }
    return arguments.isObject()
        ? Optional.empty()
        : Optional.of("params.arguments must be an object.");
  }

  private void answer(Turn turn, String tool, Outcome outcome) {
    if (turn.departure().gone()) {
      turn.answering().silence();
    } else if (isUnknown(turn, tool, outcome)) {
      unknown(turn, tool);
    } else {
      switch (outcome) {
        case Outcome.Allowed allowed -> turn.answering().result(result(allowed));
        case Outcome.Failed failed -> failed(turn, failed);
        case Outcome.Denied denied -> refuse(turn, outcome);
        case Outcome.Screened screened -> refuse(turn, outcome);
        case Outcome.Asked asked -> refuse(turn, outcome);
        case Outcome.Invalid invalid -> refuse(turn, outcome);
        case Outcome.Refused refused -> refuse(turn, outcome);
      }
    }
  }

  private static ObjectNode result(Outcome.Allowed allowed) {
    return allowed.original() instanceof Original.Result(ObjectNode said)
        ? Shapes.said(said)
        : Shapes.tool(allowed.result());
  }

  private void failed(Turn turn, Outcome.Failed failed) {
    if (failed.original() instanceof Original.Refusal(ObjectNode error)) {
      errors.pass(turn, error, () -> call(turn));
    } else if (failed.code() == Reason.TOOL_FAILED
        && failed.original() instanceof Original.Result(ObjectNode said)) {
      turn.answering().result(Shapes.said(said));
    } else {
      refuse(turn, failed);
    }
  }

  /** What can never be used is as what does not exist. */
  private boolean isUnknown(Turn turn, String tool, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Denied denied -> !list.reaches(turn.caller(), tool);
      case Outcome.Failed failed -> failed.code() == Reason.TOOL_UNKNOWN;
      case Outcome.Allowed allowed -> false;
      case Outcome.Screened screened -> false;
      case Outcome.Asked asked -> false;
      case Outcome.Invalid invalid -> false;
      case Outcome.Refused refused -> false;
    };
  }

  private static void unknown(Turn turn, String tool) {
    turn.answering().error(RpcCode.INVALID_PARAMS, "Unknown tool: " + Excerpt.of(tool, 200));
  }

  private void refuse(Turn turn, Outcome outcome) {
    ObjectNode decision = Answers.body(outcome, inForce.get().explain(turn.project()));
    String reason = decision.path("reason").asString("");
    String text =
        outcome instanceof Outcome.Asked asked
            ? reason
                + " (approval "
                + asked.approvalId()
                + "; send the same call again once it is approved)"
            : reason;
    turn.answering().result(Shapes.refusal(text, decision));
  }
}
