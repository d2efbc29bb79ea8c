package io.securegateway.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.server.identity.Keys;
import io.securegateway.server.project.ConfigLint;
import io.securegateway.server.project.SourceFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, as exit codes and what is printed. */
class MainTest {
  private record Ran(int code, String out) {}

  @TempDir Path directory;

  private static synchronized Ran run(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PrintStream mine = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      System.setOut(mine);
      return new Ran(Main.run(arguments), out.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }

  private Ran lint(String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "lint";
    arguments[1] = "--config";
    arguments[2] = directory.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return run(arguments);
  }

  private void breakBank() throws IOException {
    Files.createDirectories(directory.resolve("policies"));
    Files.writeString(
        directory.resolve("policies/bank.yaml"), "version: 1\nrules: [ { efect: allow } ]\n");
    Files.writeString(directory.resolve("policies/acme.yaml"), "version: 1\nrules: []\n");
  }

  @Test
  void theStarterSetIsCleanAndDeniesEverything() throws Exception {
    assertTrue(StarterSet.isEmpty(directory));
    StarterSet.write(directory);
    assertFalse(StarterSet.isEmpty(directory));
    assertEquals(
        List.of(),
        ConfigLint.lint(directory, Map.of(), Instant.parse("2026-11-22T00:00:00Z")).stream()
            .filter(Finding::isError)
            .toList());
    assertEquals(0, lint().code());
    var compiled = PolicyCompiler.compile(SourceFiles.read(directory).set(Set.of()), "default");
    assertEquals(List.of(), Objects.requireNonNull(compiled.policy()).rules());
    assertEquals(List.of(), Objects.requireNonNull(compiled.keys()).models());
    assertTrue(Files.readString(directory.resolve(".gitignore")).contains("data/"));
  }

  @Test
  void nothingIsWrittenWhenTheGatewayCouldNotListen() {
    Ran ran = run("serve", "--config", directory.toString(), "--host", "no.such.host.invalid");
    assertNotEquals(0, ran.code());
    assertTrue(StarterSet.isEmpty(directory));
  }

  @Test
  void theStarterSetOverwritesNothing() throws Exception {
    Files.createDirectories(directory.resolve("policies"));
    Path own = Files.writeString(directory.resolve("policies/default.yaml"), "# mine\n");
    assertFalse(StarterSet.isEmpty(directory));
    StarterSet.write(directory);
    assertEquals("# mine\n", Files.readString(own));
  }

  @Test
  void keysNewFillsTheStarterSet() throws Exception {
    StarterSet.write(directory);
    Ran ran =
        run(
            "keys",
            "new",
            "--config",
            directory.toString(),
            "--project",
            "default",
            "--model",
            "my-agent",
            "--tools",
            "search.*,web.get");
    assertEquals(0, ran.code());
    String key = ran.out().strip();
    assertTrue(key.matches("sgk_[A-Za-z0-9_-]{43}"), key);
    String file = Files.readString(directory.resolve("model_keys/default.yaml"));
    assertTrue(file.contains(Keys.hash(key)));
    assertFalse(file.contains(key), "the key itself is stored nowhere");
    assertEquals(0, lint().code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../b", "Bank", "", "a/b"})
  void keysNewRefusesForeignProjects(String project) throws Exception {
    assertEquals(
        2,
        run(
                "keys",
                "new",
                "--config",
                directory.toString(),
                "--project",
                project,
                "--model",
                "m",
                "--tools",
                "*")
            .code());
    try (var files = Files.list(directory)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void keysNewRefusesTimesThatAreNone() {
    assertEquals(
        2,
        run(
                "keys",
                "new",
                "--config",
                directory.toString(),
                "--project",
                "p",
                "--model",
                "m",
                "--tools",
                "*",
                "--expires",
                "tomorrow")
            .code());
  }

  @Test
  void lintAnswersZeroOneOrTwo() throws Exception {
    assertEquals(0, lint().code());
    breakBank();
    Ran broken = lint();
    assertEquals(1, broken.code());
    assertTrue(broken.out().contains("policies/bank.yaml:2:"), broken.out());
    assertEquals(2, run("lint", "--config", directory.resolve("absent").toString()).code());
    assertEquals(2, lint("--format", "xml").code());
    assertEquals(2, lint("no-such-file.yaml").code());
  }

  @Test
  void lintReportsOnNamedFilesOnly() throws Exception {
    breakBank();
    assertEquals(1, lint("policies/bank.yaml").code());
    assertEquals(0, lint("policies/acme.yaml").code());
    assertEquals(1, lint(directory.resolve("policies/bank.yaml").toString()).code());
    assertEquals(1, lint(directory.resolve("policies/../policies/bank.yaml").toString()).code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "sarif"})
  void lintPrintsFormatsThatPeopleAndToolsRead(String format) throws Exception {
    breakBank();
    Ran ran = lint("--format", format);
    assertEquals(1, ran.code());
    assertTrue(ran.out().contains("bank.yaml"), ran.out());
    assertTrue(
        io.securegateway.core.json.StrictJson.parse(ran.out().getBytes(StandardCharsets.UTF_8))
            instanceof io.securegateway.core.json.StrictJson.Parsed,
        ran.out());
  }

  @Test
  void withoutOrWithAnUnknownCommandNothingRuns() {
    assertEquals(2, run().code());
    assertEquals(2, run("lnit").code());
    assertEquals(0, run("--help").code());
  }
}
