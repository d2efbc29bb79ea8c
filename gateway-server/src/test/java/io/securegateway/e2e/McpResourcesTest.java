package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Prompts, resources and completion of two servers, decided as tool calls are. */
class McpResourcesTest {
  @TempDir static Path folder;
  private static ScriptedMcpServer first;
  private static ScriptedMcpServer second;
  private static RunningGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    first = scripted("one");
    second = scripted("two");
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy(
        "lab",
        """
        version: 1
        rules:
          - { id: tools, tools: ["t", "two.t"], effect: allow }
          - { id: read, tools: ["resources/read"], effect: allow, when: { args.uri: { prefix: "doc://" } } }
          - { id: prompt, tools: ["prompts/get"], effect: allow, when: { args.name: { ne: "two.secret" } } }
          - { id: complete, tools: ["completion/complete"], effect: allow }
        """);
    config.keys("lab", "m1", List.of("*"));
    config.file(
        "model_keys/lab.yaml",
        "version: 1\nmodels:\n"
            + ConfigFolder.model("lab", "m1", List.of("*"))
            + ConfigFolder.model("lab", "m2", List.of("t")));
    config.gateway(
        "projects:\n  lab:\n    upstreams:\n"
            + "      - { name: one, type: mcp-http, url: \"%s\", protocol: session }\n"
                .formatted(first.url())
            + "      - { name: two, type: mcp-http, url: \"%s\", protocol: session, prefix: two }\n"
                .formatted(second.url()));
    gateway = RunningGateway.start(config, folder.resolve("data"));
    Eventually.holds(
        "both are known", () -> ask("m1", "tools/list", "").toString().contains("two.t"));
  }

  private static ScriptedMcpServer scripted(String name) throws IOException {
    return ScriptedMcpServer.start("[{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"}}]")
        .answers(
            "resources/list",
            request ->
                request.path("params").has("cursor")
                    ? "{\"resources\":[{\"uri\":\"secret://x\",\"name\":\"s\"},{\"uri\":\"doc://%s/2\",\"name\":\"b\"},{\"uri\":\"doc://both\",\"name\":\"c\",\"x\":1.50}]}"
                        .formatted(name)
                    : "{\"resources\":[{\"uri\":\"doc://%s/1\",\"name\":\"a\"}],\"nextCursor\":\"more\"}"
                        .formatted(name))
        .answers(
            "resources/templates/list",
            request ->
                "{\"resourceTemplates\":[{\"uriTemplate\":\"doc://%s/t/{id}\",\"name\":\"t\"}]}"
                    .formatted(name))
        .answers(
            "resources/read",
            request ->
                "{\"contents\":[{\"uri\":%s,\"text\":\"of %s\",\"vendor\":1.50}]}"
                    .formatted(request.path("params").path("uri"), name))
        .answers(
            "prompts/list", request -> "{\"prompts\":[{\"name\":\"hello\"},{\"name\":\"secret\"}]}")
        .answers(
            "prompts/get",
            request ->
                "{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"%s of %s\"}}]}"
                    .formatted(request.path("params").path("name").asString(""), name))
        .answers(
            "completion/complete",
            request ->
                "{\"completion\":{\"values\":[\"%s %s\"]}}"
                    .formatted(name, request.path("params").path("ref").path("name").asString("")));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    first.close();
    second.close();
  }

  private static JsonNode ask(String model, String method, String params) throws IOException {
    String meta =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{%s%s}}"
            .formatted(method, meta, params.isEmpty() ? "" : "," + params);
    JsonNode sent = Reply.JSON.readTree(body).path("params");
    String name = sent.path("uri").asString(sent.path("name").asString("-"));
    return gateway
        .client()
        .post(
            "/mcp?project_id=lab",
            body,
            "Accept",
            "application/json, text/event-stream",
            "Authorization",
            "Bearer " + ConfigFolder.key("lab", model),
            "MCP-Protocol-Version",
            "2026-07-28",
            "Mcp-Method",
            method,
            "Mcp-Name",
            name)
        .json();
  }

  @Test
  void listsOfAllServersAreMergedInAFixedOrder() throws IOException {
    JsonNode resources = ask("m1", "resources/list", "").path("result");
    List<String> uris =
        resources.path("resources").valueStream().map(r -> r.path("uri").asString("")).toList();
    assertEquals(
        List.of("doc://one/1", "doc://one/2", "doc://both", "doc://two/1", "doc://two/2"),
        uris,
        "what policy can never allow is not listed");
    assertTrue(resources.toString().contains("\"x\":1.50"), resources::toString);
    assertEquals("private", resources.path("cacheScope").asString(""));
    JsonNode prompts = ask("m1", "prompts/list", "").path("result").path("prompts");
    assertEquals(
        List.of("hello", "secret", "two.hello"),
        prompts.valueStream().map(p -> p.path("name").asString("")).toList());
  }

  @Test
  void addressesGoToTheirOwner() throws IOException {
    for (Map.Entry<String, String> owner :
        Map.of(
                "doc://one/1", "one",
                "doc://two/2", "two",
                "doc://both", "one",
                "doc://two/t/7", "two",
                "doc://elsewhere", "one")
            .entrySet()) {
      JsonNode read = ask("m1", "resources/read", "\"uri\":\"" + owner.getKey() + "\"");
      JsonNode content = read.path("result").path("contents").path(0);
      assertEquals("of " + owner.getValue(), content.path("text").asString(""), read::toString);
      assertTrue(read.toString().contains("\"vendor\":1.50"), read::toString);
    }
  }

  @Test
  void promptsAndCompletionsGoByTheirPrefix() throws IOException {
    JsonNode own = ask("m1", "prompts/get", "\"name\":\"hello\"");
    assertTrue(own.toString().contains("hello of one"), own::toString);
    JsonNode other = ask("m1", "prompts/get", "\"name\":\"two.hello\"");
    assertTrue(other.toString().contains("hello of two"), other::toString);
    JsonNode completed =
        ask(
            "m1",
            "completion/complete",
            "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"two.hello\"},\"argument\":{\"name\":\"a\",\"value\":\"b\"}");
    assertTrue(completed.toString().contains("two hello"), completed::toString);
  }

  @Test
  void whatIsDeniedReachesNoServer() throws IOException {
    JsonNode read = ask("m1", "resources/read", "\"uri\":\"secret://x\"");
    assertEquals(-31001, read.path("error").path("code").intValue(), read::toString);
    assertEquals(
        "denied",
        read.path("error").path("data").path("securegateway/decision").path("status").asString(""));
    JsonNode prompt = ask("m1", "prompts/get", "\"name\":\"two.secret\"");
    assertEquals(-31001, prompt.path("error").path("code").intValue(), prompt::toString);
    int lists = first.seen("resources/list").size();
    for (String method : List.of("resources/list", "resources/templates/list", "prompts/list")) {
      JsonNode none = ask("m2", method, "");
      assertEquals(-32601, none.path("error").path("code").intValue(), none::toString);
    }
    JsonNode never = ask("m2", "resources/read", "\"uri\":\"doc://one/1\"");
    JsonNode unknown = ask("m2", "resources/reed", "\"uri\":\"doc://one/1\"");
    assertEquals(unknown.toString(), never.toString());
    assertEquals(lists, first.seen("resources/list").size());
    for (ScriptedMcpServer server : List.of(first, second)) {
      assertFalse(
          server.seen("resources/read").toString().contains("secret://x"), "it was not denied");
      assertFalse(server.seen("prompts/get").toString().contains("secret"), "it was not denied");
    }
  }

  @Test
  void whatCannotBeUsedIsNotOffered() throws IOException {
    JsonNode all = ask("m1", "server/discover", "").path("result").path("capabilities");
    assertTrue(all.has("resources") && all.has("prompts") && all.has("completions"), all::toString);
    JsonNode few = ask("m2", "server/discover", "").path("result").path("capabilities");
    assertFalse(few.has("resources") || few.has("prompts"), few::toString);
  }

  @Test
  void noToolGoesUnderTheNameOfAMethod() throws IOException {
    Reply rest = gateway.client().call("lab", "s", "resources/read", "{\"uri\":\"doc://one/1\"}");
    assertEquals("tool.unknown", rest.text("reason_code"), rest::toString);
    JsonNode tool = ask("m1", "tools/call", "\"name\":\"prompts/get\",\"arguments\":{}");
    assertEquals(-32602, tool.path("error").path("code").intValue(), tool::toString);
  }
}
