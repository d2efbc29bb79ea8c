package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The admin API answers what was asked: it drops no filter and no member that it does not know. */
class AskedExactlyTest {
  @TempDir static Path folder;
  private static RunningGateway gateway;
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy(
        "default",
        """
        version: 1
        rules:
          - { id: all, tools: ["*"], effect: allow }
          - { id: ask, tools: [pay], effect: ask }
        """);
    config.gateway(
        """
        projects:
          default:
            upstreams:
              - { name: listed, type: http, url: "http://127.0.0.1:9", prefix: listed, tools: [one] }
        """);
    config.keys("default", "m1", List.of("*"));
    gateway = RunningGateway.start(config, folder.resolve("data"));
    client = gateway.client();
    for (String tool : List.of("one", "two", "pay")) {
      client.call("default", "s", tool, "{}");
    }
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static JsonNode rows(String query) throws IOException {
    Reply reply = client.admin("GET", "/api/logs?" + query, null);
    assertEquals(200, reply.status(), reply::toString);
    return reply.json().path("items");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /api/logs?statsu=denied | parameter \"statsu\" at GET /api/logs. Did you mean \"status\"?",
        "GET | /api/logs?project_id=default | Did you mean \"project\"?",
        "GET | /api/logs/tail?nobody=1 | It takes: model, project, q, session, since, status",
        "GET | /api/logs/export?limit=3 | parameter \"limit\"",
        "GET | /api/sessions?cursor=3 | parameter \"cursor\"",
        "GET | /api/session/s?model=m1 | It takes: project.",
        "GET | /api/policy?project=default&kind=policies&ts=1 | parameter \"ts\"",
        "GET | /api/projects?project=default | It takes none.",
        "GET | /api/metrics?project=default | It takes none.",
        "GET | /api/alerts?severity=high | It takes: cursor, detector, limit, project, state.",
        "DELETE | /api/replay/x?force=1 | parameter \"force\"",
      })
  void unknownParameterIsRefusedByName(String method, String path, String said) throws IOException {
    Reply reply = client.admin(method, path, null);
    assertEquals(400, reply.status(), reply::toString);
    assertEquals("parameter.unknown", reply.text("title"));
    assertTrue(reply.text("detail").contains(said), reply::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST | /api/policy/validate | {\"yaml\":\"\",\"yml\":\"\"} | Did you mean \"yaml\"?",
        "POST | /api/policy/reload | {\"project\":\"default\"} | It takes none.",
        "POST | /api/policy/reload | [] | must be a JSON object",
        "POST | /api/approvals/x | {\"approve\":true,\"reasn\":\"r\"} | Did you mean \"reason\"?",
        "POST | /api/simulate | {\"tool_calls\":[],\"polcy\":{}} | Did you mean \"policy\"?",
        "POST | /api/simulate | {\"tool_calls\":[],\"policy\":{\"rules\":\"\"}} | \"rules\"",
        "POST | /api/replay | {\"candidate\":{\"policies\":\"version: 1\",\"polices\":\"\"}} | \"polices\"",
        "POST | /api/replay | {\"candidate\":\"version: 1\",\"session\":[]} | Did you mean \"sessions\"?",
        "POST | /api/alerts/x/ack | {\"notes\":\"\"} | Did you mean \"note\"?",
        "POST | /api/alerts/deliveries/x/retry | {\"now\":true} | It takes none.",
        "POST | /api/plugins/x/disable | {\"why\":\"\"} | It takes: reason.",
        "PUT | /api/policy?project=default&kind=policies | {\"yaml\":\"\",\"message\":\"m\",\"forse\":true} | Did you mean \"force\"?",
      })
  void unknownMemberIsRefusedByName(String method, String path, String body, String said)
      throws IOException {
    Reply reply = client.admin(method, path, body);
    assertEquals(400, reply.status(), reply::toString);
    assertEquals("body.member", reply.text("title"));
    assertTrue(reply.text("detail").contains(said), reply::toString);
  }

  @Test
  void timesThatTheGatewayAnsweredAreTakenBackToTheMillisecond() throws IOException {
    JsonNode session = client.admin("GET", "/api/sessions", null).json().path("items").path(0);
    String start = session.path("start_time").decimalValue().toPlainString();
    String last = session.path("last_time").decimalValue().toPlainString();
    assertTrue(start.matches("[0-9]{10}\\.[0-9]{3}"), start);
    assertEquals(3, rows("since=" + start).size());
    JsonNode call = client.admin("GET", "/api/session/s", null).json().path("tool_calls").path(1);
    String second = call.path("timestamp").decimalValue().toPlainString();
    for (JsonNode row : rows("since=" + second)) {
      assertTrue(!row.path("tool").asString().equals("one") || second.equals(start));
    }
    assertEquals(0, rows("until=" + start).size());
    assertTrue(rows("until=" + last).size() < 3);
    assertEquals(400, client.admin("GET", "/api/logs?since=1.2.3", null).status());
    assertEquals(400, client.admin("GET", "/api/logs?since=-1", null).status());
  }

  @Test
  void traceIdLeadsToItsCallAndItsSession() throws IOException {
    JsonNode row = rows("tool=two").path(0);
    String trace = row.path("trace_id").asString();
    JsonNode found = rows("trace_id=" + trace);
    assertEquals(1, found.size());
    assertEquals(row, found.path(0));
    assertEquals(0, rows("trace_id=" + trace + "x").size());
    JsonNode told = client.admin("GET", "/api/explain/" + trace, null).json();
    assertEquals("default", told.path("project").asString());
    assertEquals("s", told.path("session_id").asString());
    assertEquals(row.path("session_uid"), told.path("session_uid"));
    assertEquals("m1", told.path("model_id").asString());
  }

  @Test
  void draftIsLintedWithTheUpstreamThatTheEnvironmentAdds() throws IOException {
    String draft = "{\"yaml\":\"rules: [{effect: deny, tools: [free.name]}]\"}";
    String found = client.admin("POST", "/api/policy/validate", draft).json().toString();
    assertFalse(found.contains("unknown-tool"), found);
  }

  @Test
  void approvalNamesTheSessionItBelongsTo() throws IOException {
    JsonNode approval = client.admin("GET", "/api/approvals", null).json().path("items").path(0);
    assertEquals("s", approval.path("session_id").asString());
    assertEquals(rows("tool=pay").path(0).path("session_uid"), approval.path("session_uid"));
  }

  @Test
  void approvalOfAnotherProjectIsNotAnswered() throws IOException {
    String id =
        client
            .admin("GET", "/api/approvals", null)
            .json()
            .path("items")
            .path(0)
            .path("id")
            .asString();
    String body = "{\"approve\":true,\"reason\":\"r\"}";
    Reply reply = client.admin("POST", "/api/approvals/" + id + "?project=other", body);
    assertEquals(404, reply.status(), reply::toString);
  }
}
