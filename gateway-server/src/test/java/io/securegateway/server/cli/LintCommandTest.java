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
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the lint says of whole configuration directories. */
class LintCommandTest {
  private static final String SCHEMA =
      "{\"type\": \"object\", \"properties\": {\"amount\": {\"type\": \"number\"}}}";

  @TempDir Path directory;

  private String lint(int code) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PrintStream mine = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      System.setOut(mine);
      assertEquals(code, Main.run("lint", "--config", directory.toString()), out::toString);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private void file(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, text);
  }

  private void upstream(String more) throws IOException {
    file(
        "gateway.yaml",
        "projects: { default: { upstreams: [{ name: t, type: http, url: \"http://127.0.0.1:9\""
            + more
            + " }] } }\n");
  }

  @Test
  void fileThatIsNotOfTheConfigurationIsNotCalledGood() throws Exception {
    Path foreign = Files.writeString(Files.createTempFile("foreign", ".yaml"), "rules: [\n");
    try {
      assertEquals(2, Main.run("lint", "--config", directory.toString(), foreign.toString()));
      file("README.md", "# not a policy");
      assertEquals(
          2,
          Main.run(
              "lint", "--config", directory.toString(), directory.resolve("README.md").toString()));
      file("policies/a.yaml", "version: 1\nrules: []\n");
      assertEquals(0, Main.run("lint", "--config", directory.toString(), "policies/a.yaml"));
    } finally {
      Files.delete(foreign);
    }
  }

  @Test
  void callsNoNameUnknownThatAnUpstreamWithoutAListWouldTake() throws Exception {
    file("schemas/bank.pay.json", SCHEMA);
    file("policies/acme.yaml", "rules: [{effect: deny, tools: [bank.pay, bank.see, 'x.*']}]\n");
    upstream("");
    assertFalse(lint(0).contains("unknown-tool"));
    upstream(", tools: [bank.pay]");
    String listed = lint(0);
    assertTrue(listed.contains("[unknown-tool] \"bank.see\""), listed);
    assertTrue(listed.contains("[unknown-tool] \"x.*\""), listed);
    upstream(", prefix: bank");
    String prefixed = lint(0);
    assertFalse(prefixed.contains("\"bank.see\""), prefixed);
    assertTrue(prefixed.contains("[unknown-tool] \"x.*\""), prefixed);
  }

  @Test
  void knowsTheMethodsThatAreDecidedLikeTools() throws Exception {
    file(
        "policies/acme.yaml",
        "rules: [{effect: deny, tools: [resources/read, elicitation/create, resources/reed]}]\n");
    file(
        "gateway.yaml",
        "projects: { acme: { upstreams: [{ name: u, type: mcp-http, url: \"http://127.0.0.1:9/mcp\", prefix: u }] } }\n");
    String found = lint(0);
    assertTrue(found.contains("[unknown-tool] \"resources/reed\""), found);
    assertFalse(found.contains("\"resources/read\""), found);
    assertFalse(found.contains("\"elicitation/create\""), found);
  }

  @Test
  void findsConditionsThatTheSchemaRulesOut() throws Exception {
    file("schemas/bank.pay.json", SCHEMA);
    upstream("");
    file(
        "policies/acme.yaml",
        "rules: [{effect: ask, tools: [bank.pay], when: {args.amount: {prefix: a}}}]\n");
    String out = lint(1);
    assertTrue(out.contains("policies/acme.yaml:1:49: error [schema-mismatch]"), out);
    file("schemas/acme/bank.pay.json", SCHEMA.replace("number", "string"));
    assertFalse(lint(0).contains("schema-mismatch"), "the project's own schema counts");
  }

  @Test
  void saysOneTrueThingOfAFileThatIsTooLarge() throws Exception {
    file("policies/acme.yaml", "rules: []\n#" + "x".repeat(256 * 1024));
    assertEquals(
        """
        policies/acme.yaml:1:1: error [file-unreadable] It is larger than 262144 bytes. Mend: Put a readable UTF-8 file in its place.
        1 error, 0 warnings
        """,
        lint(1));
  }

  @Test
  void movesNoCursorAndTurnsNoText() throws Exception {
    file(
        "policies/acme.yaml", "rules: [{\"\\e[2J\\u202Eid\\n\": x, effect: deny, tools: ['*']}]\n");
    String out = lint(1);
    assertTrue(out.contains("\\u001b[2J\\u202eid"), out);
    assertTrue(out.chars().allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f)), out);
  }
}
