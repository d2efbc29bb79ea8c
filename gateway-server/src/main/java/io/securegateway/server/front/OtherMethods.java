package io.securegateway.server.front;

import io.securegateway.api.Reason;
import io.securegateway.core.json.Exactness;
import io.securegateway.server.flow.Outcome;
import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.project.InForce;
import io.securegateway.server.rest.AgentDesk.Seated;
import io.securegateway.server.rest.Answers;
import io.securegateway.server.upstream.Original;
import io.securegateway.server.upstream.Owner;
import io.securegateway.server.upstream.UpstreamSettings;
import io.securegateway.server.upstream.Upstreams;
import io.securegateway.server.upstream.Upstreams.Listed;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prompts, resources and completion. Each request is a call like that of a tool, under the name of
 * its method and with its parameters as arguments, and is decided as such; what policy and key can
 * never allow is as a method that does not exist. Lists are shown to those who could ever read from
 * them.
 */
final class OtherMethods {
  private static final List<String> PASSED_APART =
      List.of("_meta", "task", "inputResponses", "requestState");

  private final ToolList tools;
  private final ToolCalls calls;
  private final Clients clients;
  private final Upstreams upstreams;
  private final Owners owners;
  private final Supplier<InForce> inForce;

  OtherMethods(
      ToolList tools,
      ToolCalls calls,
      Clients clients,
      Upstreams upstreams,
      Supplier<InForce> inForce) {
    this.tools = tools;
    this.calls = calls;
    this.clients = clients;
    this.upstreams = upstreams;
    this.owners = new Owners(upstreams);
    this.inForce = inForce;
  }

  void prompts(Turn turn) {
    list(turn, Method.PROMPTS_GET, Method.PROMPTS_LIST, "prompts", "name");
  }

  void resources(Turn turn) {
    list(turn, Method.RESOURCES_READ, Method.RESOURCES_LIST, "resources", "uri");
  }

  void templates(Turn turn) {
    list(turn, Method.RESOURCES_READ, Method.TEMPLATES_LIST, "resourceTemplates", "uriTemplate");
  }

  private void list(Turn turn, Method reads, Method method, String member, String key) {
    if (!tools.reaches(turn.caller(), reads.text())) {
      turn.unknownMethod();
      return;
    }
    if (turn.params().has("cursor")) {
      turn.answering()
          .error(RpcCode.INVALID_PARAMS, "The list has one page; leave the cursor out.");
      return;
    }
    upstreams
        .list(turn.project(), method, member)
        .onSuccess(
            all -> {
              ObjectNode result = JsonNodeFactory.instance.objectNode();
              ArrayNode items = result.putArray(member);
              Set<String> seen = new HashSet<>();
              for (Listed listed : all) {
                for (ObjectNode item : listed.items()) {
                  ObjectNode named = named(listed.upstream(), item, key);
                  String name = named.path(key).asString("");
                  boolean answers =
                      method != Method.PROMPTS_LIST
                          || owners
                              .promptNamed(turn.project(), name)
                              .filter(listed.upstream()::equals)
                              .isPresent();
                  if (answers && seen.add(name)) {
                    items.add(named);
                  }
                }
              }
              turn.answering().result(result);
            });
  }

  /** Prompts bear their server's prefix, as tools do; addresses are the server's own. */
  private static ObjectNode named(UpstreamSettings upstream, ObjectNode item, String key) {
    return upstream.prefix() == null || !key.equals("name")
        ? item
        : item.deepCopy().put("name", upstream.prefix() + "." + item.path("name").asString(""));
  }

  void get(Turn turn) {
    String project = turn.project();
    judged(turn, Method.PROMPTS_GET, "name", arguments -> owners.prompt(project, arguments));
  }

  void read(Turn turn) {
    String project = turn.project();
    judged(turn, Method.RESOURCES_READ, "uri", arguments -> owners.resource(project, arguments));
  }

  /** Begins or ends that a session hears of a resource; only the session wire has these. */
  void subscribe(Method method, Turn turn) {
    String project = turn.project();
    judged(turn, method, "uri", arguments -> owners.resource(project, arguments));
  }

  void complete(Turn turn) {
    String project = turn.project();
    judged(turn, Method.COMPLETE, null, arguments -> owners.reference(project, arguments));
  }

  /** {@code needed}: a parameter that must be a string. */
  private void judged(Turn turn, Method method, @Nullable String needed, Owner owner) {
    ObjectNode arguments = turn.params().deepCopy();
    arguments.remove(PASSED_APART);
    Optional<String> problem =
        needed != null && !arguments.path(needed).isString()
            ? Optional.of("params." + needed + " must be a string.")
            : Exactness.problem(arguments);
    if (problem.isPresent()) {
      turn.answering().error(RpcCode.INVALID_PARAMS, problem.get());
      return;
    }
    calls
        .make(
            turn.seated().bench(),
            turn.attempt(method.text(), arguments),
            turn.passing(method, owner, clients.of(turn)),
            turn.departure(),
            turn.context())
        .onSuccess(outcome -> answer(turn, method, outcome));
  }

  private void answer(Turn turn, Method method, Outcome outcome) {
    if (turn.departure().gone()) {
      turn.answering().silence();
      return;
    }
    switch (outcome) {
      case Outcome.Allowed allowed -> allowed(turn, allowed);
      case Outcome.Failed failed -> failed(turn, failed);
      case Outcome.Denied denied when !tools.reaches(turn.caller(), method.text()) ->
          turn.unknownMethod();
      case Outcome.Denied denied -> refuse(turn, outcome);
      case Outcome.Screened screened -> refuse(turn, outcome);
      case Outcome.Asked asked -> refuse(turn, outcome);
      case Outcome.Invalid invalid -> refuse(turn, outcome);
      case Outcome.Refused refused -> refuse(turn, outcome);
    }
  }

  private void allowed(Turn turn, Outcome.Allowed allowed) {
    if (allowed.original() instanceof Original.Result(ObjectNode said)) {
      turn.answering().result(Shapes.said(said));
    } else if (allowed.result() instanceof ObjectNode changed) {
      turn.answering().result(changed);
    } else {
      turn.answering()
          .error(
              RpcCode.INTERNAL_ERROR,
              "A plugin put something in the place of the result that is none.");
    }
  }

  private void failed(Turn turn, Outcome.Failed failed) {
    if (failed.original() instanceof Original.Refusal(ObjectNode error)) {
      turn.answering().error(Shapes.error(turn, error));
    } else if (failed.code() == Reason.TOOL_UNKNOWN) {
      turn.answering().error(RpcCode.INVALID_PARAMS, "No server of the project has this.");
    } else {
      refuse(turn, failed);
    }
  }

  private void refuse(Turn turn, Outcome outcome) {
    ObjectNode decision = Answers.body(outcome, inForce.get().explain(turn.project()));
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error
        .put("code", RpcCode.POLICY_REFUSED.number())
        .put("message", decision.path("reason").asString(""));
    error.putObject("data").set(Shapes.DECISION, decision);
    turn.answering().error(error);
  }

  /** What clients are told the gateway offers; depends on key and policy only. */
  ObjectNode capabilities(Seated seated) {
    ObjectNode capabilities = JsonNodeFactory.instance.objectNode();
    capabilities.putObject("tools").put("listChanged", true);
    capabilities.putObject("logging");
    offer(capabilities, seated, "prompts", Method.PROMPTS_GET);
    offer(capabilities, seated, "resources", Method.RESOURCES_READ);
    offer(capabilities, seated, "completions", Method.COMPLETE);
    return capabilities;
  }

  /** A session also hears of resources that it subscribes to. */
  ObjectNode sessionCapabilities(Seated seated) {
    ObjectNode capabilities = capabilities(seated);
    if (capabilities.path("resources") instanceof ObjectNode resources
        && tools.reaches(seated.caller(), Method.SUBSCRIBE.text())) {
      resources.put("subscribe", true);
    }
    return capabilities;
  }

  private void offer(ObjectNode capabilities, Seated seated, String name, Method reads) {
    if (tools.reaches(seated.caller(), reads.text())
        && !upstreams.offering(seated.bench().project(), name).isEmpty()) {
      ObjectNode offered = capabilities.putObject(name);
      if (upstreams.tellsOfChanged(seated.bench().project(), name)) {
        offered.put("listChanged", true);
      }
    }
  }
}
