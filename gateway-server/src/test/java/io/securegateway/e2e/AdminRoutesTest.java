package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The doors for people: roles, problem documents, logs, traces, policies. */
class AdminRoutesTest {
  private static final String VIEWER = "the-key-of-a-mere-viewer";
  private static final String EDITOR = "the-key-of-an-editor-here";
  private static final String POLICY =
      """
      version: 1
      rules:
        - { id: all, tools: ["*"], effect: allow }
        - { id: never, tools: ["bad"], effect: deny, reason: "Never, \\"ever\\"" }
      """;

  @TempDir static Path folder;
  private static RunningGateway gateway;
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", POLICY);
    config.file(
        "model_keys/default.yaml",
        "version: 1\nmodels:\n"
            + ConfigFolder.model("default", "m1", List.of("*"))
            + ConfigFolder.model("default", "m2", List.of("*")));
    config.policy("small", POLICY);
    config.gateway(
        """
        admins:
          - { name: vic, role: viewer, key_sha256: "%s" }
          - { name: eda, role: editor, key_sha256: "%s" }
        """
            .formatted(Keys.hash(VIEWER), Keys.hash(EDITOR)));
    gateway = RunningGateway.start(config, folder.resolve("data"));
    client = gateway.client();
    gateway.tools().answers("fail", 500, "text/plain", "no");
    for (int i = 0; i < 5; i++) {
      client.call("default", "s1", "read", "{\"n\":" + i + "}");
    }
    client.call("default", "s1", "bad", "{\"n\":\"=cmd()\"}");
    client.call("default", "m2", "s1", "read", "{}");
    client.call("default", "m2", "s2", "fail", "{}");
    client.post(
        "/mcp/prompt",
        "{\"session_id\":\"s2\",\"prompt\":\"what now\"}",
        "X-Model-Key",
        ConfigFolder.key("default", "m2"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/projects, viewer",
    "GET, /api/policy?project=default&kind=policies, viewer",
    "POST, /api/policy/validate, viewer",
    "POST, /api/policy/reload, editor",
    "GET, /api/sessions, viewer",
    "GET, /api/session/s2, viewer",
    "GET, /api/logs, viewer",
    "GET, /api/logs/export, viewer",
    "GET, /api/approvals, viewer",
    "POST, /api/replay, editor",
    "GET, /api/replay, viewer",
    "POST, /api/approvals/x, editor"
  })
  void routeNeedsItsRole(String method, String path, String role) throws IOException {
    String body = method.equals("POST") ? "{\"yaml\":\"version: 1\"}" : null;
    assertProblem(401, client.send(method, path, body));
    assertProblem(401, client.send(method, path, body, "X-Admin-Key", "wrong"));
    String modelKey = ConfigFolder.key("default", "m1");
    assertProblem(401, client.send(method, path, body, "X-Model-Key", modelKey));
    Reply viewer = client.send(method, path, body, "X-Admin-Key", VIEWER);
    if (role.equals("editor")) {
      assertProblem(403, viewer);
    } else {
      assertEquals(200, viewer.status(), viewer::toString);
    }
    int editor = client.send(method, path, body, "X-Admin-Key", EDITOR).status();
    assertTrue(editor == 200 || editor == 400, "the editor got " + editor);
  }

  private static void assertProblem(int status, Reply reply) {
    assertEquals(status, reply.status(), reply::toString);
    assertEquals("application/problem+json", reply.header("content-type").orElse(""));
    assertEquals(status, reply.json().path("status").intValue());
    for (String member : List.of("type", "title", "detail")) {
      assertFalse(reply.text(member).isBlank(), member);
    }
  }

  @Test
  void unknownRouteAndMethodAreProblems() throws IOException {
    assertProblem(404, client.admin("GET", "/api/nothing", null));
    Reply method = client.admin("DELETE", "/api/logs", null);
    assertProblem(405, method);
    assertEquals("GET", method.header("allow").orElse(""));
    assertProblem(401, client.get("/api/nothing"));
  }

  @Test
  void healthIsOpen() throws IOException {
    assertEquals("alive", client.get("/healthz").text("status"));
    assertEquals("ready", client.get("/readyz").text("status"));
  }

  private static List<JsonNode> rows(String query) throws IOException {
    Reply reply = client.admin("GET", "/api/logs?" + query, null);
    assertEquals(200, reply.status(), reply::toString);
    List<JsonNode> rows = new ArrayList<>();
    reply.json().path("items").forEach(rows::add);
    return rows;
  }

  @ParameterizedTest
  @CsvSource({
    "project=default, 8",
    "project=small, 0",
    "model=m2, 2",
    "model=m, 0",
    "tool=read, 6",
    "status=denied, 1",
    "status=error, 1",
    "status=allowed, 6",
    "session=s1, 7",
    "session=s1&model=m1, 6",
    "q=cmd, 1",
    "q=NEVER, 1",
    "until=2020-01-01T00:00:00Z, 0",
    "since=1577836800, 8",
    "limit=3, 3"
  })
  void logsAreFiltered(String query, int expected) throws IOException {
    assertEquals(expected, rows(query).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=x",
        "limit=100000",
        "status=odd",
        "since=yesterday",
        "cursor=-1",
        "cursor=x",
        "tool=a&tool=b"
      })
  void filterThatMeansNothingIsABadRequest(String query) throws IOException {
    assertProblem(400, client.admin("GET", "/api/logs?" + query, null));
  }

  @Test
  void pagesHoldEveryRowOnceNewestFirst() throws IOException {
    Set<Long> seen = new LinkedHashSet<>();
    String cursor = "";
    long last = Long.MAX_VALUE;
    do {
      JsonNode page = client.admin("GET", "/api/logs?limit=3" + cursor, null).json();
      for (JsonNode row : page.path("items")) {
        long seq = row.path("seq").longValue();
        assertTrue(seq < last, "newest first");
        last = seq;
        assertTrue(seen.add(seq), "twice: " + row);
      }
      JsonNode next = page.path("next_cursor");
      cursor = next.isNull() ? "" : "&cursor=" + next.stringValue();
    } while (!cursor.isEmpty());
    assertEquals(8, seen.size());
  }

  @Test
  void rowsHaveTheContractsMembers() throws IOException {
    JsonNode row = rows("status=denied").get(0);
    for (String member :
        List.of(
            "timestamp",
            "project",
            "model_id",
            "session_id",
            "tool",
            "status",
            "reason",
            "rule",
            "policy")) {
      assertTrue(row.path(member).isString(), member);
    }
    assertTrue(row.has("latency_ms"));
    assertTrue(Instant.parse(row.path("timestamp").stringValue()).isAfter(Instant.EPOCH));
    assertEquals("never", row.path("rule").stringValue());
    assertTrue(rows("tool=read&limit=1").get(0).path("latency_ms").isNumber());
  }

  @Test
  void exportsHoldEveryRow() throws IOException {
    Reply csv = client.admin("GET", "/api/logs/export?format=csv", null);
    assertTrue(csv.header("content-type").orElse("").startsWith("text/csv"));
    List<String> lines = csv.text().lines().toList();
    assertTrue(
        lines
            .get(0)
            .startsWith(
                "timestamp,project,model_id,session_id,tool,status,reason,rule,policy,latency_ms"));
    assertEquals(9, lines.size());
    assertTrue(csv.text().contains(",denied,\"Never, \"\"ever\"\"\",never,"), csv::toString);
    Reply jsonl = client.admin("GET", "/api/logs/export?format=jsonl", null);
    List<String> objects = jsonl.text().lines().toList();
    assertEquals(8, objects.size());
    assertEquals(0, Reply.JSON.readTree(objects.get(0)).at("/input/n").intValue());
    assertProblem(400, client.admin("GET", "/api/logs/export?format=xml", null));
  }

  @Test
  void traceOfASessionIsWhole() throws IOException {
    JsonNode trace = client.admin("GET", "/api/session/s2?project=default", null).json();
    assertEquals("s2", trace.path("session_id").stringValue());
    assertEquals("default", trace.path("project").stringValue());
    assertEquals("m2", trace.path("model_id").stringValue());
    assertEquals("what now", trace.path("prompt").stringValue());
    assertTrue(trace.path("start_time").isNumber());
    assertTrue(trace.path("risk_score").isNumber());
    JsonNode call = trace.path("tool_calls").get(0);
    assertEquals("fail", call.path("tool").stringValue());
    assertEquals("error", call.path("status").stringValue());
    assertEquals("all", call.path("rule").stringValue());
    assertTrue(call.path("input").isObject());
    assertTrue(call.path("timestamp").isNumber());
    assertTrue(call.path("latency_ms").isNumber());
  }

  @Test
  void sessionIdOfTwoKeysIsAmbiguousAndTheUidIsNot() throws IOException {
    Reply both = client.admin("GET", "/api/session/s1?project=default", null);
    assertProblem(409, both);
    JsonNode candidates = both.json().path("candidates");
    assertEquals(2, candidates.size());
    Reply one = client.admin("GET", "/api/session/" + candidates.get(0).stringValue(), null);
    assertEquals(6, one.json().path("tool_calls").size(), one::toString);
    assertProblem(404, client.admin("GET", "/api/session/nothing", null));
  }

  @Test
  void sessionsAreListed() throws IOException {
    JsonNode items = client.admin("GET", "/api/sessions?project=default", null).json();
    assertEquals(3, items.path("items").size(), items::toString);
    JsonNode mine = client.admin("GET", "/api/sessions?model=m1", null).json().path("items").get(0);
    assertEquals("s1", mine.path("session_id").stringValue());
    assertEquals(6, mine.path("calls").intValue());
    assertEquals(1, mine.path("denied").intValue());
  }

  @Test
  void policyIsReadWithAnEtagAndWhetherItIsInherited() throws IOException {
    Reply own = client.admin("GET", "/api/policy?project=default&kind=policies", null);
    assertEquals(POLICY, own.text("yaml"));
    assertFalse(own.json().path("inherited").booleanValue());
    assertFalse(own.header("etag").orElse("").isBlank());
    Reply inherited = client.admin("GET", "/api/policy?project=small&kind=model_keys", null);
    assertTrue(inherited.json().path("inherited").booleanValue());
    assertProblem(400, client.admin("GET", "/api/policy?project=default&kind=odd", null));
    assertProblem(400, client.admin("GET", "/api/policy?kind=policies", null));
    assertProblem(404, client.admin("GET", "/api/policy?project=nowhere&kind=policies", null));
  }

  @Test
  void draftIsValidatedAndNotPutInForce() throws IOException {
    String bad =
        "{\"yaml\":\"version: 1\\nrules:\\n  - { id: x, tools: [\\\"*\\\"], efect: deny }\\n\"}";
    Reply reply = client.admin("POST", "/api/policy/validate", bad);
    assertEquals(200, reply.status(), reply::toString);
    JsonNode finding = reply.json().path("findings").get(0);
    for (String member : List.of("code", "severity", "message", "mend")) {
      assertFalse(finding.path(member).asString("").isBlank(), member);
    }
    assertEquals(3, finding.path("line").intValue());
    assertTrue(finding.path("column").intValue() > 1);
    String shut =
        "{\"yaml\":\"version: 1\\nrules: [{ id: shut, tools: [read], effect: deny }]\\n\"}";
    assertEquals(200, client.admin("POST", "/api/policy/validate", shut).status());
    assertEquals(
        POLICY,
        client.admin("GET", "/api/policy?project=default&kind=policies", null).text("yaml"));
    assertProblem(400, client.admin("POST", "/api/policy/validate", "{}"));
  }

  @Test
  void requestWithoutABodyIsOneWithoutMembers() throws IOException {
    Reply reload = client.admin("POST", "/api/policy/reload", null);
    assertEquals(200, reload.status(), reload::toString);
    Reply put =
        client.send(
            "PUT",
            "/api/policy?project=default&kind=policies",
            null,
            "X-Admin-Key",
            Client.ADMIN_KEY,
            "If-Match",
            "\"1\"");
    assertEquals(400, put.status(), put::toString);
    assertTrue(put.text("detail").contains("yaml"), put::toString);
  }

  @Test
  void bodiesThatAreNoJsonGetAProblemDocument() throws IOException {
    Reply typed =
        client.send(
            "POST",
            "/api/policy/reload",
            "{}",
            "X-Admin-Key",
            Client.ADMIN_KEY,
            "Content-Type",
            "text/plain");
    assertEquals(415, typed.status(), typed::toString);
    assertEquals("body.type", typed.text("title"), typed::toString);
    assertEquals(400, client.admin("POST", "/api/policy/reload", "{").status());
    assertTrue(
        client
            .admin("POST", "/api/policy/reload", "{")
            .header("content-type")
            .orElse("")
            .startsWith("application/problem+json"));
  }

  @Test
  void traceFilesMayBeLargerThanOtherBodies() throws IOException {
    String call = "{\"tool\":\"read\",\"input\":{\"text\":\"" + "x".repeat(2_000) + "\"}}";
    StringBuilder traces = new StringBuilder();
    for (int i = 0; i < 700; i++) {
      traces.append("{\"session_id\":\"s%d\",\"tool_calls\":[%s]}\n".formatted(i, call));
    }
    var body = tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    body.put("traces", traces.toString()).putObject("candidate").put("policies", POLICY);
    assertTrue(body.toString().length() > 1_400_000);
    Reply begun = client.admin("POST", "/api/replay", body.toString());
    assertEquals(202, begun.status(), begun::toString);
    Reply other = client.admin("POST", "/api/policy/validate", body.toString());
    assertEquals(413, other.status(), other::toString);
  }
}
