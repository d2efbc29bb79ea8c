package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.securegateway.server.identity.Keys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Sign-in at the console, what its session may do, the live log, and the figures. */
class ConsoleDoorTest {
  private static final String VIEWER = "the-key-of-a-viewer-of-small";
  private static final String METRICS_KEY = "the-key-of-prometheus";

  @TempDir static Path folder;
  private static RunningGateway gateway;
  private static Client client;

  @BeforeAll
  static void start() throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    String policy =
        """
        version: 1
        labels: { untrusted: ["web.*"] }
        rules:
          - { id: all, tools: ["*"], effect: allow }
          - { id: never, tools: ["bad"], effect: deny }
        """;
    config.policy("default", policy).policy("small", policy);
    config.keys("default", "m1", List.of("*")).keys("small", "m1", List.of("*"));
    config.schema("web.get", "{\"type\":\"object\"}");
    config.gateway(
        """
        admins:
          - { name: vic, role: viewer, key_sha256: "%s", projects: [small] }
        metrics: { key: "%s" }
        """
            .formatted(Keys.hash(VIEWER), METRICS_KEY));
    gateway = RunningGateway.start(config, folder.resolve("data"));
    client = gateway.client();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private record Session(String cookie, String csrf) {}

  private static Session signIn(String key) throws IOException {
    Reply reply = client.post("/dash/session", "{\"key\":\"" + key + "\"}");
    assertEquals(200, reply.status(), reply::toString);
    return new Session(
        reply.header("set-cookie").orElseThrow().split(";", 2)[0], reply.text("csrf"));
  }

  @Test
  void servesItsPageToEverybodyUnderAStrictPolicy() throws IOException {
    for (String path : List.of("/dash", "/dash/", "/dash/session-of/a.b", "/dash/logs")) {
      Reply reply = client.get(path);
      assertEquals(200, reply.status(), path);
      assertTrue(reply.header("content-type").orElse("").startsWith("text/html"), path);
      String policy = reply.header("content-security-policy").orElse("");
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self'"), policy);
      assertFalse(policy.contains("unsafe"), policy);
    }
    assertEquals(404, client.get("/dash/assets/none.js").status());
    assertEquals(400, client.get("/dash/assets/%2e%2e/%2e%2e/logback.xml").status());
    assertEquals(404, client.get("/dash/logback.xml").status());
    assertEquals(405, client.post("/dash", "{}").status());
  }

  @Test
  void handsTheTokenToTheBrowserOnlyAndKnowsItAgain() throws IOException {
    Reply reply = client.post("/dash/session", "{\"key\":\"" + Client.ADMIN_KEY + "\"}");
    String cookie = reply.header("set-cookie").orElseThrow();
    assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), cookie);
    assertEquals("admin", reply.text("role"));
    String token = cookie.split("[=;]", 3)[1];
    assertFalse(reply.text().contains(token));
    Session session = new Session(cookie.split(";", 2)[0], reply.text("csrf"));
    assertEquals(
        session.csrf(), client.get("/dash/session", "Cookie", session.cookie()).text("csrf"));
    assertEquals(200, client.get("/api/projects", "Cookie", session.cookie()).status());
    assertEquals(401, client.get("/api/projects").status());
  }

  @Test
  void refusesWritesThatTheConsoleDidNotMake() throws IOException {
    Session session = signIn(Client.ADMIN_KEY);
    String path = "/api/policy/reload";
    assertEquals(403, client.post(path, "{}", "Cookie", session.cookie()).status());
    assertEquals(
        403, client.post(path, "{}", "Cookie", session.cookie(), "X-CSRF-Token", "x").status());
    assertEquals(
        200,
        client
            .post(path, "{}", "Cookie", session.cookie(), "X-CSRF-Token", session.csrf())
            .status());
    assertEquals(
        403, client.send("DELETE", "/dash/session", null, "Cookie", session.cookie()).status());
  }

  @Test
  void endsWithTheSignOut() throws IOException {
    Session session = signIn(Client.ADMIN_KEY);
    Reply out =
        client.send(
            "DELETE",
            "/dash/session",
            null,
            "Cookie",
            session.cookie(),
            "X-CSRF-Token",
            session.csrf());
    assertEquals(204, out.status());
    assertEquals(401, client.get("/api/projects", "Cookie", session.cookie()).status());
  }

  @Test
  void keepsEverybodyWithinTheirRoleAndProjects() throws IOException {
    Session session = signIn(VIEWER);
    String[] headers = {"Cookie", session.cookie(), "X-CSRF-Token", session.csrf()};
    assertEquals(403, client.post("/api/policy/reload", "{}", headers).status());
    assertEquals(404, client.get("/api/tools?project=default", headers).status());
    assertEquals(200, client.get("/api/tools?project=small", headers).status());
    JsonNode figures = client.get("/api/metrics", headers).json();
    figures
        .path("by_project")
        .forEach(project -> assertEquals("small", project.path("project").asString()));
  }

  @Test
  void locksOutWhoGuesses() throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("guessed"));
    try (RunningGateway other = RunningGateway.start(config, folder.resolve("guessed-data"))) {
      for (int i = 0; i < 5; i++) {
        assertEquals(
            401, other.client().post("/dash/session", "{\"key\":\"guess-" + i + "\"}").status());
      }
      Reply locked = other.client().post("/dash/session", "{\"key\":\"" + Client.ADMIN_KEY + "\"}");
      assertEquals(429, locked.status());
      assertTrue(Integer.parseInt(locked.header("retry-after").orElse("0")) > 0);
    }
  }

  @Test
  void tellsToolsAndKeysWithoutTheirSecrets() throws IOException {
    client.call("default", "s", "web.get", "{}");
    JsonNode tools = client.admin("GET", "/api/tools?project=default", null).json().path("items");
    assertEquals("web.get", tools.path(0).path("tool").asString());
    assertEquals("untrusted", tools.path(0).path("labels").path(0).asString());
    assertTrue(tools.path(0).path("input_schema").isObject());
    Reply keys = client.admin("GET", "/api/keys?project=default", null);
    assertEquals("m1-key", keys.json().path("items").path(0).path("id").asString());
    assertFalse(keys.json().path("items").path(0).path("last_used").isNull());
    assertFalse(keys.text().contains(Keys.hash(ConfigFolder.key("default", "m1"))));
  }

  @Test
  void showsCallsAsTheyHappen() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(gateway.url() + "/api/logs/tail?project=default&session=live"))
              .header("X-Admin-Key", Client.ADMIN_KEY)
              .build();
      var response = http.send(request, BodyHandlers.ofInputStream());
      assertEquals(200, response.statusCode());
      assertEquals("text/event-stream", response.headers().firstValue("content-type").orElse(""));
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        assertTrue(lines.readLine().startsWith(":"));
        client.call("default", "other", "bad", "{}");
        client.call("default", "live", "bad", "{}");
        client.call("default", "live", "good", "{}");
        assertEquals("bad denied", row(lines));
        assertEquals("good pending", row(lines));
        assertEquals("good allowed", row(lines));
      }
    }
  }

  private static String row(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (!line.startsWith("data: ")) {
      line = lines.readLine();
    }
    JsonNode row = Reply.JSON.readTree(line.substring("data: ".length()));
    return row.path("tool").asString() + " " + row.path("status").asString();
  }

  @Test
  void givesFiguresToPrometheusWithAKeyOnly() throws Exception {
    client.call("small", "s", "bad", "{}");
    assertEquals(401, client.get("/metrics").status());
    assertEquals(401, client.get("/metrics", "X-Admin-Key", VIEWER).status());
    String wanted =
        "securegateway_calls_total{code=\"rule.denied\",project=\"small\",status=\"denied\"}";
    Eventually.holds(
        "the counter of denials",
        () -> {
          Reply reply = client.get("/metrics", "Authorization", "Bearer " + METRICS_KEY);
          assertEquals(200, reply.status());
          return reply.text().contains(wanted)
              && reply.text().contains("securegateway_ready 1.0")
              && reply.text().contains("jvm_memory_used_bytes");
        });
  }
}
