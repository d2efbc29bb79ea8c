package io.securegateway.server.front;

import io.securegateway.api.Caller;
import io.securegateway.api.Reason;
import io.securegateway.core.json.Exactness;
import io.securegateway.server.flow.Outcome;
import io.securegateway.server.flow.ToolCalls;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.RpcCode;
import io.securegateway.server.project.InForce;
import io.securegateway.server.rest.AgentDesk.Seated;
import io.securegateway.server.rest.Answers;
import io.securegateway.server.upstream.Client;
import io.securegateway.server.upstream.Original;
import io.securegateway.server.upstream.Owner;
import io.securegateway.server.upstream.Passing;
import io.securegateway.server.upstream.ServerRequests;
import io.securegateway.server.upstream.UpstreamSettings;
import io.securegateway.server.upstream.Upstreams;
import io.securegateway.server.upstream.Upstreams.Listed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
  private final ServerErrors errors;
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
    this.errors = new ServerErrors(calls);
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
    String capability = method == Method.PROMPTS_LIST ? "prompts" : "resources";
    if (!tools.reaches(turn.caller(), reads.text())
        || upstreams.offering(turn.project(), capability).isEmpty()) {
      turn.unknownMethod();
      return;
    }
    if (turn.params().has("cursor")) {
      turn.answering()
          .error(RpcCode.INVALID_PARAMS, "The list has one page; leave the cursor out.");
      return;
    }
    upstreams
        .list(turn.project(), method, member, clients.of(turn))
        .onSuccess(
            all -> {
              ObjectNode result = JsonNodeFactory.instance.objectNode();
              ArrayNode items = result.putArray(member);
              Set<String> seen = new HashSet<>();
              Predicate<ObjectNode> could = tools.calls(turn.caller(), reads.text());
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
                  if (answers && could.test(asked(key, name)) && seen.add(name)) {
                    items.add(named);
                  }
                }
              }
              turn.answering().result(result);
            });
  }

  /** What is known of a call that asks for it; nothing if any address may be asked for. */
  private static ObjectNode asked(String key, String name) {
    ObjectNode known = JsonNodeFactory.instance.objectNode();
    return key.equals("uriTemplate") ? known : known.put(key, name);
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

  /**
   * Decides for each resource whether the client may hear of it, and has its server tell; see
   * {@link ListWatch.Resources}. Each subscription is a conversation of its own, which ends when
   * the client leaves.
   */
  Future<List<String>> hear(
      Turn turn, List<String> addresses, Consumer<Message.Notification> told) {
    if (addresses.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    String conversation = turn.conversation() + "/" + UUID.randomUUID();
    Client client =
        new Client(
            Client.principal(turn.caller()),
            conversation,
            false,
            JsonNodeFactory.instance.objectNode(),
            ServerRequests.NOBODY,
            ServerRequests.NOBODY,
            news -> {
              if (news.method().equals(Method.RESOURCE_UPDATED.text())
                  && addresses.contains(news.params().path("uri").asString(""))) {
                told.accept(news);
              }
            });
    Runnable end = () -> upstreams.end(turn.project(), conversation);
    turn.departure().onGone(end);
    Set<String> granted = new HashSet<>();
    List<Future<Outcome>> all = new ArrayList<>();
    for (String address : addresses) {
      all.add(
          subscribe(turn, address, client)
              .onSuccess(
                  outcome -> {
                    if (outcome instanceof Outcome.Allowed) {
                      granted.add(address);
                    }
                  }));
    }
    return Future.join(all)
        .map(
            done -> {
              if (turn.departure().gone()) {
                end.run(); // what was begun since
              }
              return addresses.stream().filter(granted::contains).toList();
            });
  }

  private Future<Outcome> subscribe(Turn turn, String address, Client client) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode().put("uri", address);
    Passing passing =
        new Passing(
            Method.SUBSCRIBE,
            found -> owners.resource(turn.project(), found),
            arguments,
            false,
            null,
            client,
            news -> {});
    return calls.make(
        turn.seated().bench(),
        turn.attempt(Method.SUBSCRIBE.text(), arguments),
        passing,
        turn.departure(),
        turn.context());
  }

  /** Tells servers that may ask for the roots of a session, in its own conversations with them. */
  void rootsChanged(McpSession session) {
    Caller caller = session.caller();
    if (session.capabilities().path("roots").path("listChanged").asBoolean(false)
        && tools.reaches(caller, Method.ROOTS_LIST.text())) {
      upstreams.tell(
          caller.project(),
          session.conversation(),
          Message.Notification.of(Method.ROOTS_CHANGED, JsonNodeFactory.instance.objectNode()));
    }
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
        .onSuccess(
            outcome -> answer(turn, method, outcome, () -> judged(turn, method, needed, owner)));
  }

  /** {@code again}: makes the call anew. */
  private void answer(Turn turn, Method method, Outcome outcome, Runnable again) {
    if (turn.departure().gone()) {
      turn.answering().silence();
      return;
    }
    switch (outcome) {
      case Outcome.Allowed allowed -> allowed(turn, allowed);
      case Outcome.Failed failed -> failed(turn, failed, again);
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

  private void failed(Turn turn, Outcome.Failed failed, Runnable again) {
    if (failed.original() instanceof Original.Refusal(ObjectNode error)) {
      errors.pass(turn, error, again);
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
    if (!upstreams.offering(seated.bench().project(), "logging").isEmpty()) {
      capabilities.putObject("logging");
    }
    offer(capabilities, seated, "prompts", Method.PROMPTS_GET);
    offer(capabilities, seated, "resources", Method.RESOURCES_READ);
    offer(capabilities, seated, "completions", Method.COMPLETE);
    if (capabilities.path("resources") instanceof ObjectNode resources
        && tools.reaches(seated.caller(), Method.SUBSCRIBE.text())
        && upstreams.mayTellOfResources(seated.bench().project())) {
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
