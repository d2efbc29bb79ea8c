package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.Method;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** The upstream clients of one loop, by project. Used on that loop only. */
public final class Upstreams {
  private final Function<String, List<UpstreamSettings>> ofProject;
  private final Function<UpstreamSettings, ToolUpstream> clients;

  /**
   * @param ofProject the upstreams that serve a project now
   * @param clients this loop's client of an upstream
   */
  Upstreams(
      Function<String, List<UpstreamSettings>> ofProject,
      Function<UpstreamSettings, ToolUpstream> clients) {
    this.ofProject = ofProject;
    this.clients = clients;
  }

  /**
   * Makes a call of a project. The future never fails. {@code onGone} takes what is to be done when
   * the caller leaves.
   */
  public Future<UpstreamAnswer> call(String project, UpstreamCall call, Consumer<Runnable> onGone) {
    Owner owner = call.passing().owner();
    if (owner == null) {
      return make(ToolRoute.find(ofProject.apply(project), call.tool()), call, onGone);
    }
    return owner
        .of(call.arguments())
        .compose(
            found ->
                make(
                    found
                        .filter(upstream -> ofProject.apply(project).contains(upstream))
                        .map(upstream -> new ToolRoute(upstream, call.tool())),
                    call,
                    onGone));
  }

  private Future<UpstreamAnswer> make(
      Optional<ToolRoute> route, UpstreamCall call, Consumer<Runnable> onGone) {
    return route
        .map(found -> clients.apply(found.upstream()).call(found.tool(), call, onGone))
        .orElseGet(
            () ->
                Future.succeededFuture(
                    UpstreamAnswer.Failed.unsent(
                        Reason.TOOL_UNKNOWN, Reason.TOOL_UNKNOWN.meaning())));
  }

  /**
   * What one server lists.
   *
   * @param items as the server wrote them, in its order
   */
  public record Listed(UpstreamSettings upstream, List<ObjectNode> items) {}

  /**
   * What the MCP servers of a project list under a method: the one without a prefix first, the
   * others by name. One that cannot be asked lists what it did last. The future never fails.
   *
   * @param member of the result that holds the items
   */
  public Future<List<Listed>> list(String project, Method method, String member) {
    return listed(project, upstream -> upstream.list(method, member));
  }

  /** The same, each asked in its conversation with that client if it keeps one for it. */
  public Future<List<Listed>> list(String project, Method method, String member, Client client) {
    return listed(project, upstream -> upstream.list(method, member, client));
  }

  /** The same, as it was within the last minute where the server did not say that it changed. */
  public Future<List<Listed>> listedLately(String project, Method method, String member) {
    return listed(project, upstream -> upstream.listedLately(method, member));
  }

  private Future<List<Listed>> listed(
      String project, Function<ToolUpstream, Future<List<ObjectNode>>> list) {
    List<Future<Listed>> all = new ArrayList<>();
    for (UpstreamSettings upstream : servers(project)) {
      all.add(list.apply(clients.apply(upstream)).map(items -> new Listed(upstream, items)));
    }
    return Future.join(all)
        .map(done -> all.stream().map(Future::result).toList())
        .otherwise(List.of());
  }

  /**
   * Which tools the MCP servers of a project offer to this very client, by their own names; those
   * are left out that offer it what they offer everybody. The future never fails.
   */
  public Future<Map<UpstreamSettings, Set<String>>> offered(String project, Client client) {
    Map<UpstreamSettings, Set<String>> offered = new HashMap<>();
    List<Future<Void>> all = new ArrayList<>();
    for (UpstreamSettings upstream : servers(project)) {
      all.add(
          clients
              .apply(upstream)
              .offered(client)
              .onSuccess(names -> names.ifPresent(found -> offered.put(upstream, found)))
              .mapEmpty());
    }
    return Future.join(all).map(offered).otherwise(offered);
  }

  /** The MCP servers of a project that may have the capability, in that order. */
  public List<UpstreamSettings> offering(String project, String capability) {
    return servers(project).stream()
        .filter(upstream -> clients.apply(upstream).mayOffer(capability))
        .toList();
  }

  /** Whether some MCP server of a project tells when what it lists there becomes other. */
  public boolean tellsOfChanged(String project, String capability) {
    return servers(project).stream()
        .anyMatch(upstream -> clients.apply(upstream).tellsOfChanged(capability));
  }

  /** Whether some MCP server of a project may tell of resources that are subscribed to. */
  public boolean mayTellOfResources(String project) {
    return servers(project).stream()
        .anyMatch(upstream -> clients.apply(upstream).mayTellOfResources());
  }

  /** Tells the servers of a project that keep a conversation of that name something in it. */
  public void tell(String project, String conversation, Message.Notification told) {
    servers(project).forEach(upstream -> clients.apply(upstream).tell(conversation, told));
  }

  /** A conversation of that name with the servers of a project is over. */
  public void end(String project, String conversation) {
    servers(project).forEach(upstream -> clients.apply(upstream).end(conversation));
  }

  /** What one server tells models of itself. */
  public String instructions(UpstreamSettings upstream) {
    return clients.apply(upstream).instructions();
  }

  /** The MCP servers of a project: the one without a prefix first, the others by name. */
  public List<UpstreamSettings> servers(String project) {
    return ofProject.apply(project).stream()
        .filter(upstream -> !(upstream.wire() instanceof Wire.Http))
        .sorted(
            Comparator.comparing((UpstreamSettings upstream) -> upstream.prefix() != null)
                .thenComparing(UpstreamSettings::name))
        .toList();
  }
}
