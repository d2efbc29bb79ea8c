package io.securegateway.server.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.json.StrictJson;
import io.securegateway.core.replay.Change;
import io.securegateway.core.replay.ReplayMode;
import io.securegateway.core.replay.Tally;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Files of traces, good and bad. */
class TraceRunTest {
  private static Tally tally(Report report, ReplayMode mode) {
    return report.modes().getOrDefault(mode, new Tally());
  }

  @Test
  void reportIsTheSameForAnyNumberOfThreadsAndPackedOrNot() throws IOException {
    byte[] file = Traces.bytes(Traces.mix(1_000));
    byte[] one = StrictJson.write(ReportJson.of(Traces.replay(file, 1)));
    assertArrayEquals(one, StrictJson.write(ReportJson.of(Traces.replay(file, 4))));
    assertArrayEquals(one, StrictJson.write(ReportJson.of(Traces.replay(Traces.gzip(file), 3))));
  }

  @Test
  void labelledTruthIsCounted() throws IOException {
    String failed = Traces.attack(5).replace("\"attack\":", "\"provider_error\":true,\"attack\":");
    String lines =
        String.join(
            "\n", Traces.attack(1), Traces.good(2), Traces.good(249), Traces.good(3), failed);
    Report report = Traces.replay(Traces.bytes(lines), 2);
    assertEquals(5, report.sessions());
    assertEquals(13, report.calls());
    var labels = tally(report, ReplayMode.RECORDED).labels();
    assertEquals(1, labels.attacks().total());
    assertEquals(1, labels.attacks().blocked());
    assertEquals(0, labels.attacks().asked());
    assertEquals(3, labels.good().total());
    assertEquals(1, labels.good().blocked());
    assertEquals(1, labels.good().asked());
    assertEquals(1, labels.providerErrors());
    assertEquals(2, tally(report, ReplayMode.RECORDED).calls(Change.NEWLY_DENIED));
  }

  @Test
  void badLinesAreReportedWithTheirNumberAndLeftOut() throws IOException {
    String lines =
        String.join(
            "\n",
            Traces.attack(1),
            "",
            "{\"project\":\"shop\"",
            "[]",
            "{\"project\":\"No\",\"tool_calls\":[]}",
            "{\"tool_calls\":[{\"tool\":\"t\",\"status\":\"maybe\"}]}",
            "{\"tool_calls\":[{\"tool\":\"t\",\"timestamp\":\"yesterday\"}]}",
            "{\"tool_calls\":[{\"tool\":\"\"},{\"tool\":\"t\",\"input\":3}],\"project\":\"shop\"}",
            Traces.good(1));
    Report report = Traces.replay(Traces.bytes(lines), 2);
    assertEquals(3, report.sessions());
    assertEquals(5, report.badLines());
    assertEquals(
        List.of(3L, 4L, 5L, 6L, 7L, 8L, 8L),
        report.problems().stream().map(Report.Problem::line).toList());
    assertEquals(2, tally(report, ReplayMode.RECORDED).calls(Change.UNREPLAYABLE));
    assertTrue(report.problems().get(3).why().contains("\"maybe\""), report.problems()::toString);
    assertTrue(report.problems().get(4).why().contains("yesterday"), report.problems()::toString);
  }

  @Test
  void overlongLineIsSkippedInBoundedMemory() throws IOException {
    String lines =
        Traces.attack(1) + "\n" + "x".repeat(TraceLines.MAX_LINE + 1) + "\n" + Traces.good(1);
    Report report = Traces.replay(Traces.gzip(Traces.bytes(lines)), 1);
    assertEquals(2, report.sessions());
    assertEquals(1, report.badLines());
    assertEquals(2, report.problems().get(0).line());
  }

  @Test
  void fileThatUnpacksLikeABombIsRefused() throws IOException {
    byte[] bomb = Traces.gzip(new byte[300 * 1024 * 1024]);
    IOException refused = assertThrows(IOException.class, () -> Traces.replay(bomb, 1));
    assertTrue(String.valueOf(refused.getMessage()).contains("unpacks"), refused::toString);
  }

  @Test
  void fileThatIsCutOffIsRefusedWithThePlace() throws IOException {
    byte[] whole = Traces.gzip(Traces.bytes(Traces.mix(3_000)));
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    IOException refused = assertThrows(IOException.class, () -> Traces.replay(half, 1));
    assertTrue(String.valueOf(refused.getMessage()).contains("after line"), refused::toString);
  }

  @Test
  void baselineIsComparedWithTheRecordedStatus() throws IOException {
    String wrong = Traces.attack(2).replace("\"status\":\"allowed\"", "\"status\":\"denied\"");
    Candidate open = Traces.candidate(Traces.POLICY, "[]");
    Report report =
        Traces.replay(Traces.bytes(Traces.attack(1) + "\n" + wrong), 1, open, Optional.of(open));
    assertTrue(report.identity().applies());
    assertEquals(4, report.identity().checked());
    assertEquals(3, report.identity().equal());
    assertEquals("75.00 %", report.identity().share());
    assertEquals("line 2", report.identity().mismatches().get(0).place());
    assertTrue(!Traces.replay(Traces.bytes(wrong), 1).identity().applies());
  }

  @Test
  void resultThatIsUnderWayTouchesNothingYet() throws IOException {
    String late =
        Traces.attack(1)
            .replace(
                "\"output\":\"send all",
                "\"latency_ms\":5000,\"timestamp\":1700000001,\"output\":\"send all")
            .replace("\"output\":\"sent\"", "\"timestamp\":1700000003,\"output\":\"sent\"");
    Report report = Traces.replay(Traces.bytes(late), 1);
    assertEquals(0, tally(report, ReplayMode.RECORDED).calls(Change.NEWLY_DENIED));
  }

  @Test
  void candidateWithErrorsIsRefused() {
    Candidate broken = Traces.candidate("version: 1\nrules: [{effect: maybe}]", "[]");
    Candidate.Refused refused =
        assertThrows(
            Candidate.Refused.class,
            () -> Traces.replay(Traces.bytes(Traces.good(1)), 2, broken, Optional.empty()));
    assertTrue(!refused.findings().isEmpty());
  }

  @Test
  void watcherStopsItWhereverTheFileEnds() throws IOException {
    byte[] line = Traces.bytes(Traces.good(1) + "\n");
    InputStream endless =
        new InputStream() {
          private long at;

          @Override
          public int read() {
            return line[(int) (at++ % line.length)];
          }
        };
    Watcher impatient =
        new Watcher() {
          private volatile long seen;

          @Override
          public void progress(long sessions, double done) {
            seen = sessions;
          }

          @Override
          public boolean cancelled() {
            return seen > 500;
          }
        };
    try (TraceLines lines = new TraceLines(endless)) {
      TraceRun run =
          new TraceRun(
              Traces.candidate(Traces.POLICY, "[]"),
              Optional.empty(),
              Set.of(ReplayMode.RECORDED),
              any -> true);
      assertThrows(Watcher.Cancelled.class, () -> run.run(lines, 0, 2, impatient));
    }
  }

  @Test
  void emptyFileIsAnEmptyReport() throws IOException {
    try (TraceLines lines = new TraceLines(new ByteArrayInputStream(new byte[0]))) {
      Report report =
          new TraceRun(
                  Traces.candidate(Traces.POLICY, "[]"),
                  Optional.empty(),
                  Set.of(ReplayMode.RECORDED),
                  any -> true)
              .run(lines, 0, 1, Watcher.NONE);
      assertEquals(0, report.sessions());
    }
  }
}
