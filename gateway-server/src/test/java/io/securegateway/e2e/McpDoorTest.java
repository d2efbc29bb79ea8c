package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Real clients at the MCP door, real MCP servers and HTTP tools behind it. */
class McpDoorTest {
  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  static String policy() {
    return """
        version: 1
        rules:
          - { id: all, tools: ["*"], effect: allow }
          - { id: never, tools: ["test_image_content"], effect: deny }
          - { id: not-slow, tools: ["slow"], effect: deny, when: { args.ms: { gt: 60000 } }, reason: Too slow }
          - { id: people-first, tools: ["echo.ask"], effect: ask, reason: A person looks first }
        """;
  }

  private RunningGateway start(String upstreams) throws IOException {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("lab", policy()).keys("lab", "m1", List.of("*"));
    RunningGateway gateway =
        RunningGateway.start(
            config.gateway("projects:\n  lab:\n    upstreams:\n" + upstreams),
            folder.resolve("data"));
    open.add(gateway);
    return gateway;
  }

  private NodeServers.Http server(String... arguments) throws Exception {
    NodeServers.Http server = NodeServers.fixture(arguments);
    open.add(server);
    return server;
  }

  private McpClientProcess client(RunningGateway gateway, String generation) throws IOException {
    McpClientProcess client =
        McpClientProcess.connect(generation, gateway.url() + "/mcp", "lab", Map.of());
    open.add(client);
    return client;
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private static void offers(RunningGateway gateway, String tool) throws Exception {
    Eventually.holds(
        "the catalogue has " + tool,
        () ->
            gateway
                    .client()
                    .get(
                        "/schema/" + tool + ".json",
                        "X-Project-ID",
                        "lab",
                        "X-Model-Key",
                        ConfigFolder.key("lab", "m1"))
                    .status()
                == 200);
  }

  private static String http(String url) {
    return "      - { name: fixture, type: mcp-http, url: \"%s\", deadline: 20s }\n".formatted(url);
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.path("ok").path("tools").values().forEach(tool -> names.add(tool.path("name").asString()));
    return names;
  }

  private void servesTools(String generation) throws Exception {
    RunningGateway gateway = start(http(server().url()));
    offers(gateway, "add");
    McpClientProcess client = client(gateway, generation);
    JsonNode listed = client.run("listTools", "{}");
    List<String> names = names(listed);
    assertTrue(names.contains("add"), listed::toString);
    assertFalse(names.contains("test_image_content"), listed::toString);
    assertEquals(names.stream().sorted().toList(), names);
    JsonNode sum = client.call("add", "{\"a\":2,\"b\":40}");
    assertEquals(
        42, sum.path("ok").path("structuredContent").path("sum").intValue(), sum::toString);
    assertEquals("42", sum.path("ok").path("content").path(0).path("text").asString(""));
    JsonNode failed = client.call("test_error_handling", "{}");
    assertTrue(failed.path("ok").path("isError").asBoolean(), failed::toString);
    assertTrue(failed.toString().contains("intentionally returns an error"), failed::toString);
    JsonNode denied = client.call("slow", "{\"ms\":60001}");
    assertTrue(denied.path("ok").path("isError").asBoolean(), denied::toString);
    assertEquals("Too slow", denied.path("ok").path("content").path(0).path("text").asString(""));
    JsonNode decision = denied.path("ok").path("_meta").path("securegateway/decision");
    assertEquals("not-slow", decision.path("rule").asString(""), denied::toString);
    JsonNode hidden = client.call("test_image_content", "{}");
    JsonNode unknown = client.call("test_image_cantent", "{}");
    assertEquals(-32602, hidden.path("error").path("code").intValue(), hidden::toString);
    assertEquals(
        hidden.path("error").toString().replace("content", "cantent"),
        unknown.path("error").toString());
  }

  @Test
  void servesToolsToTheFirstSdk() throws Exception {
    servesTools("v1");
  }

  @Test
  void servesToolsToTheSecondSdk() throws Exception {
    servesTools("v2");
  }

  @Test
  void servesToolsToTheSecondSdkWithoutSessions() throws Exception {
    servesTools("v2-stateless");
  }
}
