package io.securegateway.server.admin;

import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.plugin.PluginView;
import io.securegateway.server.plugin.Plugins;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/plugins}: what looks at calls, and the switch of each. */
public final class PluginsApi {
  private static final int MAX_REASON = 1_000;

  private final Plugins plugins;
  private final Consumer<String> switched;

  /** Over the plugins in force; {@code switched} is told who switched one, once it is done. */
  public PluginsApi(Plugins plugins, Consumer<String> switched) {
    this.plugins = plugins;
    this.switched = switched;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/plugins", AdminRole.VIEWER, this::list),
        new Route("POST", "/api/plugins/{name}/disable", AdminRole.ADMIN, r -> turn(r, false))
            .body("reason"),
        new Route("POST", "/api/plugins/{name}/enable", AdminRole.ADMIN, r -> turn(r, true))
            .body("reason"));
  }

  private Reply list(AdminRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    boolean all = request.admin().projects().isEmpty();
    for (PluginView view : plugins.views()) {
      if (all) {
        items.add(json(view));
      } else if (view.projects().isEmpty()
          || view.projects().stream().anyMatch(request.admin()::sees)) {
        items.add(withoutCalls(json(view)));
      }
    }
    return Reply.ok(body);
  }

  private Reply turn(AdminRequest request, boolean on) {
    String name = request.segment("name");
    if (!request.admin().projects().isEmpty()) {
      throw new Problem(
          403, "role.refused", "Plugins look at every project: this needs an admin of all.");
    }
    if (!plugins.enable(name, on, request.admin().name(), why(request.body()))) {
      throw new Problem(404, "plugin.unknown", "There is no such plugin.");
    }
    switched.accept(request.admin().name());
    return Reply.ok(json(plugins.view(name).orElseThrow()));
  }

  /** What comes from calls of all projects, and an error may quote them, is for admins of all. */
  private static ObjectNode withoutCalls(ObjectNode item) {
    for (String member : List.of("calls", "denials", "failures", "mean_ms", "last_error")) {
      item.putNull(member);
    }
    return item;
  }

  private static String why(JsonNode body) {
    JsonNode reason = body.path("reason");
    if (reason.isMissingNode() || reason.isNull()) {
      return "";
    }
    if (!reason.isString() || reason.stringValue().length() > MAX_REASON) {
      throw new Problem(
          400, "body.member", "\"reason\" must be text of at most " + MAX_REASON + " characters.");
    }
    return reason.stringValue();
  }

  private static ObjectNode json(PluginView view) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("name", view.name()).put("file", "plugins/" + view.name() + ".py");
    item.put("sha256", view.sha256()).put("state", view.state());
    item.put("enforcing", view.enforcing());
    view.hooks().forEach(item.putArray("hooks")::add);
    view.projects().forEach(item.putArray("projects")::add);
    item.put("workers", view.limits().workers()).put("sandbox", view.sandbox());
    item.put("calls", view.calls()).put("denials", view.denials());
    item.put("failures", view.failures());
    item.put("mean_ms", BigDecimal.valueOf(view.meanMicros(), 3));
    item.put("last_error", view.problem().isEmpty() ? null : view.problem());
    item.put("loaded_at", view.loadedAt() == 0 ? null : BigDecimal.valueOf(view.loadedAt(), 3));
    ObjectNode limits = item.putObject("limits");
    limits.put("call_ms", view.limits().call().toMillis());
    limits.put("load_ms", view.limits().load().toMillis());
    limits.put("memory_mb", view.limits().memory() >> 20);
    limits.put("frame_kb", view.limits().frame() >> 10);
    limits.put("output_kb", view.limits().output() >> 10).put("queue", view.limits().queue());
    return item;
  }
}
