package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Every accepted change of a file is a version; saves are compared and set; rollback is exact. */
class VersionsTest {
  private static final String FILE = "/api/policy?project=default&kind=policies";
  private static final String OPEN =
      "version: 1\nrules: [{ id: all, tools: [\"*\"], effect: allow }]\n";

  @TempDir Path folder;
  private RunningGateway gateway;
  private ConfigFolder config;

  @BeforeEach
  void start() throws IOException {
    config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", OPEN).keys("default", "m1", List.of("*"));
    gateway = RunningGateway.start(config, folder.resolve("data"));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  static String text(int n) {
    return "# naïve ✓ version %d\nversion: 1\nrules:\n  - { id: r%d, tools: [\"*\"], effect: allow }\n"
        .formatted(n, n);
  }

  private static String body(String yaml, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    return body.put("yaml", yaml).put("message", message).toString();
  }

  private Reply send(String method, String path, String json, String... headers)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("X-Admin-Key", Client.ADMIN_KEY));
    all.addAll(List.of(headers));
    return gateway.client().send(method, path, json, all.toArray(String[]::new));
  }

  private String etag() throws IOException {
    return gateway.client().admin("GET", FILE, null).header("etag").orElseThrow();
  }

  private Reply save(String yaml) throws IOException {
    return send("PUT", FILE, body(yaml, "a change"), "If-Match", etag());
  }

  private JsonNode history() throws IOException {
    return gateway
        .client()
        .admin("GET", "/api/policy/history?project=default&kind=policies", null)
        .json();
  }

  private Path file() {
    return config.directory().resolve("policies/default.yaml");
  }

  @Test
  void rollingBackToEachOfTwentyVersionsRestoresItsExactBytes() throws IOException {
    for (int n = 1; n <= 19; n++) {
      assertEquals(200, save(text(n)).status());
    }
    JsonNode versions = history();
    assertEquals(20, versions.size());
    assertEquals("start", versions.path(19).path("source").asString());
    for (int i = 19; i >= 0; i--) {
      long ts = versions.path(i).path("ts").asLong();
      Reply reply =
          send("POST", "/api/policy/rollback/" + ts + "?project=default&kind=policies", "{}");
      assertEquals(200, reply.status(), reply::toString);
      assertEquals("rolled back", reply.text("status"));
      String expected = i == 19 ? OPEN : text(19 - i);
      assertEquals(expected, Files.readString(file()));
      assertEquals(versions.path(i).path("sha256"), reply.json().path("sha256"));
      assertEquals(
          i == 19 ? "all" : "r" + (19 - i),
          gateway.client().call("default", "s", "read", "{}").text("rule"));
    }
    assertEquals(40, history().size());
    assertTrue(history().path(0).path("active").asBoolean());
    JournalReplay replay = JournalReplay.of(gateway.journal());
    assertEquals(List.of(), replay.mismatches());
    assertEquals(20, replay.decided().size());
  }

  @Test
  void exactlyTheFreshEtagsWinAmongAHundredSavers() throws Exception {
    try (ExecutorService savers = Executors.newVirtualThreadPerTaskExecutor()) {
      String stale = etag();
      List<Future<Integer>> same = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String text = text(1_000 + i);
        same.add(
            savers.submit(() -> send("PUT", FILE, body(text, "race"), "If-Match", stale).status()));
      }
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> one : same) {
        statuses.add(one.get());
      }
      assertEquals(1, statuses.stream().filter(status -> status == 200).count());
      assertEquals(99, statuses.stream().filter(status -> status == 412).count());
      assertEquals(2, history().size());
    }
  }

  @Test
  void savesWithoutAVersionInMindAreRefused() throws IOException {
    assertEquals(428, send("PUT", FILE, body(text(1), "m")).status());
    assertEquals(412, send("PUT", FILE, body(text(1), "m"), "If-None-Match", "*").status());
    assertEquals(400, send("PUT", FILE, body(text(1), "m"), "If-Match", "W/\"1\"").status());
    assertEquals(400, send("PUT", FILE, "{\"yaml\":\"\"}", "If-Match", etag()).status());
    String own = "/api/policy?project=fresh&kind=policies";
    assertEquals(412, send("PUT", own, body(text(1), "m"), "If-Match", etag()).status());
    assertEquals(200, send("PUT", own, body(text(1), "m"), "If-None-Match", "*").status());
    assertEquals(412, send("PUT", own, body(text(1), "m"), "If-None-Match", "*").status());
    assertFalse(gateway.client().admin("GET", own, null).json().path("inherited").asBoolean());
  }

  @Test
  void reasonStandsBelowTheMessageAndNothingIsForced() throws IOException {
    String json =
        "{\"yaml\":\"version: 1\\nrules: []\\n\",\"message\":\"shut\",\"reason\":\" drill \",\"force\":%s}";
    Reply forced = send("PUT", FILE, json.formatted("true"), "If-Match", etag());
    assertEquals(400, forced.status(), forced::toString);
    assertEquals(1, history().size());
    assertEquals(200, send("PUT", FILE, json.formatted("false"), "If-Match", etag()).status());
    assertEquals("shut\n\ndrill", history().path(0).path("message").asString());
  }

  @Test
  void textWithErrorsIsRefusedAtItsPlaceAndNothingChanges() throws IOException {
    String before = etag();
    Reply reply =
        send(
            "PUT",
            FILE,
            body("version: 1\nrules:\n  - { id: x, tools: [\"*\"], efect: allow }\n", "m"),
            "If-Match",
            before);
    assertEquals(422, reply.status());
    JsonNode finding = reply.json().path("findings").path(0);
    assertEquals(3, finding.path("line").asInt());
    assertTrue(finding.path("mend").asString().contains("effect"), reply::toString);
    assertEquals(before, etag());
    assertEquals(OPEN, Files.readString(file()));
  }

  @Test
  void changesOnTheDiskBecomeVersionsAndMakeEtagsStale() throws Exception {
    String before = etag();
    config.policy("default", text(7));
    assertEquals(412, send("PUT", FILE, body(text(8), "m"), "If-Match", before).status());
    JsonNode versions = history();
    assertEquals(2, versions.size());
    assertEquals("file", versions.path(0).path("source").asString());
    config.policy("default", "rules: [");
    Eventually.holds("the broken file is seen", () -> !accepted());
    assertEquals(2, history().size());
    assertEquals("r7", gateway.client().call("default", "s", "read", "{}").text("rule"));
    assertEquals(200, save(text(9)).status());
    assertTrue(accepted());
    Files.delete(file());
    Eventually.holds("the lost file is seen", () -> history().path(0).path("removed").asBoolean());
    assertEquals(403, gateway.client().call("default", "s", "read", "{}").status());
  }

  /** Labels stand in the one file, and the other one's rules name them. */
  @Test
  void fileThatOthersNeedStaysInForceWhenItIsGone() throws Exception {
    config.policy("default", "labels:\n  secret: [mail]\n" + text(1));
    config.contextual(
        "default",
        "version: 1\nrules:\n  - { id: c, tools: [mail], effect: deny, session: { touched: [secret] } }\n");
    gateway.client().reload();
    assertTrue(accepted());
    assertEquals("", errors(gateway.client().reload()));
    int versions = history().size();
    Files.delete(file());
    for (int round = 0; round < 2; round++) {
      String errors = errors(gateway.client().reload());
      assertTrue(errors.contains("file-gone at policies/default.yaml"), errors);
      assertEquals(versions, history().size());
      assertFalse(history().path(0).path("removed").asBoolean());
      JsonNode shown = gateway.client().admin("GET", FILE, null).json();
      assertFalse(shown.path("accepted").asBoolean(), shown::toString);
      assertFalse(shown.path("inherited").asBoolean());
      assertEquals("r1", gateway.client().call("default", "s", "read", "{}").text("rule"));
      gateway.restart();
    }
    Files.delete(config.directory().resolve("contextual_policies/default.yaml"));
    gateway.client().reload();
    assertTrue(history().path(0).path("removed").asBoolean());
    assertTrue(accepted());
    assertEquals(403, gateway.client().call("default", "s", "read", "{}").status());
  }

  private static String errors(Reply reply) {
    StringBuilder errors = new StringBuilder();
    for (JsonNode one : reply.json().path("findings")) {
      if (one.path("severity").asString().equals("error")) {
        errors.append(one.path("code").asString()).append(" at ");
        errors.append(one.path("file").asString()).append('\n');
      }
    }
    return errors.toString();
  }

  @Test
  void saveThatCannotTakeItsPlaceIsNoVersion() throws IOException {
    Files.delete(file());
    gateway.client().reload();
    Files.createDirectories(file().resolve("inner"));
    gateway.client().reload();
    int versions = history().size();
    Reply refused = send("PUT", FILE, body(text(2), "m"), "If-None-Match", "*");
    assertEquals(503, refused.status(), refused::toString);
    assertEquals("file.unwritable", refused.text("title"));
    assertTrue(refused.text("detail").contains("folder"), refused::toString);
    assertEquals(versions, history().size());
    assertEquals("", gateway.client().admin("GET", FILE, null).text("yaml"));
    Files.delete(file().resolve("inner"));
    Files.delete(file());
    assertEquals(200, send("PUT", FILE, body(text(2), "m"), "If-None-Match", "*").status());
    assertEquals(text(2), Files.readString(file()));
    assertEquals("r2", gateway.client().call("default", "s", "read", "{}").text("rule"));
  }

  private boolean accepted() throws IOException {
    return gateway.client().admin("GET", FILE, null).json().path("accepted").asBoolean();
  }

  @Test
  void historyAndDiffSurviveARestart() throws IOException {
    save(text(1));
    JsonNode before = history();
    gateway.restart();
    assertEquals(before, history());
    String diff =
        "/api/policy/diff?project=default&kind=policies&from=%d&to=%d"
            .formatted(before.path(1).path("ts").asLong(), before.path(0).path("ts").asLong());
    String text = gateway.client().admin("GET", diff, null).text("text");
    assertTrue(text.contains("-rules: [{ id: all"), text);
    assertTrue(text.contains("+  - { id: r1,"), text);
    Reply shown =
        gateway
            .client()
            .admin(
                "GET",
                "/api/policy/history/%d?project=default&kind=policies"
                    .formatted(before.path(1).path("ts").asLong()),
                null);
    assertEquals(OPEN, shown.text("yaml"));
  }

  @Test
  void rollbackBringsNoRevokedKeyBack() throws IOException {
    String keys = "/api/policy?project=default&kind=model_keys";
    String both =
        "version: 1\nmodels:\n"
            + ConfigFolder.model("default", "m1", List.of("*"))
            + ConfigFolder.model("default", "m2", List.of("*"));
    String one = "version: 1\nmodels:\n" + ConfigFolder.model("default", "m1", List.of("*"));
    Reply saved = send("PUT", keys, body(both, "add m2"), "If-Match", keysEtag(keys));
    assertEquals(200, saved.status(), saved::toString);
    long withBoth = saved.json().path("ts").asLong();
    assertEquals(200, gateway.client().call("default", "m2", "s", "read", "{}").status());
    assertEquals(
        200, send("PUT", keys, body(one, "revoke m2"), "If-Match", keysEtag(keys)).status());
    assertEquals(401, gateway.client().call("default", "m2", "s", "read", "{}").status());
    Reply back =
        send("POST", "/api/policy/rollback/" + withBoth + "?project=default&kind=model_keys", "{}");
    assertEquals(200, back.status(), back::toString);
    assertEquals("m2-key", back.json().path("still_revoked").path(0).asString());
    assertEquals("key-revoked at 9", revoked(back.json()));
    assertEquals(
        "key-revoked at 9",
        revoked(
            send(
                    "POST",
                    "/api/policy/validate?project=default&kind=model_keys",
                    JsonNodeFactory.instance.objectNode().put("yaml", both).toString())
                .json()));
    assertEquals("key-revoked at 9", revoked(gateway.client().reload().json()));
    assertEquals(401, gateway.client().call("default", "m2", "s", "read", "{}").status());
    assertEquals(200, gateway.client().call("default", "m1", "s", "read", "{}").status());
    gateway.restart();
    assertEquals(401, gateway.client().call("default", "m2", "s", "read", "{}").status());
    JsonNode listed =
        gateway.client().admin("GET", "/api/keys?project=default", null).json().path("items");
    assertTrue(listed.path(1).path("revoked").asBoolean());
  }

  /** The one finding about a revoked key, with its line. */
  private static String revoked(JsonNode body) {
    List<String> found = new ArrayList<>();
    for (JsonNode one : body.path("findings")) {
      if (one.path("code").asString().equals("key-revoked")) {
        found.add("key-revoked at " + one.path("line").asInt());
      }
    }
    return String.join(", ", found);
  }

  private String keysEtag(String path) throws IOException {
    return gateway.client().admin("GET", path, null).header("etag").orElseThrow();
  }
}
