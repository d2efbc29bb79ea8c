package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Desktop clients: {@code stdio} in a process of its own, in front of a gateway. */
class StdioTest {
  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  private RunningGateway start() throws Exception {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config
        .policy(
            "default",
            """
            version: 1
            rules:
              - { id: all, tools: ["*"], effect: allow }
              - { id: no, tools: ["send"], effect: deny, when: { args.to: { eq: "eve" } }, reason: Not to eve }
            """)
        .keys("default", "m1", List.of("*"));
    config.schema("send", "{\"type\":\"object\"}");
    RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"));
    open.add(gateway);
    return gateway;
  }

  private static List<String> command(String url) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        "io.securegateway.server.cli.Main",
        "stdio",
        "--url",
        url);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void sdkClientsUseTheGatewayThroughIt(String generation) throws Exception {
    RunningGateway gateway = start();
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    command(gateway.url()).forEach(json::add);
    McpClientProcess client =
        McpClientProcess.connect(
            generation, gateway.url(), "default", Map.of("STDIO", json.toString()));
    open.add(client);
    JsonNode listed = client.run("listTools", "{}");
    assertTrue(listed.toString().contains("\"send\""), listed::toString);
    JsonNode sent = client.call("send", "{\"to\":\"ana ü 😀\"}");
    assertTrue(sent.path("ok").path("content").isArray(), sent::toString);
    assertTrue(!sent.path("ok").path("isError").asBoolean(false), sent::toString);
    JsonNode denied = client.call("send", "{\"to\":\"eve\"}");
    assertEquals("Not to eve", denied.path("ok").path("content").path(0).path("text").asString(""));
    JsonNode rows = gateway.client().admin("GET", "/api/logs?tool=send", null).json();
    assertEquals(2, rows.path("items").size(), rows::toString);
  }

  @Test
  void badInputAndADeadGatewayAreAnsweredAsErrorsOnTheOutputAlone() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command("http://127.0.0.1:9"));
    builder.environment().put("SECUREGATEWAY_KEY", "sgk_some_key_or_other");
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    open.add(process::destroyForcibly);
    try (OutputStream in = process.getOutputStream();
        BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals(-32700, said(in, out, "{no json").path("error").path("code").intValue());
      assertEquals(
          -32600, said(in, out, "[{\"jsonrpc\":\"2.0\"}]").path("error").path("code").intValue());
      JsonNode dead = said(in, out, "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"}");
      assertEquals("a", dead.path("id").asString());
      assertTrue(
          dead.path("error").path("message").asString("").contains("cannot be reached"),
          dead::toString);
      in.write("\n".getBytes(StandardCharsets.UTF_8));
    }
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it ends with its input");
    assertEquals(0, process.exitValue());
  }

  @Test
  void allLinesAtOnceKeepTheirOrderAndWhatIsCancelledIsNotAnswered() throws Exception {
    ScriptedMcpServer server =
        ScriptedMcpServer.start("[{\"name\":\"slow\",\"inputSchema\":{\"type\":\"object\"}}]");
    open.add(server);
    server.streams("tools/call", (request, stream) -> stream.forever());
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config
        .policy("lab", "version: 1\nrules:\n  - { id: all, tools: [\"*\"], effect: allow }\n")
        .keys("lab", "m1", List.of("*"))
        .gateway(
            "projects: { lab: { upstreams: [{ name: up, type: mcp-http, url: \"%s\", protocol: session }] } }\n"
                .formatted(server.url()));
    RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"));
    open.add(gateway);
    Eventually.holds("it is greeted", () -> !server.seen("tools/list").isEmpty());
    Path log = folder.resolve("stdio.log");
    List<String> command = new ArrayList<>(command(gateway.url()));
    command.addAll(List.of("--project", "lab"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().put("SECUREGATEWAY_KEY", ConfigFolder.key("lab", "m1"));
    Process process = builder.start();
    open.add(process::destroyForcibly);
    try (OutputStream in = process.getOutputStream();
        BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      in.write(
          """
          {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
          {"jsonrpc":"2.0","method":"notifications/initialized"}
          {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"slow","arguments":{}}}
          """
              .getBytes(StandardCharsets.UTF_8));
      in.flush();
      assertEquals(1, Reply.JSON.readTree(out.readLine()).path("id").intValue());
      Eventually.holds("it is under way", () -> !server.seen("tools/call").isEmpty());
      in.write(
          """
          {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}
          {"jsonrpc":"2.0","id":3,"method":"ping"}
          """
              .getBytes(StandardCharsets.UTF_8));
      in.flush();
      assertEquals(3, Reply.JSON.readTree(out.readLine()).path("id").intValue());
      in.close();
      assertNull(out.readLine(), "what is cancelled is not answered");
    }
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it ends with its input");
    assertFalse(Files.readString(log).contains("answered 4"), () -> read(log));
    Eventually.holds(
        "the server hears of it", () -> !server.seen("notifications/cancelled").isEmpty());
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static JsonNode said(OutputStream in, BufferedReader out, String line)
      throws IOException {
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
    return Reply.JSON.readTree(out.readLine());
  }

  @Test
  void withoutAKeyItSaysHowToGiveOne() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command("http://127.0.0.1:9"));
    builder.environment().remove("SECUREGATEWAY_KEY");
    Process process = builder.redirectErrorStream(true).start();
    open.add(process::destroyForcibly);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(said.contains("SECUREGATEWAY_KEY"), said);
    assertEquals(2, process.waitFor());
  }
}
