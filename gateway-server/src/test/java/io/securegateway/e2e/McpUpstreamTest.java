package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Real MCP servers behind the gateway, called through the REST door. */
class McpUpstreamTest {
  @TempDir Path folder;
  private final List<RunningGateway> running = new ArrayList<>();

  private void start(String upstreams) throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("lab", policy()).keys("lab", "m1", List.of("*"));
    config.gateway("projects:\n  lab:\n    upstreams:\n" + upstreams);
    running.add(RunningGateway.start(config, folder.resolve("data")));
  }

  private Client client() {
    return running.getFirst().client();
  }

  private static String policy() {
    return "version: 1\nrules:\n  - { id: all, tools: [\"**\"], effect: allow }\n"
        + "  - { id: never, tools: [\"test_image_content\"], effect: deny }\n";
  }

  @AfterEach
  void stop() {
    running.forEach(RunningGateway::close);
  }

  private static String stdio(String name, String prefix, String... command) {
    StringBuilder words = new StringBuilder();
    for (String word : command) {
      words.append(words.isEmpty() ? "" : ", ").append('"').append(word).append('"');
    }
    return "      - { name: %s, type: mcp-stdio, command: [%s], deadline: 20s%s }\n"
        .formatted(name, words, prefix.isEmpty() ? "" : ", prefix: " + prefix);
  }

  private static String http(String name, String url, String more) {
    return "      - { name: %s, type: mcp-http, url: \"%s\", deadline: 20s%s }\n"
        .formatted(name, url, more);
  }

  private void offers(String tool) throws Exception {
    Eventually.holds(
        "the catalogue has " + tool,
        () -> client().get("/schema/" + tool + ".json", headers()).status() == 200);
  }

  private static String[] headers() {
    return new String[] {"X-Project-ID", "lab", "X-Model-Key", ConfigFolder.key("lab", "m1")};
  }

  private Reply call(String tool, String input) throws IOException {
    return client().call("lab", "s", tool, input);
  }

  private void answersAsTheFixtureDoes() throws Exception {
    offers("add");
    Reply sum = call("add", "{\"a\":2,\"b\":40}");
    assertEquals(200, sum.status(), sum::toString);
    assertEquals(42, sum.json().path("result").path("sum").intValue(), sum::toString);
    Reply text = call("test_simple_text", "{}");
    JsonNode first = text.json().path("result").path(0);
    assertEquals("text", first.path("type").asString(""), text::toString);
    Reply wrong = call("add", "{\"a\":\"two\",\"b\":40}");
    assertEquals(422, wrong.status(), wrong::toString);
    Reply failed = call("test_error_handling", "{}");
    assertEquals(502, failed.status(), failed::toString);
    assertEquals("tool.failed", failed.text("reason_code"), failed::toString);
    Reply broken = call("broken_promise", "{}");
    assertEquals(502, broken.status(), broken::toString);
    Reply denied = call("test_image_content", "{}");
    assertEquals(403, denied.status(), denied::toString);
    Reply unknown = call("never_heard_of", "{}");
    assertFalse(unknown.status() == 200, unknown::toString);
    Reply mirrored = call("test_x_mcp_header", "{\"region\":\" Zürich \"}");
    assertEquals(
        " Zürich ",
        mirrored.json().path("result").path(0).path("text").asString(""),
        mirrored::toString);
  }

  @Test
  void callsToolsOnTheStatelessWire() throws Exception {
    try (var server = NodeServers.fixture("--stateless-only")) {
      start(http("fixture", server.url(), ""));
      answersAsTheFixtureDoes();
    }
  }

  @Test
  void callsToolsOnTheSessionWire() throws Exception {
    try (var server = NodeServers.fixture()) {
      start(http("fixture", server.url(), ", protocol: session"));
      answersAsTheFixtureDoes();
    }
  }

  @Test
  void callsToolsOfAChildProcess() throws Exception {
    start(stdio("fixture", "", "node", NodeServers.folder().resolve("server.js").toString()));
    answersAsTheFixtureDoes();
    Reply names = call("environment", "{}");
    assertFalse(names.text().contains("ADMIN_KEY"), names::toString);
  }

  @Test
  void knowsTheToolsOfAServerThatIsAway() throws Exception {
    try (var server = NodeServers.fixture()) {
      start(http("fixture", server.url(), ", prefix: fx"));
      offers("fx.add");
      assertEquals(200, call("fx.add", "{\"a\":1,\"b\":1}").status());
    }
    running.getFirst().restart();
    assertEquals(200, client().get("/schema/fx.add.json", headers()).status());
    Reply away = call("fx.add", "{\"a\":1,\"b\":1}");
    assertEquals(502, away.status(), away::toString);
    assertEquals("upstream.connect", away.text("reason_code"), away::toString);
  }

  @Test
  void aChildThatDiesIsStartedAgain() throws Exception {
    start(stdio("fixture", "", "node", NodeServers.folder().resolve("server.js").toString()));
    offers("die");
    Reply died = call("die", "{}");
    assertEquals(502, died.status(), died::toString);
    assertEquals("upstream.broken", died.text("reason_code"), died::toString);
    Eventually.holds("it runs again", () -> call("test_simple_text", "{}").status() == 200);
  }

  @Test
  void aLongerListIsNoticed() throws Exception {
    start(stdio("fixture", "", "node", NodeServers.folder().resolve("server.js").toString()));
    offers("grow");
    assertEquals(404, client().get("/schema/grown.json", headers()).status());
    assertEquals(200, call("grow", "{}").status());
    offers("grown");
    assertEquals(200, call("grown", "{}").status());
  }

  @Test
  void publishedServersWorkBehindIt() throws Exception {
    Path files = Files.createDirectories(folder.toRealPath().resolve("files"));
    Files.writeString(files.resolve("note.txt"), "from the file");
    start(
        stdio("everything", "", "node", NodeServers.script("server-everything"))
            + stdio(
                "files", "files", "node", NodeServers.script("server-filesystem"), files.toString())
            + stdio("memory", "memory", "node", NodeServers.script("server-memory")));
    offers("echo");
    assertTrue(call("echo", "{\"message\":\"hello\"}").text().contains("hello"));
    offers("files.read_text_file");
    Reply read = call("files.read_text_file", "{\"path\":\"" + files.resolve("note.txt") + "\"}");
    assertTrue(read.text().contains("from the file"), read::toString);
    offers("memory.read_graph");
    Reply graph = call("memory.read_graph", "{}");
    assertEquals(200, graph.status(), graph::toString);
    assertTrue(graph.json().path("result").has("entities"), graph::toString);
  }

  @Test
  void aSessionThatTheServerForgotIsOpenedAgain() throws Exception {
    int port;
    try (ServerSocket probe = new ServerSocket(0)) {
      port = probe.getLocalPort();
    }
    try (var server = NodeServers.everything(port)) {
      start(http("everything", server.url(), ""));
      offers("echo");
      assertEquals(200, call("echo", "{\"message\":\"one\"}").status());
    }
    try (var server = NodeServers.everything(port)) {
      Eventually.holds(
          "the forgotten session is replaced",
          () -> call("echo", "{\"message\":\"two\"}").status() == 200);
      assertTrue(server.process().isAlive());
    }
  }

  @Test
  void aChildEndsWithTheGateway() throws Exception {
    start(stdio("fixture", "", "node", NodeServers.folder().resolve("server.js").toString()));
    offers("add");
    List<ProcessHandle> children =
        ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).toList();
    assertFalse(children.isEmpty());
    running.removeFirst().close();
    Eventually.holds("no child is left", () -> children.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void aCallThatTakesTooLongEndsByItsDeadline() throws Exception {
    try (var server = NodeServers.fixture()) {
      start(http("fixture", server.url(), "").replace("deadline: 20s", "deadline: 1s"));
      offers("slow");
      Reply late = call("slow", "{\"ms\":20000}");
      assertEquals("upstream.timeout", late.text("reason_code"), late::toString);
      assertEquals(200, call("slow", "{\"ms\":1}").status());
    }
  }
}
