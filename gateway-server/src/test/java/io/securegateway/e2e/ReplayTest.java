package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Sessions recorded through the real doors, replayed over the API and from the command line. */
class ReplayTest {
  private static final String POLICY =
      """
      version: 1
      labels: { untrusted: [web], egress: [mail] }
      rules:
        - { id: free, tools: [web, mail, list], effect: allow }
        - id: pay
          tools: [pay]
          effect: allow
          limits: [{ sum: args.amount, le: 1000, within: 24h, per: key }]
        - { id: big, tools: [pay], effect: ask, when: { args.amount: { gt: 500 } } }
      """;

  /** Denies mail after foreign text, asks from 100 on, allows what was unknown. */
  private static final String CANDIDATE =
      POLICY.replace("gt: 500", "gt: 99") + "  - { id: other, tools: [other], effect: allow }\n";

  private static final String CANDIDATE_CONTEXT =
      "- {id: leak, tools: [mail], effect: deny, session: {touched: [untrusted]}}\n";

  @TempDir Path folder;

  @Test
  void recordedSessionsAreReplayedOverTheApiAndFromTheCommandLine() throws Exception {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("shop", POLICY.replace("le: 1000", "le: 900")).policy("side", POLICY);
    config.keys("shop", "m1", List.of("*")).keys("side", "m1", List.of("*"));
    ConfigFolder candidate = ConfigFolder.in(folder.resolve("candidate"));
    candidate.policy("shop", CANDIDATE).contextual("shop", CANDIDATE_CONTEXT);
    candidate.policy("side", POLICY);
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      record(gateway);
      JsonNode report = replayed(gateway.client(), candidateBody());
      assertIdentity(report);
      JsonNode recorded = report.path("modes").path("recorded");
      assertEquals(2, recorded.path("classes").path("newly_denied").asInt(), report::toString);
      assertEquals(1, recorded.path("classes").path("newly_allowed").asInt(), report::toString);
      assertEquals(1, recorded.path("classes").path("newly_asks").asInt(), report::toString);
      assertEquals(3, recorded.path("changed_sessions").asInt(), report::toString);
      JsonNode sample = recorded.path("samples").get(0);
      assertEquals("mail", sample.path("tool").asString(""), report::toString);
      assertEquals("leak", sample.path("now").path("rule").asString(""), report::toString);
      String trace = "/api/session/" + sample.path("uid").asString("") + "?project=shop";
      assertEquals(200, gateway.client().admin("GET", trace, null).status());
      assertTraceIsJudgedAsItWas(gateway.client());
      String one = command(folder.resolve("candidate"), "1");
      assertEquals(one, command(folder.resolve("candidate"), "4"));
      JsonNode fromFiles = Reply.JSON.readTree(one);
      assertIdentity(fromFiles);
      assertEquals(recorded.path("classes"), shopOnly(fromFiles));
    }
    assertEquals(3, exitCode(folder.resolve("candidate"), "newly-denied"));
    assertEquals(0, exitCode(folder.resolve("candidate"), "cascaded"));
  }

  /** What the API tells of a session can be simulated: the same policy says the same again. */
  private static void assertTraceIsJudgedAsItWas(Client client) throws IOException {
    JsonNode trace = client.admin("GET", "/api/session/pays?project=shop", null).json();
    Reply again = client.admin("POST", "/api/simulate", trace.toString());
    status(200, again);
    assertEquals(6, again.json().path("tool_calls").size());
    for (JsonNode call : again.json().path("tool_calls")) {
      assertEquals(call.path("recorded_status"), call.path("status"), again::toString);
      assertEquals(call.path("reason_code"), call.path("code"), again::toString);
      assertEquals("unchanged", call.path("class").asString(""), again::toString);
    }
    Reply asJob =
        client.admin(
            "POST",
            "/api/replay",
            ((ObjectNode) Reply.JSON.readTree(candidateBody()))
                .put("traces", trace + "\nnot json")
                .toString());
    status(202, asJob);
    String path = "/api/replay/" + asJob.text("id");
    status(200, client.admin("DELETE", path, null));
  }

  private static void assertIdentity(JsonNode report) {
    JsonNode identity = report.path("identity");
    assertTrue(identity.path("checked").asInt() >= 10, report::toString);
    assertEquals(identity.path("checked"), identity.path("equal"), report::toString);
    assertEquals(0, identity.path("mismatches").size(), report::toString);
  }

  /** Project side is unchanged in full: what is left is shop's. */
  private static JsonNode shopOnly(JsonNode report) {
    ObjectNode classes =
        (ObjectNode) report.path("modes").path("recorded").path("classes").deepCopy();
    return classes.put("unchanged", classes.path("unchanged").asInt() - 1);
  }

  private static void record(RunningGateway gateway) throws IOException {
    Client client = gateway.client();
    for (int i = 0; i < 2; i++) {
      String session = "leak" + i;
      status(200, client.call("shop", session, "web", "{\"n\":1}"));
      status(200, client.call("shop", session, "mail", "{\"to\":\"x\"}"));
    }
    gateway.config().policy("shop", POLICY);
    client.reload();
    status(200, client.call("shop", "pays", "list", "{}"));
    status(200, client.call("shop", "pays", "pay", "{\"amount\":100}"));
    Reply asked = client.call("shop", "pays", "pay", "{\"amount\":600}");
    status(403, asked);
    String answer = "/api/approvals/" + asked.text("approval_id") + "?project=shop";
    status(200, client.admin("POST", answer, "{\"approve\":true,\"reason\":\"fine\"}"));
    status(200, client.call("shop", "pays", "pay", "{\"amount\":600}"));
    status(403, client.call("shop", "pays", "pay", "{\"amount\":400}"));
    status(403, client.call("shop", "pays", "other", "{}"));
    status(200, client.call("side", "s", "list", "{}"));
  }

  private static void status(int expected, Reply reply) {
    assertEquals(expected, reply.status(), reply::toString);
  }

  private static String candidateBody() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("project", "shop");
    body.putObject("candidate")
        .put("policies", CANDIDATE)
        .put("contextual_policies", CANDIDATE_CONTEXT);
    return body.toString();
  }

  private static JsonNode replayed(Client client, String body) throws Exception {
    Reply started = client.admin("POST", "/api/replay", body);
    status(202, started);
    String path = "/api/replay/" + started.text("id");
    for (int i = 0; i < 600; i++) {
      Reply now = client.admin("GET", path, null);
      if (!now.text("state").equals("running")) {
        assertEquals("done", now.text("state"), now::toString);
        return now.json().path("report");
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the replay did not end");
  }

  private String command(Path candidate, String threads) throws Exception {
    Process process = start(candidate, "--format", "json", "--threads", threads);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    return out;
  }

  private int exitCode(Path candidate, String failOn) throws Exception {
    Process process = start(candidate, "--fail-on", failOn, "--mode", "counterfactual");
    process.getInputStream().readAllBytes();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return process.exitValue();
  }

  private Process start(Path candidate, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.securegateway.server.cli.Main",
                "replay",
                "--data",
                folder.resolve("data").toString(),
                "--candidate",
                candidate.toString()));
    command.addAll(Arrays.asList(options));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  @Test
  void simulateJudgesATraceByThePolicyInForceOrByACandidate() throws Exception {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("shop", POLICY);
    String calls =
        "\"tool_calls\":[{\"tool\":\"web\",\"input\":{}},{\"tool\":\"mail\",\"input\":{}},"
            + "{\"tool\":\"pay\",\"input\":{\"amount\":600}},{\"tool\":\"\",\"input\":{}},"
            + "{\"tool\":\"nothing\"}]";
    String head = "{\"project\":\"shop\",\"model_id\":\"m9\",\"session_id\":\"s\",";
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      Reply inForce = gateway.client().admin("POST", "/api/simulate", head + calls + "}");
      status(200, inForce);
      assertEquals(
          List.of("allowed", "allowed", "approval_required", "invalid", "denied"),
          statuses(inForce));
      ObjectNode policy = JsonNodeFactory.instance.objectNode();
      policy.put("policies", CANDIDATE).put("contextual_policies", CANDIDATE_CONTEXT);
      Reply candidate =
          gateway
              .client()
              .admin("POST", "/api/simulate", head + "\"policy\":" + policy + "," + calls + "}");
      assertEquals(
          List.of("allowed", "denied", "approval_required", "invalid", "denied"),
          statuses(candidate));
      assertEquals("leak", candidate.json().path("tool_calls").get(1).path("rule").asString(""));
      assertTrue(Files.exists(gateway.journal()));
      Reply broken =
          gateway
              .client()
              .admin("POST", "/api/simulate", head + "\"policy\":\"x: [\"," + calls + "}");
      status(422, broken);
      assertTrue(broken.json().path("findings").size() > 0, broken::toString);
      status(400, gateway.client().admin("POST", "/api/simulate", "{\"tool_calls\":3}"));
      status(400, gateway.client().admin("POST", "/api/replay", "{\"candidate\":{}}"));
      status(404, gateway.client().admin("GET", "/api/replay/none", null));
      String nowhere = candidateBody().replace("\"shop\"", "\"nowhere\"");
      status(404, gateway.client().admin("POST", "/api/replay", nowhere));
    }
  }

  @Test
  void adminOfOneProjectReplaysAndSeesThatOneOnly() throws Exception {
    String key = "the-key-of-somebody-of-side";
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.gateway(
        "admins:\n  - { name: sid, role: editor, projects: [side], key_sha256: \"%s\" }\n"
            .formatted(Keys.hash(key)));
    config.policy("shop", POLICY.replace("le: 1000", "le: 900")).policy("side", POLICY);
    config.keys("shop", "m1", List.of("*")).keys("side", "m1", List.of("*"));
    try (RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"))) {
      record(gateway);
      Client client = gateway.client();
      String all = candidateBody().replace("\"project\":\"shop\",", "");
      Reply everything = client.admin("POST", "/api/replay", all);
      status(202, everything);
      Reply own = client.post("/api/replay", all, "X-Admin-Key", key);
      status(202, own);
      String path = "/api/replay/" + own.text("id");
      Eventually.holds(
          "the replay ends",
          () -> client.get(path, "X-Admin-Key", key).text("state").equals("done"));
      JsonNode report = client.get(path, "X-Admin-Key", key).json().path("report");
      assertEquals(1, report.path("calls").asInt(), report::toString);
      assertEquals(List.of("side"), List.copyOf(report.path("candidate").propertyNames()));
      String foreign = "/api/replay/" + everything.text("id");
      status(404, client.get(foreign, "X-Admin-Key", key));
      status(404, client.send("DELETE", foreign, null, "X-Admin-Key", key));
      status(404, client.post("/api/replay", candidateBody(), "X-Admin-Key", key));
      status(
          404,
          client.post(
              "/api/simulate", "{\"project\":\"shop\",\"tool_calls\":[]}", "X-Admin-Key", key));
      assertEquals(1, client.get("/api/replay", "X-Admin-Key", key).json().path("items").size());
      assertEquals(2, client.admin("GET", "/api/replay", null).json().path("items").size());
    }
  }

  private static List<String> statuses(Reply reply) {
    List<String> statuses = new ArrayList<>();
    for (JsonNode call : reply.json().path("tool_calls")) {
      statuses.add(call.path("status").asString(""));
    }
    return statuses;
  }
}
