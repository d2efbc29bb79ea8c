package io.securegateway.server.admin;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Flag;
import io.securegateway.server.catalogue.CatalogueTool;
import io.securegateway.server.catalogue.Inspected;
import io.securegateway.server.catalogue.PinMode;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.journal.JournalRefused;
import io.securegateway.server.project.InForce;
import io.securegateway.server.upstream.Catalogues;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/catalogue}: how MCP servers define their tools, what speaks against them, and the
 * acceptance of a definition.
 */
public final class CatalogueApi {
  private static final int MAX_REASON = 1_000;

  private final Benches benches;
  private final Supplier<InForce> inForce;
  private final Catalogues catalogues;
  private final Runnable inspect;

  /** {@code inspect}: looks at all tools again; after it, {@code inForce} says the outcome. */
  public CatalogueApi(
      Benches benches, Supplier<InForce> inForce, Catalogues catalogues, Runnable inspect) {
    this.benches = benches;
    this.inForce = inForce;
    this.catalogues = catalogues;
    this.inspect = inspect;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/catalogue", AdminRole.VIEWER, this::list).query("project"),
        new Route("POST", "/api/catalogue/{tool}/accept", AdminRole.EDITOR, this::accept)
            .query("project")
            .body("sha256", "reason"));
  }

  private String project(AdminRequest request) {
    String project = request.visible(request.project().orElse(Benches.DEFAULT));
    if (!benches.exists(project)) {
      throw new Problem(404, "project.unknown", "There is no such project for this key.");
    }
    return project;
  }

  private Reply list(AdminRequest request) {
    String project = project(request);
    Inspected tools = inForce.get().inspected(project);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("project", project).put("pin", tools.mode().word());
    ArrayNode items = body.putArray("items");
    tools.tools().forEach(tool -> items.add(json(tool, tools.mode())));
    return Reply.ok(body);
  }

  private static ObjectNode json(CatalogueTool tool, PinMode mode) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("tool", tool.name()).put("upstream", tool.upstream()).put("owner", tool.owner());
    item.put("state", state(tool, mode)).put("sha256", tool.definition().sha256());
    item.put("accepted", tool.accepted()).put("accepted_by", tool.by());
    ArrayNode flags = item.putArray("flags");
    for (Flag flag : tool.flags()) {
      flags.addObject().put("kind", flag.kind().word()).put("detail", flag.detail());
    }
    item.set("definition", tool.definition().definition());
    return item;
  }

  private static String state(CatalogueTool tool, PinMode mode) {
    if (!tool.routed()) {
      return "unreachable";
    }
    return !tool.isSuspect() ? "accepted" : mode == PinMode.QUARANTINE ? "quarantined" : "suspect";
  }

  /** Only the definition that the person saw: its hash is part of the request. */
  private Reply accept(AdminRequest request) {
    String project = project(request);
    String sha256 = request.text("sha256");
    String why = request.text("reason");
    if (why.length() > MAX_REASON) {
      throw new Problem(
          400, "body.member", "\"reason\" must be text of at most " + MAX_REASON + " characters.");
    }
    CatalogueTool tool = reached(project, name(request));
    if (!request.admin().sees(tool.owner())) {
      throw new Problem(
          403,
          "role.refused",
          "The tool's server belongs to another project, whose admins accept its tools.");
    }
    String offered = tool.definition().sha256();
    if (!offered.equals(sha256)) {
      throw new Problem(
          409,
          "catalogue.changed",
          "The server offers another definition now, with the hash " + offered + ".");
    }
    record(
        new Event.CatalogueAccepted(
            tool.owner(),
            tool.upstream(),
            tool.definition().name(),
            sha256,
            request.admin().name(),
            why));
    inspect.run();
    return Reply.ok(json(reached(project, tool.name()), inForce.get().inspected(project).mode()));
  }

  private CatalogueTool reached(String project, String name) {
    return inForce.get().inspected(project).tools().stream()
        .filter(tool -> tool.routed() && tool.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new Problem(
                    404, "tool.unknown", "No MCP server of the project offers such a tool."));
  }

  private static String name(AdminRequest request) {
    try {
      return URLDecoder.decode(request.segment("tool").replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Problem(400, "path.malformed", "The tool's name in the path is not well encoded.");
    }
  }

  private void record(Event.CatalogueAccepted event) {
    try {
      catalogues.record(event).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new Problem(503, "journal.refused", JournalRefused.why(e));
    }
  }
}
