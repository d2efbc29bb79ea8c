package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Every status and member that the contract gives the agents' routes. */
class RestDoorTest {
  private static final String KEY = ConfigFolder.key("default", "m1");
  private static final String POLICY =
      """
      version: 1
      limits:
        - { tools: ["counted"], calls: 3, within: 1h, per: project }
      rules:
        - id: open
          tools: ["echo", "fail", "gone", "typed", "badout", "counted", "text", "asked", "a/b", "once"]
          effect: allow
        - id: no-secret
          tools: ["echo"]
          effect: deny
          when: { args.word: { exists: true, eq: secret } }
          reason: Secrets stay here
        - { id: person, tools: ["asked"], effect: ask }
      """;

  private static final String SCHEMA =
      """
      {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
       "properties": {"amount": {"type": "integer"}}, "required": ["amount"],
       "additionalProperties": false}
      """;

  @TempDir static Path folder;
  private static RunningGateway gateway;
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("default", POLICY).policy("other", POLICY);
    config.file(
        "model_keys/default.yaml",
        "version: 1\nmodels:\n"
            + ConfigFolder.model("default", "m1", List.of("*"))
            + ConfigFolder.model("default", "m2", List.of("echo"))
            + ConfigFolder.model("default", "late", List.of("*"))
                .replace("\" }", "\", expires: 2020-01-01T00:00:00Z }"));
    config.keys("other", "m1", List.of("*"));
    config.schema("typed", SCHEMA).schema("badout.output", SCHEMA).schema("badout", "{}");
    gateway = RunningGateway.start(config, folder.resolve("data"));
    client = gateway.client();
    gateway.tools().answers("fail", 500, "text/plain", "no");
    gateway.tools().answers("text", 200, "text/plain", "plain words");
    gateway.tools().answers("badout", 200, "application/json", "{\"amount\": \"many\"}");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void asksForTheBodyThatAClientKeepsBack() throws IOException {
    String body = Client.toolCall("s", "echo", "{}");
    String head =
        "POST /mcp/toolcall HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + "X-Model-Key: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n";
    String key = ConfigFolder.key("default", "m1");
    assertEquals(100, RawHttp.status(gateway.port(), bytes(head.formatted(key, body.length()))));
    assertEquals(401, RawHttp.status(gateway.port(), bytes(head.formatted("wrong", 2))));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void allowedCallHasResultAndEveryMember() throws IOException {
    Reply reply = client.call("default", "s", "echo", "{\"word\":\"hello\"}");
    assertEquals(200, reply.status(), reply::toString);
    JsonNode body = reply.json();
    assertEquals("allowed", body.path("status").stringValue());
    assertTrue(body.path("allowed").booleanValue());
    assertEquals("hello", body.path("result").path("got").path("word").stringValue());
    assertEquals("open", body.path("rule").stringValue());
    assertEquals("s", body.path("session_id").stringValue());
    assertFalse(body.path("reason").stringValue().isBlank());
    assertFalse(body.path("trace_id").stringValue().isBlank());
    assertTrue(body.path("policy").stringValue().matches("[0-9a-f]{64}"));
    assertTrue(body.path("risk_score").isNumber());
    JsonNode open = only(body.path("rule_trace"), "open");
    assertTrue(open.path("matched").booleanValue());
    assertFalse(only(body.path("rule_trace"), "no-secret").path("matched").booleanValue());
  }

  @Test
  void deniedCallHasTheSameMembersAndNoResult() throws IOException {
    int before = gateway.tools().hits();
    Reply reply = client.call("default", "s", "echo", "{\"word\":\"secret\"}");
    assertEquals(403, reply.status(), reply::toString);
    JsonNode body = reply.json();
    assertEquals("denied", body.path("status").stringValue());
    assertFalse(body.path("allowed").booleanValue());
    assertEquals("no-secret", body.path("rule").stringValue());
    assertEquals("Secrets stay here", body.path("reason").stringValue());
    for (String member : List.of("rule_trace", "risk_score", "policy", "session_id", "trace_id")) {
      assertTrue(body.has(member), member);
    }
    assertFalse(body.has("result"));
    assertEquals(before, gateway.tools().hits());
  }

  @Test
  void callThatNoRuleAllowsIsDenied() throws IOException {
    Reply reply = client.call("default", "s", "unheard-of", "{}");
    assertEquals(403, reply.status());
    assertEquals("rule.none", reply.text("reason_code"));
    assertTrue(reply.json().path("rule").isNull());
  }

  @Test
  void callThatAsksNamesItsApproval() throws IOException {
    Reply reply = client.call("default", "ask", "asked", "{}");
    assertEquals(403, reply.status());
    assertEquals("approval_required", reply.text("status"));
    assertFalse(reply.text("approval_id").isBlank());
    assertEquals("person", reply.text("rule"));
    assertFalse(reply.json().path("allowed").booleanValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"wrong", "sgk_of_other_and_m1", "sgk_of_default_and_late"})
  void keyThatIsNotGoodHereIsUnauthorized(String key) throws IOException {
    Reply reply =
        client.post("/mcp/toolcall", Client.toolCall("s", "echo", "{}"), "X-Model-Key", key);
    Reply missing = client.post("/mcp/toolcall", Client.toolCall("s", "echo", "{}"));
    assertEquals(401, reply.status());
    assertEquals("unauthorized", reply.text("status"));
    assertFalse(reply.json().path("allowed").booleanValue());
    assertEquals(missing.text(), reply.text(), "the answer does not say which part was wrong");
  }

  @Test
  void bearerIsAsGoodAsTheKeyHeader() throws IOException {
    String body = Client.toolCall("s", "echo", "{}");
    assertEquals(
        200, client.post("/mcp/toolcall", body, "Authorization", "Bearer " + KEY).status());
    assertEquals(
        200, client.post("/mcp/toolcall", body, "Authorization", "bearer " + KEY).status());
    assertEquals(
        401,
        client
            .post("/mcp/toolcall", body, "Authorization", "Bearer x", "X-Model-Key", KEY)
            .status());
  }

  @Test
  void bodyThatClaimsAnotherModelIsUnauthorized() throws IOException {
    String path = "/mcp/toolcall";
    String claim = "{\"model_id\":\"%s\",\"session_id\":\"s\",\"tool_name\":\"echo\",\"input\":{}}";
    assertEquals(200, client.post(path, claim.formatted("m1"), "X-Model-Key", KEY).status());
    Reply reply = client.post(path, claim.formatted("m2"), "X-Model-Key", KEY);
    assertEquals(401, reply.status());
    assertEquals("unauthorized", reply.text("status"));
  }

  @Test
  void toolOutsideTheKeysScopeIsDenied() throws IOException {
    Reply reply = client.call("default", "m2", "s", "counted", "{}");
    assertEquals(403, reply.status());
    assertEquals("denied", reply.text("status"));
    assertEquals("key.tool_scope", reply.text("reason_code"));
  }

  @Test
  void inputThatFailsItsSchemaNamesThePathsAndIsNotForwarded() throws IOException {
    int before = gateway.tools().hits();
    Reply reply = client.call("default", "s", "typed", "{\"amount\":\"five\"}");
    assertEquals(422, reply.status());
    assertEquals("invalid", reply.text("status"));
    assertFalse(reply.json().path("errors").isEmpty(), reply::toString);
    assertTrue(reply.json().path("errors").get(0).path("path").asString("").contains("amount"));
    assertEquals(before, gateway.tools().hits());
    assertEquals(200, client.call("default", "s", "typed", "{\"amount\":5}").status());
  }

  @Test
  void upstreamThatFailsIsABadGateway() throws IOException {
    Reply reply = client.call("default", "s", "fail", "{}");
    assertEquals(502, reply.status());
    assertEquals("error", reply.text("status"));
    assertEquals("upstream.status", reply.text("reason_code"));
    assertFalse(reply.json().has("result"));
  }

  @Test
  void resultThatFailsItsSchemaIsWithheld() throws IOException {
    Reply reply = client.call("default", "s", "badout", "{}");
    assertEquals(502, reply.status());
    assertEquals("schema.output", reply.text("reason_code"));
    assertFalse(reply.text().contains("many"));
  }

  @Test
  void otherContentIsAStringWithItsType() throws IOException {
    JsonNode result = client.call("default", "s", "text", "{}").json().path("result");
    assertEquals("text/plain", result.path("content_type").stringValue());
    assertEquals("plain words", result.path("content").stringValue());
  }

  @Test
  void whatIsForwardedIsOursAlone() throws IOException {
    gateway.tools().remember();
    String body = "{\"session_id\":\"s\",\"tool_name\":\"once\",\"input\":{\"\\u0061\": 1}}";
    client.post(
        "/mcp/toolcall", body, "X-Model-Key", KEY, "Cookie", "c=1", "X-Forwarded-For", "1.2.3.4");
    ToolServer.Seen seen =
        gateway.tools().seen().stream()
            .filter(one -> one.path().equals("/tools/once"))
            .findFirst()
            .orElseThrow();
    assertEquals("{\"a\":1}", seen.body());
    String headers = seen.headers().toString().toLowerCase(java.util.Locale.ROOT);
    for (String foreign : List.of("model-key", "cookie", "forwarded", "authorization", KEY)) {
      assertFalse(headers.contains(foreign), headers);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "null",
        "{\"tool_name\":5}",
        "{\"tool_name\":\"echo\",\"input\":[]}",
        "{\"tool_name\":\"echo\",\"imput\":{}}",
        "{\"tool_name\":\"echo\",\"tool_name\":\"echo\"}",
        "{\"tool_name\":\"echo.output\"}",
        "{\"tool_name\":\"\"}",
        "{\"tool_name\":\"e\\u200bcho\"}",
        "{\"tool_name\":\"echo\",\"session_id\":\"\"}",
        "{\"tool_name\":\"echo\",\"session_id\":7}"
      })
  void bodyThatIsMalformedIsABadRequest(String body) throws IOException {
    int before = gateway.tools().hits();
    Reply reply = client.post("/mcp/toolcall", body, "X-Model-Key", KEY);
    assertEquals(400, reply.status(), reply::toString);
    assertFalse(reply.text("reason").isBlank());
    assertEquals(before, gateway.tools().hits());
  }

  @Test
  void pathThatDoesNotExistIsNotFound() throws IOException {
    assertEquals(404, client.get("/nothing", "X-Model-Key", KEY).status());
    assertEquals(404, client.get("/mcp/toolcall/x", "X-Model-Key", KEY).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mcp/toolcall", "/mcp/prompt", "/mcp/toolresult"})
  void otherMethodIsRefusedWithTheOneThatServes(String path) throws IOException {
    Reply reply = client.get(path, "X-Model-Key", KEY);
    assertEquals(405, reply.status());
    assertEquals("POST", reply.header("allow").orElseThrow());
    assertEquals(405, client.post("/tools", "{}", "X-Model-Key", KEY).status());
  }

  @Test
  void bodyThatIsTooLargeIsRefusedEarly() throws IOException {
    String large = Client.toolCall("s", "echo", "{\"a\":\"" + "x".repeat(1_100_000) + "\"}");
    assertEquals(413, client.post("/mcp/toolcall", large, "X-Model-Key", KEY).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})
  void otherMediaTypeIsRefused(String type) throws IOException {
    String body = Client.toolCall("s", "echo", "{}");
    assertEquals(
        415, client.post("/mcp/toolcall", body, "X-Model-Key", KEY, "Content-Type", type).status());
  }

  @Test
  void encodedBodyIsRefused() throws IOException {
    String body = Client.toolCall("s", "echo", "{}");
    assertEquals(
        415,
        client
            .post("/mcp/toolcall", body, "X-Model-Key", KEY, "Content-Encoding", "gzip")
            .status());
  }

  @Test
  void promptIsRecordedInItsSession() throws IOException {
    Reply reply =
        client.post(
            "/mcp/prompt",
            "{\"model_id\":\"m1\",\"session_id\":\"told\",\"prompt\":\"what is up\"}",
            "X-Model-Key",
            KEY);
    assertEquals(200, reply.status(), reply::toString);
    assertEquals("recorded", reply.text("status"));
    client.call("default", "told", "echo", "{}");
    Reply trace = client.admin("GET", "/api/session/told?project=default", null);
    assertEquals("what is up", trace.text("prompt"), trace::toString);
    assertEquals(
        400, client.post("/mcp/prompt", "{\"session_id\":\"x\"}", "X-Model-Key", KEY).status());
    assertEquals(401, client.post("/mcp/prompt", "{\"prompt\":\"x\"}").status());
  }

  @Test
  void resultFromElsewhereIsRecordedOrInvalid() throws IOException {
    String good = "{\"session_id\":\"s\",\"tool_name\":\"badout\",\"output\":{\"amount\":1}}";
    Reply recorded = client.post("/mcp/toolresult", good, "X-Model-Key", KEY);
    assertEquals(200, recorded.status());
    assertEquals("recorded", recorded.text("status"));
    Reply invalid =
        client.post("/mcp/toolresult", good.replace(":1}", ":\"one\"}"), "X-Model-Key", KEY);
    assertEquals(422, invalid.status());
    assertEquals("invalid", invalid.text("status"));
    assertFalse(invalid.json().path("errors").isEmpty());
    assertEquals(401, client.post("/mcp/toolresult", good).status());
    assertEquals(
        400,
        client
            .post(
                "/mcp/toolresult",
                "{\"session_id\":\"s\",\"tool_name\":\"echo\"}",
                "X-Model-Key",
                KEY)
            .status());
  }

  @Test
  void schemaHasAnEtagThatAnswersNotModified() throws IOException {
    Reply schema = client.get("/schema/typed.json", "X-Model-Key", KEY);
    assertEquals(200, schema.status());
    assertEquals("application/schema+json", schema.header("content-type").orElseThrow());
    assertEquals("integer", schema.json().at("/properties/amount/type").stringValue());
    String etag = schema.header("etag").orElseThrow();
    Reply again = client.get("/schema/typed.json", "X-Model-Key", KEY, "If-None-Match", etag);
    assertEquals(304, again.status());
    assertEquals("", again.text());
    assertEquals(
        200,
        client.get("/schema/typed.json", "X-Model-Key", KEY, "If-None-Match", "\"x\"").status());
    assertEquals(200, client.get("/schema/badout.output.json", "X-Model-Key", KEY).status());
  }

  @Test
  void schemaThatTheCallerMayNotSeeIsAsUnknownAsOneThatIsNotThere() throws IOException {
    Reply unknown = client.get("/schema/nothing.json", "X-Model-Key", KEY);
    Reply hidden =
        client.get("/schema/typed.json", "X-Model-Key", ConfigFolder.key("default", "m2"));
    assertEquals(404, unknown.status());
    assertEquals(404, hidden.status());
    assertEquals(unknown.text(), hidden.text());
    assertEquals(401, client.get("/schema/typed.json").status());
  }

  @Test
  void catalogueShowsWhatTheKeyMayUse() throws IOException {
    JsonNode tools = client.get("/tools", "X-Model-Key", KEY).json().path("tools");
    List<String> names =
        StreamSupport.stream(tools.spliterator(), false)
            .map(tool -> tool.path("name").asString(""))
            .toList();
    assertEquals(List.of("badout", "typed"), names);
    Reply none = client.get("/tools", "X-Model-Key", ConfigFolder.key("default", "m2"));
    assertTrue(none.json().path("tools").isEmpty());
    assertEquals("typed", client.get("/tools/typed", "X-Model-Key", KEY).text("name"));
    assertEquals(404, client.get("/tools/nothing", "X-Model-Key", KEY).status());
  }

  @Test
  void projectIsChosenByHeaderQueryOrPath() throws IOException {
    String key = ConfigFolder.key("other", "m1");
    String body = Client.toolCall("here", "echo", "{}");
    assertEquals(
        200,
        client.post("/mcp/toolcall", body, "X-Model-Key", key, "X-Project-ID", "other").status());
    assertEquals(
        200, client.post("/mcp/toolcall?project_id=other", body, "X-Model-Key", key).status());
    assertEquals(200, client.post("/p/other/mcp/toolcall", body, "X-Model-Key", key).status());
    Reply trace = client.admin("GET", "/api/session/here?project=other", null);
    assertEquals(3, trace.json().path("tool_calls").size(), trace::toString);
    assertEquals(404, client.admin("GET", "/api/session/here?project=default", null).status());
  }

  @Test
  void projectsThatContradictAreABadRequest() throws IOException {
    String body = Client.toolCall("s", "echo", "{}");
    for (String key : List.of(KEY, ConfigFolder.key("other", "m1"))) {
      assertEquals(
          400,
          client
              .post("/p/other/mcp/toolcall", body, "X-Model-Key", key, "X-Project-ID", "default")
              .status());
      assertEquals(
          400,
          client
              .post("/p/other/mcp/toolcall?project_id=default", body, "X-Model-Key", key)
              .status());
      assertEquals(
          400,
          client
              .post("/mcp/toolcall?project_id=default&project_id=other", body, "X-Model-Key", key)
              .status());
      assertEquals(
          400,
          client
              .post(
                  "/mcp/toolcall?project_id=other",
                  body,
                  "X-Model-Key",
                  key,
                  "X-Project-ID",
                  "default")
              .status());
    }
  }

  @Test
  void inventedProjectSharesTheDefaultProjectsCounters() throws IOException {
    assertEquals(200, counted("default"));
    assertEquals(200, counted("made-up"));
    assertEquals(200, counted("made-up-too"));
    assertEquals(403, counted("made-up-three"));
    assertEquals(403, counted("default"));
  }

  private static int counted(String project) throws IOException {
    return client
        .post(
            "/mcp/toolcall",
            Client.toolCall(project, "counted", "{}"),
            "X-Model-Key",
            KEY,
            "X-Project-ID",
            project)
        .status();
  }

  @Test
  void callsWithoutASessionShareTheKeysImplicitOne() throws IOException {
    Reply first = client.call("default", "m2", null, "echo", "{}");
    Reply second = client.call("default", "m2", null, "echo", "{}");
    assertFalse(first.text("session_id").isBlank());
    assertEquals(first.text("session_id"), second.text("session_id"));
    assertNotEquals(
        first.text("trace_id"), second.text("trace_id"), "every call has its own trace id");
  }

  @Test
  void sessionMayStandInTheHeaderButNotDisagree() throws IOException {
    String path = "/mcp/toolcall";
    String none = Client.toolCall(null, "echo", "{}");
    String named = Client.toolCall("one", "echo", "{}");
    Reply reply = client.post(path, none, "X-Model-Key", KEY, "X-Session-ID", "mine");
    assertEquals("mine", reply.text("session_id"));
    assertEquals(400, client.post(path, named, "X-Model-Key", KEY, "X-Session-ID", "two").status());
  }

  @Test
  void toolWithASlashIsForwardedToItsPath() throws IOException {
    Reply reply = client.call("default", "s", "a/b", "{}");
    assertEquals(200, reply.status());
    assertEquals("a/b", reply.json().path("result").path("tool").stringValue());
  }

  private static JsonNode only(JsonNode trace, String rule) {
    return StreamSupport.stream(trace.spliterator(), false)
        .filter(one -> one.path("rule").asString("").equals(rule))
        .findFirst()
        .orElseThrow(() -> new AssertionError(rule + " is not in " + trace));
  }
}
