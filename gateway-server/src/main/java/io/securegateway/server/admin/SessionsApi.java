package io.securegateway.server.admin;

import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.journal.CallLog;
import io.securegateway.server.journal.CallRow;
import io.securegateway.server.journal.LogFilter;
import io.securegateway.server.journal.SessionSummary;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/sessions} and {@code /api/session/{sid}}: what happened, session by session. */
public final class SessionsApi {
  private static final int MAX_LIMIT = 1_000;
  private static final int LIMIT = 100;

  private final CallLog log;

  /** Over the journal's calls. */
  public SessionsApi(CallLog log) {
    this.log = log;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/sessions", AdminRole.VIEWER, this::list)
            .query(LogsApi.FILTERS)
            .query("limit"),
        new Route("GET", "/api/session/{sid}", AdminRole.VIEWER, this::trace).query("project"));
  }

  private Reply list(AdminRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    for (SessionSummary session :
        log.sessions(LogsApi.filter(request), request.whole("limit", LIMIT, 1, MAX_LIMIT))) {
      items.add(summary(session));
    }
    return Reply.ok(body);
  }

  private static ObjectNode summary(SessionSummary session) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("session_id", session.session())
        .put("uid", session.uid())
        .put("project", session.project());
    item.put("model_id", session.model()).put("key", session.key());
    item.put("start_time", BigDecimal.valueOf(session.firstTime(), 3));
    item.put("last_time", BigDecimal.valueOf(session.lastTime(), 3));
    item.put("calls", session.calls()).put("denied", session.denied());
    item.put("risk_score", BigDecimal.valueOf(session.risk(), 2));
    return item;
  }

  private Reply trace(AdminRequest request) {
    String project = request.project().orElse("default");
    request.visible(project);
    String id =
        URLDecoder.decode(request.segment("sid").replace("+", "%2B"), StandardCharsets.UTF_8);
    Map<String, List<CallRow>> byUid = new LinkedHashMap<>();
    log.each(
        LogFilter.ofSession(project, id),
        row -> byUid.computeIfAbsent(row.uid(), fresh -> new ArrayList<>()).add(row));
    if (byUid.isEmpty()) {
      throw new Problem(
          404, "session.unknown", "There is no such session in project " + project + ".");
    }
    if (byUid.size() > 1) {
      ArrayNode candidates = JsonNodeFactory.instance.arrayNode();
      byUid.keySet().forEach(candidates::add);
      throw new Problem(
              409, "session.ambiguous", "Several sessions bear this id; name one by its uid.")
          .with("candidates", candidates);
    }
    return Reply.ok(trace(project, byUid.values().iterator().next()));
  }

  private ObjectNode trace(String project, List<CallRow> rows) {
    CallRow first = rows.get(0);
    List<String> prompts = log.prompts(project, first.uid());
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("session_id", first.session()).put("uid", first.uid()).put("project", project);
    body.put("model_id", first.model()).put("key", first.key());
    body.put("prompt", prompts.isEmpty() ? null : prompts.get(0));
    prompts.forEach(body.putArray("prompts")::add);
    body.put("start_time", BigDecimal.valueOf(first.time(), 3));
    ArrayNode calls = body.putArray("tool_calls");
    rows.forEach(row -> calls.add(LogsApi.traced(row)));
    int risk = rows.stream().mapToInt(CallRow::risk).max().orElse(0);
    body.put("risk_score", BigDecimal.valueOf(risk, 2));
    return body;
  }
}
