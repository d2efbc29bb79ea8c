package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Effect;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class RowFormatTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "=cmd|'/c calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        " =1+1"
      })
  void keepsSpreadsheetsFromRunningACell(String formula) {
    String cell = RowFormat.cell(formula);
    assertEquals(List.of("'" + formula), parse(cell));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "a=b", "1-2", "user@host", "it's", "'quoted'", " blank"})
  void leavesHarmlessCellsAsTheyAre(String text) {
    assertEquals(text, RowFormat.cell(text));
  }

  @Property(tries = 500)
  void keepsEveryCellOneCell(@ForAll String text) {
    List<String> cells = parse("before," + RowFormat.cell(text) + ",after");
    assertEquals(3, cells.size());
    String cell = cells.get(1);
    assertTrue(cell.equals(text) || cell.equals("'" + text));
    assertFalse(!cell.isEmpty() && "=+-@\t\r\n".indexOf(cell.charAt(0)) >= 0);
  }

  @Test
  void hasAsManyCellsAsTheHeaderNames() {
    CallRow row = row("pay, \"quickly\"\nnow", "=HYPERLINK(\"x\")");
    List<String> cells = parse(RowFormat.csv(row));
    List<String> header = parse(RowFormat.CSV_HEADER);
    assertEquals(header.size(), cells.size());
    assertEquals("1970-01-01T00:00:01Z", cells.get(header.indexOf("timestamp")));
    assertEquals("pay, \"quickly\"\nnow", cells.get(header.indexOf("tool")));
    assertEquals("'=HYPERLINK(\"x\")", cells.get(header.indexOf("session_id")));
    assertEquals("", cells.get(header.indexOf("latency_ms")));
    assertEquals("0.25", cells.get(header.indexOf("risk_score")));
  }

  @Test
  void showsBodiesOnlyWhenAsked() {
    CallRow row = row("pay", "s1");
    ObjectNode without = RowFormat.json(row, false);
    ObjectNode with = RowFormat.json(row, true);
    assertFalse(without.has("input"));
    assertFalse(without.has("output"));
    assertEquals("Grüße a", with.path("input").path("to").asString());
    assertTrue(with.path("output").isNull());
    with.remove(List.of("input", "output"));
    assertEquals(with, without);
    assertEquals("0.25", without.path("risk_score").toString());
    assertTrue(without.path("latency_ms").isNull());
    assertEquals(1, without.path("seq").asLong());
    assertEquals("a", without.path("trace_id").asString());
  }

  private static CallRow row(String tool, String session) {
    CallSamples calls = new CallSamples().decided("a", "bank", session, tool, Effect.DENY, true);
    return calls.log().page(LogFilter.all(), java.util.Optional.empty(), 1).rows().get(0);
  }

  /** One record of RFC 4180, read apart from the code that writes it. */
  private static List<String> parse(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted) {
        boolean escaped = c == '"' && i + 1 < line.length() && line.charAt(i + 1) == '"';
        if (c != '"' || escaped) {
          cell.append(c);
          i += escaped ? 1 : 0;
        } else {
          quoted = false;
        }
      } else if (c == '"' && cell.isEmpty()) {
        quoted = true;
      } else if (c == ',') {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        assertTrue(c != '"' && c != '\n' && c != '\r', () -> "bare special character in " + line);
        cell.append(c);
      }
    }
    assertFalse(quoted, line);
    cells.add(cell.toString());
    return cells;
  }
}
