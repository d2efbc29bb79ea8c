package io.securegateway.server.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Reason;
import io.securegateway.core.event.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallLogTest {
  private final MemoryJournal journal =
      new MemoryJournal(Collections.synchronizedList(new ArrayList<>()));
  private final CallLog log = new CallLog(journal::scan, journal::durableSeq);

  private void happened(Event... events) {
    for (Event event : events) {
      journal.append(1_000, "bank", event);
    }
  }

  private List<CallRow> rows(LogFilter filter) {
    List<CallRow> rows = new ArrayList<>();
    log.each(filter, rows::add);
    return rows;
  }

  @Test
  void joinsDecisionsWithTheirEndInTheOrderOfDecisions() {
    happened(
        Calls.allowed("a", "s", "pay"),
        Calls.allowed("b", "s", "read"),
        Calls.denied("c", "s", "drop"),
        Calls.allowed("d", "s", "slow"),
        Calls.answered("b", "fine"),
        new Event.CallReleased("a", Reason.SCHEMA_INPUT, "/to: missing"));
    List<CallRow> rows = rows(LogFilter.all());
    assertEquals(List.of("a", "b", "c", "d"), rows.stream().map(CallRow::call).toList());
    assertEquals(
        List.of("invalid", "allowed", "denied", "pending"),
        rows.stream().map(CallRow::status).toList());
    assertEquals("/to: missing", rows.get(0).reason());
    assertEquals(7L, rows.get(1).latency());
  }

  @Test
  void pagesNewestFirstWithoutLossOrRepeat() {
    for (int i = 0; i < 95; i++) {
      happened(Calls.allowed("c" + i, "s", "pay"));
      if (i % 2 == 0) {
        happened(Calls.answered("c" + i, "ok"));
      }
    }
    List<String> seen = new ArrayList<>();
    Optional<Long> cursor = Optional.empty();
    do {
      CallLog.Page page = log.page(LogFilter.all(), cursor, 10);
      assertTrue(page.rows().size() <= 10);
      page.rows().forEach(row -> seen.add(row.call()));
      cursor = page.next();
    } while (cursor.isPresent());
    List<String> expected = new ArrayList<>();
    for (int i = 94; i >= 0; i--) {
      expected.add("c" + i);
    }
    assertEquals(expected, seen);
  }

  @Test
  void findsTheEndOfACallThatItsWindowDoesNotHold() {
    happened(Calls.allowed("old", "s", "pay"));
    for (int i = 0; i < 70_000; i++) {
      happened(Calls.acted(i));
    }
    happened(Calls.answered("old", "late"), Calls.denied("new", "s", "pay"));
    List<CallRow> rows = log.page(LogFilter.all(), Optional.empty(), 10).rows();
    assertEquals(List.of("new", "old"), rows.stream().map(CallRow::call).toList());
    assertEquals("allowed", rows.get(1).status());
  }

  @Test
  void endsWhatAStopInterruptedAlsoForOneProject() {
    happened(Calls.allowed("a", "s", "pay"));
    journal.append(2_000, "-", new Event.GatewayStarted("0.1.0", "engine", "second"));
    CallRow row = rows(LogFilter.ofSession("bank", "s")).get(0);
    assertEquals(rows(LogFilter.all()).get(0), row);
    assertEquals("error", row.status());
    assertEquals(Reason.GATEWAY_STOPPED.code(), row.code());
  }

  @Test
  void findsASessionByItsIdAndByItsUid() {
    happened(Calls.denied("a", "one", "pay"), Calls.denied("b", "two", "pay"));
    assertEquals(1, rows(LogFilter.ofSession("bank", "one")).size());
    assertEquals(1, rows(LogFilter.ofSession("bank", "two-uid")).size());
    assertEquals(0, rows(LogFilter.ofSession("other", "one")).size());
  }

  @Test
  void csvCellsNeverBeginAFormula() {
    assertEquals("'=1+1", RowFormat.cell("=1+1"));
    assertEquals("'@x", RowFormat.cell("@x"));
    assertEquals("\"'+a,\"\"b\"\"\"", RowFormat.cell("+a,\"b\""));
    assertEquals("\"'\r=x\"", RowFormat.cell("\r=x"));
    assertEquals("\"'\n=x\"", RowFormat.cell("\n=x"));
    assertEquals("' =x", RowFormat.cell(" =x"));
    assertEquals("plain", RowFormat.cell("plain"));
    assertEquals(
        RowFormat.CSV_HEADER.split(",").length,
        RowFormat.csv(log(Calls.denied("a", "s", "t"))).split(",").length);
  }

  private CallRow log(Event event) {
    happened(event);
    return log.page(LogFilter.all(), Optional.empty(), 1).rows().get(0);
  }
}
