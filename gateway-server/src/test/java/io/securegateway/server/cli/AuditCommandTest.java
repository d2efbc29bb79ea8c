package io.securegateway.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.api.Caller;
import io.securegateway.api.Effect;
import io.securegateway.api.Reason;
import io.securegateway.core.call.Call;
import io.securegateway.core.decide.Decision;
import io.securegateway.core.event.Event;
import io.securegateway.server.journal.SegmentJournal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import tools.jackson.databind.node.JsonNodeFactory;

@ResourceLock(Resources.SYSTEM_OUT)
class AuditCommandTest {
  private static final String HOSTILE = "no\u001b[2J, käse\r\n2026 all is well\u202e \u009b1m";

  @TempDir Path data;
  private final PrintStream console = System.out;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @BeforeEach
  void records() throws IOException {
    System.setOut(new PrintStream(out, true, StandardCharsets.US_ASCII));
    try (SegmentJournal journal = SegmentJournal.open(data.resolve("journal"), 64 * 1024)) {
      journal.append(1_000, "bank", denied("c1", "pay", HOSTILE));
      journal.append(2_000, "shop", denied("c2", "read", "because"));
    }
  }

  @AfterEach
  void givesTheConsoleBack() {
    System.setOut(console);
  }

  private static Event denied(String id, String tool, String reason) {
    Call call =
        new Call(
            id,
            1_000,
            new Caller("bank", "gpt", "k1"),
            "s",
            tool,
            JsonNodeFactory.instance.objectNode(),
            null,
            null);
    Decision decision =
        new Decision(
            Effect.DENY,
            Reason.RULE_DENIED,
            reason,
            "r1",
            List.of("r1"),
            "rev",
            10,
            List.of(),
            false,
            null,
            null,
            null,
            List.of(),
            "digest");
    return new Event.CallDecided(call, "s-uid", decision, true, null);
  }

  private int audit(String... arguments) {
    List<String> all = new ArrayList<>(List.of("audit"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--data", data.toString()));
    out.reset();
    return Main.run(all.toArray(String[]::new));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String head() {
    audit("verify");
    return printed()
        .lines()
        .filter(l -> l.startsWith("head "))
        .findFirst()
        .orElseThrow()
        .substring(5);
  }

  @Test
  void showsNothingThatATerminalWouldObey() {
    assertEquals(0, audit("search", "--project", "bank"));
    assertEquals(1, printed().lines().count(), printed());
    assertTrue(printed().contains("no\\u001b[2J, käse\\u000d\\u000a2026"), printed());
    assertFalse(printed().strip().chars().anyMatch(c -> c < ' ' || c == 0x9b || c == 0x202e));
  }

  @Test
  void exportsExactlyWhatWasRecordedWhateverTheLocale() {
    assertEquals(0, audit("export", "--project", "bank"));
    assertTrue(printed().contains("käse"), printed());
    assertEquals(0, audit("export", "--project", "bank", "--format", "csv"));
    assertTrue(printed().contains("\"" + HOSTILE + "\""), printed());
  }

  @Test
  void failsWhenTheExportCouldNotBeWritten() {
    System.setOut(
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("No space left on device");
              }
            },
            true));
    assertEquals(2, audit("export"));
  }

  @Test
  void filtersAndLimitsWhatItShows() {
    assertEquals(0, audit("search", "--limit", "1", "--format", "csv"));
    assertTrue(printed().contains(",shop,"), printed());
    assertFalse(printed().contains(",bank,"), printed());
    assertEquals(0, audit("search", "--status", "allowed"));
    assertEquals("", printed());
  }

  @Test
  void refusesAStatusThatNoCallCanHave() {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream mine = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      System.setErr(mine);
      assertEquals(2, audit("search", "--status", "bogus"));
      assertEquals(2, audit("export", "--status", "Allowed"));
      assertEquals(2, audit("search", "--since", "yesterday"));
    } finally {
      System.setErr(before);
    }
    String text = said.toString(StandardCharsets.UTF_8);
    assertTrue(
        text.contains("one of allowed, denied, approval_required, invalid, error, pending"), text);
    assertTrue(text.contains("epoch seconds or a time like"), text);
  }

  @Test
  void takesTimesAsTheApiAnswersThem() {
    assertEquals(0, audit("search", "--since", "1.001", "--format", "csv"));
    assertTrue(printed().contains(",shop,"), printed());
    assertFalse(printed().contains(",bank,"), printed());
    assertEquals(0, audit("search", "--until", "1.001", "--format", "csv"));
    assertFalse(printed().contains(",shop,"), printed());
  }

  @Test
  void verifiesAgainstAHeadThatWasKept() throws IOException {
    String head = head();
    assertEquals(0, audit("verify", "--head", head));
    assertEquals(0, audit("verify", "--head", head, "--head-seq", "2"));
    assertEquals(1, audit("verify", "--head", head, "--head-seq", "1"));
    assertTrue(printed().contains("CUT"), printed());
    Path file = data.resolve("journal").resolve("journal-0000000000000001.jsonl");
    Files.writeString(file, Files.readAllLines(file).get(0) + "\n");
    assertEquals(1, audit("verify", "--head", head));
  }

  @Test
  void findsACutTailByTheHeadBesideTheSegments() throws IOException {
    assertEquals(0, audit("verify"));
    Path file = data.resolve("journal").resolve("journal-0000000000000001.jsonl");
    Files.writeString(file, Files.readAllLines(file).get(0) + "\n");
    assertEquals(1, audit("verify"));
    assertTrue(printed().contains("CUT"), printed());
    assertTrue(printed().contains("seq 2"), printed());
  }

  @Test
  void saysWhereThereIsNoJournal() {
    assertEquals(2, Main.run("audit", "verify", "--data", data.resolve("none").toString()));
  }
}
