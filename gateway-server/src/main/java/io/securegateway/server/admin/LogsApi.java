package io.securegateway.server.admin;

import io.securegateway.core.json.StrictJson;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.journal.CallLog;
import io.securegateway.server.journal.CallRow;
import io.securegateway.server.journal.LogFilter;
import io.securegateway.server.journal.RowFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/logs} and its export: the calls, with plain filters. */
public final class LogsApi {
  private static final int MAX_LIMIT = 1_000;
  private static final int LIMIT = 100;

  /** The parameters that {@link #filter} reads. */
  static final String[] FILTERS = {
    "since", "until", "project", "model", "tool", "status", "session", "trace_id", "q"
  };

  private final CallLog log;

  /** Over the journal's calls. */
  public LogsApi(CallLog log) {
    this.log = log;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/logs", AdminRole.VIEWER, this::page)
            .query(FILTERS)
            .query("limit", "cursor"),
        new Route("GET", "/api/logs/export", AdminRole.VIEWER, this::export)
            .query(FILTERS)
            .query("format"));
  }

  private Reply page(AdminRequest request) {
    Optional<Long> cursor = request.parameter("cursor").map(LogsApi::cursor);
    CallLog.Page page =
        log.page(filter(request), cursor, request.whole("limit", LIMIT, 1, MAX_LIMIT));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    page.rows().forEach(row -> items.add(RowFormat.json(row, false)));
    body.put("next_cursor", page.next().map(String::valueOf).orElse(null));
    return Reply.ok(body);
  }

  private static Long cursor(String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw new Problem(400, "parameter.value", "cursor must be one that an earlier page gave.");
    }
    return Long.valueOf(text);
  }

  private Reply export(AdminRequest request) {
    String format = request.parameter("format").orElse("jsonl");
    LogFilter filter = filter(request);
    return switch (format) {
      case "jsonl" ->
          new Reply.Stream(
              "application/x-ndjson",
              out ->
                  log.each(filter, row -> line(out, StrictJson.text(RowFormat.json(row, true)))));
      case "csv" ->
          new Reply.Stream(
              "text/csv; charset=utf-8",
              out -> {
                line(out, RowFormat.CSV_HEADER);
                log.each(filter, row -> line(out, RowFormat.csv(row)));
              });
      default -> throw new Problem(400, "parameter.value", "format must be jsonl or csv.");
    };
  }

  private static void line(OutputStream out, String text) {
    try {
      out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The filters of the query, within the projects the person may see. */
  static LogFilter filter(AdminRequest request) {
    return new LogFilter(
        request.admin()::sees,
        request.time("since"),
        request.time("until"),
        request.project(),
        request.parameter("model"),
        request.parameter("tool"),
        request.word("status", CallRow.STATUSES),
        request.parameter("session"),
        request.parameter("trace_id"),
        request.parameter("q"));
  }

  /** A row as the trace of a session shows it. */
  static ObjectNode traced(CallRow row) {
    ObjectNode call = RowFormat.json(row, true);
    call.put("timestamp", java.math.BigDecimal.valueOf(row.time(), 3));
    return call;
  }
}
