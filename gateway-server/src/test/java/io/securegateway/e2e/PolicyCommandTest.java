package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.securegateway.server.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code policy} against a running gateway, and on the data of a stopped one. */
@ResourceLock(Resources.SYSTEM_OUT)
class PolicyCommandTest {
  private static final String OPEN =
      "version: 1\nrules: [{ id: all, tools: [\"*\"], effect: allow }]\n";
  private static final String BROKEN =
      "version: 1\nrules:\n  - { id: x, tools: [\"*\"], efect: allow }\n";

  @TempDir Path folder;
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private RunningGateway gateway;
  private ConfigFolder config;
  private Path draft;
  private boolean running = true;

  private record Ran(int code, String out, String err) {
    JsonNode json() {
      return Reply.JSON.readTree(out);
    }
  }

  @BeforeEach
  void start() throws IOException {
    config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", OPEN).keys("default", "m1", List.of("*"));
    gateway = RunningGateway.start(config, folder.resolve("data"));
    draft = folder.resolve("draft.yaml");
    Files.writeString(folder.resolve("key"), Client.ADMIN_KEY + "\n");
  }

  @AfterEach
  void stop() {
    System.setOut(out);
    System.setErr(err);
    if (running) {
      gateway.close();
    } else {
      gateway.tools().close();
    }
  }

  private void stopGateway() {
    gateway.stop();
    running = false;
  }

  private static Ran run(List<String> where, String... arguments) {
    List<String> all = new ArrayList<>(List.of("policy"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(where);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    int code = Main.run(all.toArray(String[]::new));
    return new Ran(
        code, printed.toString(StandardCharsets.UTF_8), said.toString(StandardCharsets.UTF_8));
  }

  private List<String> key() {
    return List.of("--admin-key-file", folder.resolve("key").toString());
  }

  private Ran asked(String... arguments) {
    List<String> where = new ArrayList<>(List.of("--url", gateway.url()));
    where.addAll(key());
    return run(where, arguments);
  }

  private Ran onFiles(String... arguments) {
    return run(
        List.of("--config", config.directory().toString(), "--data", gateway.data().toString()),
        arguments);
  }

  @Test
  void lockedDataNamesTheAddressOfItsGateway() throws IOException {
    Path address = gateway.data().resolve("address");
    assertEquals(gateway.url() + "\n", Files.readString(address));
    Ran ran = onFiles("apply", write(OPEN + "# more\n"), "--message", "m", "--yes");
    assertEquals(2, ran.code(), ran::err);
    assertTrue(ran.err().contains("--url " + gateway.url() + ","), ran.err());
    stopGateway();
    assertFalse(Files.exists(address));
  }

  @Test
  void addressThatAKilledGatewayLeftIsRemovedByWhoeverTakesItsPlace() throws IOException {
    stopGateway();
    Path address = gateway.data().resolve("address");
    Files.writeString(address, "http://127.0.0.1:1\n");
    assertEquals(0, onFiles("apply", write(OPEN + "# more\n"), "--message", "m", "--yes").code());
    assertFalse(Files.exists(address));
  }

  @Test
  void saysThatTheAdminKeyWouldCrossAnOpenWire() {
    String url = gateway.url();
    List<String> where = new ArrayList<>(key());
    where.addAll(List.of("--url", url.replace("127.0.0.1", "0.0.0.0")));
    Ran open = run(where, "history");
    assertTrue(open.err().contains("warning: --url http://0.0.0.0:"), open.err());
    assertEquals("", asked("history").err());
  }

  private String write(String text) throws IOException {
    return Files.writeString(draft, text).toString();
  }

  private String onDisk() throws IOException {
    return Files.readString(config.directory().resolve("policies/default.yaml"));
  }

  @Test
  void savesShowsComparesAndRollsBackOverTheApi() throws IOException {
    Ran saved = asked("apply", write(VersionsTest.text(1)), "--message", "one", "--yes");
    assertEquals(0, saved.code(), saved::toString);
    assertTrue(saved.out().startsWith("policies/default.yaml: saved, version "), saved.out());
    assertEquals("r1", gateway.client().call("default", "s", "read", "{}").text("rule"));

    JsonNode history = asked("history", "--format", "json").json();
    assertEquals(2, history.size());
    assertEquals("cli", history.path(0).path("source").asString());
    assertEquals("one", history.path(0).path("message").asString());
    assertTrue(history.path(0).path("active").asBoolean());
    assertEquals("start", history.path(1).path("source").asString());
    Ran table = asked("history");
    assertEquals(3, table.out().lines().count(), table.out());
    assertTrue(table.out().lines().toList().get(1).contains(" * "), table.out());

    assertEquals(VersionsTest.text(1), asked("show").out());
    assertEquals(OPEN, asked("show", "head~1").out());
    Ran diff = asked("diff");
    assertTrue(diff.out().contains("-rules: [{ id: all"), diff.out());
    assertTrue(diff.out().contains("+  - { id: r1,"), diff.out());
    assertEquals("the two have the same text\n", asked("diff", "head", "head").out());

    Ran back = asked("rollback", "head~1", "--message", "it was wrong", "--format", "json");
    assertEquals(0, back.code(), back::toString);
    assertEquals("rolled back", back.json().path("status").asString());
    assertEquals(history.path(1).path("ts"), back.json().path("rolled_back_from"));
    assertEquals(OPEN, onDisk());
    assertEquals("all", gateway.client().call("default", "s", "read", "{}").text("rule"));
  }

  @Test
  void doesTheSameOnTheDataOfAStoppedGateway() throws IOException {
    stopGateway();
    Ran saved = onFiles("apply", write(VersionsTest.text(1)), "--message", "one", "--yes");
    assertEquals(0, saved.code(), saved::toString);
    assertEquals(VersionsTest.text(1), onDisk());
    JsonNode history = onFiles("history", "--format", "json").json();
    assertEquals(2, history.size());
    assertEquals("cli", history.path(0).path("source").asString());
    assertEquals(System.getProperty("user.name"), history.path(0).path("author").asString());
    assertEquals(VersionsTest.text(1), onFiles("show").out());
    assertEquals(OPEN, onFiles("show", "head~1").out());
    assertTrue(onFiles("diff", "head~1", "head").out().contains("+  - { id: r1,"));
    Ran back = onFiles("rollback", history.path(1).path("ts").asString(), "--message", "back");
    assertEquals(0, back.code(), back::toString);
    assertEquals(OPEN, onDisk());

    JsonNode before = onFiles("history", "--format", "json").json();
    gateway.restart();
    running = true;
    assertEquals(before, asked("history", "--format", "json").json());
    assertEquals("all", gateway.client().call("default", "s", "read", "{}").text("rule"));
    assertTrue(gateway.verify().isGood());
    assertEquals(List.of(), JournalReplay.of(gateway.journal()).mismatches());
  }

  @Test
  void readsBesideARunningGatewayButChangesOnlyThroughIt() throws IOException {
    assertEquals(
        asked("history", "--format", "json").json(), onFiles("history", "--format", "json").json());
    Ran refused = onFiles("apply", write(VersionsTest.text(1)), "--message", "m", "--yes");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("--url " + gateway.url()), refused.err());
    assertEquals(OPEN, onDisk());
  }

  @Test
  void textWithErrorsIsRefusedAtItsPlaceBothWays() throws IOException {
    String file = write(BROKEN);
    Ran asked = asked("apply", file, "--message", "m", "--yes");
    assertEquals(1, asked.code(), asked::toString);
    assertTrue(asked.out().startsWith("policies/default.yaml:3:"), asked.out());
    assertTrue(asked.out().contains("effect"), asked.out());
    Ran json = asked("apply", file, "--message", "m", "--yes", "--format", "json");
    assertEquals(1, json.code());
    assertEquals("policy.findings", json.json().path("code").asString());
    stopGateway();
    Ran onFiles = onFiles("apply", file, "--message", "m", "--yes");
    assertEquals(1, onFiles.code(), onFiles::toString);
    assertEquals(asked.out(), onFiles.out());
    assertEquals(OPEN, onDisk());
  }

  @Test
  void savesOverAnotherVersionThanTheNamedOneAreStaleBothWays() throws IOException {
    String old = asked("history", "--format", "json").json().path(0).path("ts").asString();
    String file = write(VersionsTest.text(1));
    assertEquals(1, asked("apply", file, "--message", "m", "--first").code());
    assertEquals(0, asked("apply", file, "--message", "m", "--if-match", old).code());
    write(VersionsTest.text(2));
    Ran stale = asked("apply", file, "--message", "m", "--if-match", old);
    assertEquals(1, stale.code(), stale::toString);
    assertTrue(stale.err().contains("The newest is "), stale.err());
    assertEquals(1, asked("rollback", old, "--message", "m", "--if-match", old).code());
    stopGateway();
    Ran onFiles = onFiles("apply", file, "--message", "m", "--if-match", old);
    assertEquals(1, onFiles.code(), onFiles::toString);
    assertTrue(onFiles.err().contains("The newest version is "), onFiles.err());
    assertEquals(1, onFiles("apply", file, "--message", "m", "--first").code());
    assertEquals(
        0, onFiles("apply", file, "--message", "m", "--first", "--project", "fresh").code());
    assertEquals(VersionsTest.text(1), onDisk());
  }

  @Test
  void versionsThatAreNotThereAreRefusedBothWays() {
    List<String> names = List.of("1", "head~1", "head~999999");
    names.forEach(name -> assertEquals(1, asked("show", name).code(), name));
    assertEquals(1, asked("rollback", "1", "--message", "m").code());
    assertEquals(2, asked("show", "newest").code());
    stopGateway();
    names.forEach(name -> assertEquals(1, onFiles("show", name).code(), name));
    assertEquals(1, onFiles("rollback", "1", "--message", "m").code());
    assertEquals(2, onFiles("show", "newest").code());
  }

  @Test
  void savesNothingUnaskedWithoutATerminal() throws IOException {
    String file = write(VersionsTest.text(1));
    Ran ran = asked("apply", file, "--message", "m");
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("--yes"), ran.err());
    assertEquals(OPEN, onDisk());
    Ran same = asked("apply", write(OPEN), "--message", "m");
    assertEquals(0, same.code(), same::toString);
    assertTrue(same.out().contains("already"), same.out());
    assertEquals(1, asked("history", "--format", "json").json().size());
  }

  @Test
  void printsNothingThatATerminalWouldObeyButWritesExactBytes() throws IOException {
    String text = VersionsTest.text(1).replace("\n", "\r\n");
    Ran saved = asked("apply", write(text), "--message", "x\u001b[2J\u202ey", "--yes");
    assertEquals(0, saved.code(), saved::toString);
    assertEquals(text.replace("\r", "\\u000d"), asked("show").out());
    Path copy = folder.resolve("copy.yaml");
    assertEquals(0, asked("show", "--out", copy.toString()).code());
    assertEquals(text, Files.readString(copy));
    assertTrue(asked("history").out().contains("x\\u001b[2J\\u202ey"));
    JsonNode newest = asked("history", "--format", "json").json().path(0);
    assertEquals("x\u001b[2J\u202ey", newest.path("message").asString());
  }

  @Test
  void namesWhatIsWrongWithTheDoorAndKeepsTheKeyToItself() throws IOException {
    Path wrong = Files.writeString(folder.resolve("wrong"), "a-wrong-key-of-some-length");
    Ran refused =
        run(List.of("--url", gateway.url(), "--admin-key-file", wrong.toString()), "history");
    assertEquals(2, refused.code());
    assertTrue(refused.err().contains("401"), refused.err());
    assertTrue(refused.err().contains("--admin-key-file"), refused.err());
    assertFalse(refused.err().contains("a-wrong-key"), refused.err());
    Files.writeString(wrong, "two words\u001b");
    Ran odd = run(List.of("--url", gateway.url(), "--admin-key-file", wrong.toString()), "history");
    assertEquals(2, odd.code());
    assertFalse(odd.err().contains("two words"), odd.err());
    assertEquals(2, run(key(), "history", "--url", "http://127.0.0.1:1").code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h",
        "127.0.0.1:8080",
        "http://u:p@h",
        "http://h?x=1",
        "http://",
        "http://a b"
      })
  void addressesThatAreNoneAreRefused(String url) {
    Ran ran = run(key(), "history", "--url", url);
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("--url"), ran.err());
  }

  @Test
  void followsNoRedirectWithTheKey() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    other.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Location", gateway.url() + exchange.getRequestURI());
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    other.start();
    try {
      Ran ran = run(key(), "history", "--url", "http://127.0.0.1:" + other.getAddress().getPort());
      assertEquals(2, ran.code());
      assertTrue(ran.err().contains("answered 302"), ran.err());
    } finally {
      other.stop(0);
    }
  }

  @Test
  void wrongDirectoriesAndWordsChangeNothing() throws IOException {
    stopGateway();
    String nowhere = folder.resolve("nowhere").toString();
    assertEquals(2, run(List.of("--data", nowhere), "history").code());
    assertFalse(Files.exists(Path.of(nowhere)));
    String file = write(OPEN);
    assertEquals(2, onFiles("apply", file, "--message", " ", "--yes").code());
    assertEquals(2, onFiles("apply", file + ".not", "--message", "m", "--yes").code());
    assertEquals(2, onFiles("history", "--kind", "rules").code());
    assertEquals(2, onFiles("history", "--project", "../x").code());
    assertEquals(2, onFiles("history", "--limit", "0").code());
    assertEquals(2, onFiles("history", "--url", "http://127.0.0.1:1").code());
    Files.write(draft, new byte[] {'#', (byte) 0xff, '\n'});
    assertEquals(1, onFiles("apply", draft.toString(), "--message", "m", "--yes").code());
  }

  @Test
  void keysThatWereRevokedStayOutOnAStoppedGatewayToo() throws IOException {
    String both =
        "version: 1\nmodels:\n"
            + ConfigFolder.model("default", "m1", List.of("*"))
            + ConfigFolder.model("default", "m2", List.of("*"));
    String one = onKeysDisk();
    stopGateway();
    assertEquals(0, keys("apply", write(both), "--message", "add m2", "--yes").code());
    assertEquals(0, keys("apply", write(one), "--message", "revoke m2", "--yes").code());
    Ran back = keys("rollback", "head~1", "--message", "back");
    assertEquals(0, back.code(), back::toString);
    assertTrue(back.out().contains("still revoked"), back.out());
    assertTrue(back.out().contains("m2-key"), back.out());
    gateway.restart();
    running = true;
    assertEquals(401, gateway.client().call("default", "m2", "s", "read", "{}").status());
    assertEquals(200, gateway.client().call("default", "m1", "s", "read", "{}").status());
  }

  private String onKeysDisk() throws IOException {
    return Files.readString(config.directory().resolve("model_keys/default.yaml"));
  }

  private Ran keys(String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--kind", "model_keys"));
    return onFiles(all.toArray(String[]::new));
  }
}
