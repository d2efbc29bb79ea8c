package io.securegateway.server.upstream;

import io.securegateway.api.Reason;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

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
    List<UpstreamSettings> serving = ofProject.apply(project);
    UpstreamSettings owner = call.passing().owner();
    Optional<ToolRoute> route =
        owner == null
            ? ToolRoute.find(serving, call.tool())
            : Optional.of(new ToolRoute(owner, call.tool()))
                .filter(known -> serving.contains(known.upstream()));
    return route
        .map(found -> clients.apply(found.upstream()).call(found.tool(), call, onGone))
        .orElseGet(
            () ->
                Future.succeededFuture(
                    UpstreamAnswer.Failed.unsent(
                        Reason.TOOL_UNKNOWN, Reason.TOOL_UNKNOWN.meaning())));
  }
}
