package io.securegateway.server.admin;

import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.session.SessionFacts;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.identity.KeyTable;
import io.securegateway.server.project.InForce;
import io.securegateway.server.project.KnownTools;
import io.securegateway.server.schema.Direction;
import io.securegateway.server.upstream.ToolRoute;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/tools} and {@code /api/keys}: what a project has, as people see it; of keys never
 * more than their names.
 */
public final class InventoryApi {
  private final Benches benches;
  private final Supplier<InForce> inForce;
  private final KnownTools tools;

  /** Over what is in force. */
  public InventoryApi(Benches benches, Supplier<InForce> inForce, KnownTools tools) {
    this.benches = benches;
    this.inForce = inForce;
    this.tools = tools;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/tools", AdminRole.VIEWER, this::tools).query("project"),
        new Route("GET", "/api/keys", AdminRole.VIEWER, this::keys).query("project"));
  }

  private Bench bench(AdminRequest request) {
    String project = request.project().orElse(Benches.DEFAULT);
    request.visible(project);
    return benches
        .of(project)
        .filter(bench -> benches.exists(project))
        .orElseThrow(
            () -> new Problem(404, "project.unknown", "There is no such project for this key."));
  }

  private Reply tools(AdminRequest request) {
    Bench bench = bench(request);
    String project = bench.project();
    InForce now = inForce.get();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    for (String tool : tools.all(project)) {
      ObjectNode item = items.addObject().put("tool", tool);
      item.put(
          "upstream",
          ToolRoute.find(now.upstreams(project), tool)
              .map(route -> route.upstream().name())
              .orElse(null));
      ArrayNode labels = item.putArray("labels");
      bench.judging().policy().labelsOf(tool).stream().sorted().forEach(labels::add);
      now.schemas()
          .tree(project, tool, Direction.INPUT)
          .ifPresent(schema -> item.set("input_schema", schema));
      now.schemas()
          .tree(project, tool, Direction.OUTPUT)
          .ifPresent(schema -> item.set("output_schema", schema));
    }
    return Reply.ok(body);
  }

  private Reply keys(AdminRequest request) {
    Bench bench = bench(request);
    KeyTable table = inForce.get().keysOf(bench.project());
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    for (ModelKeys.Model model : table.keys().models()) {
      for (ModelKeys.Key key : model.keys()) {
        ObjectNode item = items.addObject();
        item.put("id", key.id()).put("model", model.name());
        ArrayNode globs = item.putArray("tools");
        model.tools().forEach(glob -> globs.add(glob.text()));
        Instant expires = key.expires();
        item.put("expires", expires == null ? null : expires.toString());
        item.put("expired", expires != null && !expires.isAfter(Instant.now()));
        item.put("revoked", table.isRevoked(key));
        item.put("last_used", lastUsed(bench, key.id()));
      }
    }
    return Reply.ok(body);
  }

  /** When a session of the key was last active, if one is still known. */
  private static @Nullable String lastUsed(Bench bench, String key) {
    return bench.facts().key(key).sessions().values().stream()
        .map(SessionFacts::lastActive)
        .max(Comparator.naturalOrder())
        .map(time -> Instant.ofEpochMilli(time).toString())
        .orElse(null);
  }
}
