package io.securegateway.server.admin;

import io.securegateway.server.flow.Rewind;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.journal.CallLog;
import io.securegateway.server.journal.ExplanationFormat;
import java.util.List;

/**
 * {@code /api/explain/{trace_id}}: one past decision with every rule, every condition and what it
 * read.
 */
public final class ExplainApi {
  private final CallLog.Scan journal;

  /** Over the journal. */
  public ExplainApi(CallLog.Scan journal) {
    this.journal = journal;
  }

  /** Its routes. Values and thresholds are for the admin role. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/explain/{call}", AdminRole.ADMIN, this::explain).query("project"));
  }

  private Reply explain(AdminRequest request) {
    String project = request.project().orElse("default");
    request.visible(project);
    Rewind.Told told =
        Rewind.explain(journal, project, request.segment("call"))
            .orElseThrow(
                () ->
                    new Problem(
                        404, "call.unknown", "There is no such call in project " + project + "."));
    return Reply.ok(ExplanationFormat.json(told.decided(), told.explanation(), told.equal()));
  }
}
