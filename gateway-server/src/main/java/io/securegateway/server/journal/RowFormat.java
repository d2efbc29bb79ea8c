package io.securegateway.server.journal;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.ScreenCodec;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Rows of calls as JSON and as CSV (RFC 4180, safe to open in a spreadsheet). Pure. */
public final class RowFormat {
  /** The first line of a CSV export. */
  public static final String CSV_HEADER =
      "timestamp,project,model_id,session_id,tool,status,reason,rule,policy,latency_ms,risk_score,key,trace_id";

  private RowFormat() {}

  /** As JSON; with {@code bodies}, also arguments and result. */
  public static ObjectNode json(CallRow row, boolean bodies) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("timestamp", Instant.ofEpochMilli(row.time()).toString());
    node.put("project", row.project()).put("model_id", row.model()).put("key", row.key());
    node.put("session_id", row.session()).put("session_uid", row.uid()).put("tool", row.tool());
    node.put("status", row.status()).put("reason", row.reason()).put("reason_code", row.code());
    node.put("rule", row.rule()).put("policy", row.policy());
    node.put("latency_ms", row.latency()).put("risk_score", BigDecimal.valueOf(row.risk(), 2));
    node.put("trace_id", row.call()).put("seq", row.seq());
    if (row.replaces() != null) {
      node.put("replaces", row.replaces());
    }
    if (!row.screens().isEmpty()) {
      ArrayNode said = node.putArray("plugins");
      row.screens().forEach(screened -> plugins(screened, said));
    }
    if (bodies) {
      node.set("input", row.input());
      node.set("output", row.output());
    }
    return node;
  }

  private static void plugins(Event.CallScreened screened, ArrayNode said) {
    for (Event.Screen screen : screened.screens()) {
      ObjectNode item = said.addObject();
      ScreenCodec.write(screen, item);
      item.put("hook", screened.hook()).put("ms", BigDecimal.valueOf(screen.micros(), 3));
    }
  }

  /** As a line of CSV, without its end. */
  public static String csv(CallRow row) {
    List<String> cells =
        List.of(
            Instant.ofEpochMilli(row.time()).toString(),
            row.project(),
            row.model(),
            row.session(),
            row.tool(),
            row.status(),
            row.reason(),
            row.rule() == null ? "" : row.rule(),
            row.policy(),
            row.latency() == null ? "" : row.latency().toString(),
            BigDecimal.valueOf(row.risk(), 2).toString(),
            row.key(),
            row.call());
    StringBuilder line = new StringBuilder();
    for (String cell : cells) {
      line.append(line.isEmpty() ? "" : ",").append(cell(cell));
    }
    return line.toString();
  }

  /**
   * Quoted where needed; text that spreadsheets take for a formula, also behind white space or in
   * full-width characters, gets an apostrophe.
   */
  static String cell(String text) {
    String bare = text.stripLeading();
    boolean formula =
        (!bare.isEmpty() && "=+-@\uFF1D\uFF0B\uFF0D\uFF20".indexOf(bare.charAt(0)) >= 0)
            || (!text.isEmpty() && "\t\r\n".indexOf(text.charAt(0)) >= 0);
    String safe = formula ? "'" + text : text;
    boolean plain = safe.chars().allMatch(c -> c != '"' && c != ',' && c != '\n' && c != '\r');
    return plain ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
  }
}
