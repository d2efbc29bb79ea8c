package io.securegateway.server.admin;

import io.securegateway.core.event.Event;
import io.securegateway.core.session.Approval;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.journal.JournalRefused;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/approvals}: what waits for a person, and their answers. */
public final class ApprovalsApi {
  private final Benches benches;

  /** Over the benches of all projects. */
  public ApprovalsApi(Benches benches) {
    this.benches = benches;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/approvals", AdminRole.VIEWER, this::list).query("project"),
        new Route("POST", "/api/approvals/{id}", AdminRole.EDITOR, this::answer)
            .query("project")
            .body("approve", "reason"));
  }

  private Reply list(AdminRequest request) {
    Optional<String> project = request.project();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    for (Bench bench : benches.all()) {
      if (request.admin().sees(bench.project())
          && project.map(bench.project()::equals).orElse(true)) {
        bench.approvals().forEach(waiting -> items.add(describe(bench.project(), waiting)));
      }
    }
    return Reply.ok(body);
  }

  private static ObjectNode describe(String project, Bench.Waiting waiting) {
    Approval approval = waiting.approval();
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("id", approval.id());
    item.put("project", project);
    item.put("key", waiting.call().key());
    item.put("model_id", waiting.call().model());
    item.put("session_id", waiting.call().session()).put("session_uid", waiting.call().uid());
    item.put("tool", waiting.call().tool());
    if (waiting.call().arguments() != null) {
      item.set("input", waiting.call().arguments().json());
    }
    item.put("status", approval.approved() ? "approved" : "pending");
    approval.asks().forEach(item.putArray("rules")::add);
    item.put("expires", Instant.ofEpochMilli(approval.expires()).toString());
    return item;
  }

  private Reply answer(AdminRequest request) {
    JsonNode approve = request.body().path("approve");
    if (!approve.isBoolean()) {
      throw new Problem(400, "body.member", "The body needs \"approve\", true or false.");
    }
    String why = request.text("reason");
    String id = request.segment("id");
    Optional<String> project = request.project();
    Bench bench =
        benches.all().stream()
            .filter(one -> request.admin().sees(one.project()))
            .filter(one -> project.map(one.project()::equals).orElse(true))
            .filter(one -> one.facts().approvals().containsKey(id))
            .findFirst()
            .orElseThrow(ApprovalsApi::unknown);
    try {
      Event.ApprovalResolved answer =
          new Event.ApprovalResolved(id, approve.booleanValue(), request.admin().name(), why);
      bench
          .resolve(answer)
          .orElseThrow(ApprovalsApi::unknown)
          .durable()
          .toCompletableFuture()
          .join();
    } catch (JournalRefused e) {
      throw new Problem(503, "journal.refused", JournalRefused.why(e));
    } catch (CompletionException e) {
      throw new Problem(503, "journal.refused", JournalRefused.why(e));
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", id)
        .put("status", approve.booleanValue() ? "approved" : "refused")
        .put("reason", why);
    return Reply.ok(body);
  }

  private static Problem unknown() {
    return new Problem(
        404, "approval.unknown", "No such approval waits: it was answered, used, or has expired.");
  }
}
