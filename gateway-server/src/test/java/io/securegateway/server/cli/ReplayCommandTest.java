package io.securegateway.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code replay} as a person or a build calls it. */
class ReplayCommandTest {
  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void files() throws IOException {
    Files.createDirectories(folder.resolve("next/policies"));
    Files.writeString(
        folder.resolve("next/policies/default.yaml"),
        "version: 1\nrules:\n- {id: look, tools: [look], effect: allow}\n");
    Files.writeString(
        folder.resolve("traces.jsonl"),
        "{\"session_id\":\"s|1\u202e\",\"tool_calls\":[{\"tool\":\"look\"},{\"tool\":\"act\"}]}\n"
            + "not json\n");
  }

  private Ran run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    try {
      int code = Main.run(arguments);
      return new Ran(
          code, said.toString(StandardCharsets.UTF_8), told.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private Ran replay(String... more) {
    String[] all = new String[more.length + 5];
    all[0] = "replay";
    all[1] = "--traces";
    all[2] = folder.resolve("traces.jsonl").toString();
    all[3] = "--candidate";
    all[4] = folder.resolve("next").toString();
    System.arraycopy(more, 0, all, 5, more.length);
    return run(all);
  }

  @Test
  void tellsPeopleWhatChangesAndWhatCouldNotBeRead() {
    Ran ran = replay();
    assertEquals(0, ran.code(), ran::toString);
    assertTrue(ran.out().contains("1 sessions, 2 calls"), ran::toString);
    assertTrue(ran.out().contains("Identity: not applicable"), ran::toString);
    assertTrue(ran.out().contains("newly_denied"), ran::toString);
    assertTrue(ran.out().contains("line 2: "), ran::toString);
    assertFalse(ran.out().contains("\u202e"), "a name must not turn the line");
    assertEquals("", ran.err());
  }

  @Test
  void markdownKeepsNamesOutOfItsTables() {
    Ran ran = replay("--format", "md");
    assertTrue(ran.out().contains("| change | calls |"), ran::toString);
    assertTrue(ran.out().contains("s\\|1"), ran::toString);
  }

  @Test
  void failOnDecidesTheExitCode() {
    assertEquals(3, replay("--fail-on", "newly-allowed,newly-denied").code());
    assertEquals(0, replay("--fail-on", "newly-allowed").code());
    assertEquals(0, replay("--fail-on", "newly-denied", "--project", "other").code());
    Ran unknown = replay("--fail-on", "nearly-denied");
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().contains("nearly-denied"), unknown::toString);
  }

  @Test
  void refusesWhatCannotBeMeant() throws IOException {
    assertEquals(2, run("replay", "--candidate", folder.resolve("next").toString()).code());
    assertEquals(2, replay("--data", folder.toString()).code());
    assertEquals(2, replay("--since", "7d").code());
    assertEquals(2, replay("--threads", "0").code());
    Ran empty =
        run(
            "replay",
            "--traces",
            folder.resolve("traces.jsonl").toString(),
            "--candidate",
            Files.createDirectories(folder.resolve("empty")).toString());
    assertEquals(2, empty.code());
    assertTrue(empty.err().contains("policies/"), empty::toString);
    Files.createDirectories(folder.resolve("data/journal"));
    Ran age =
        run(
            "replay",
            "--data",
            folder.resolve("data").toString(),
            "--candidate",
            folder.resolve("next").toString(),
            "--since",
            "soon");
    assertEquals(2, age.code());
    assertTrue(age.err().contains("\"soon\""), age::toString);
    Files.writeString(folder.resolve("next/policies/default.yaml"), "version: 1\nrulez: []\n");
    Ran broken = replay();
    assertEquals(2, broken.code());
    assertTrue(broken.err().contains("rulez"), broken::toString);
  }

  @Test
  void progressIsALineOfItsOwn() {
    assertEquals("reading", ProgressBar.line(0, -1));
    assertTrue(ProgressBar.line(1_234, 0.5).endsWith("] 50 % 1,234 sessions"));
  }
}
