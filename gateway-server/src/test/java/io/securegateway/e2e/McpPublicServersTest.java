package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Published servers behind the gateway, driven by both public SDKs: what a client is told through
 * it is what it is told without it, but for what the policy changed.
 */
class McpPublicServersTest {
  private static final String PROJECT = "lab";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path files;

  @BeforeEach
  void prepare() throws IOException {
    files = Files.createDirectories(folder.resolve("files")).toRealPath();
    Files.writeString(files.resolve("a.txt"), "first\nsecond\n");
    Files.writeString(files.resolve("ü 1.txt"), "täxt 😀");
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private static String json(List<String> words) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    words.forEach(array::add);
    return array.toString();
  }

  private static final Map<String, String> PLAIN = Map.of("PLAIN", "1");

  /** Answers what a server asks. */
  private static final Map<String, String> ANSWERING =
      Map.of("ELICITED", "{\"name\":\"Ana\",\"check\":true}");

  /** A client in front of the server itself. */
  private McpClientProcess direct(String generation, List<String> command) throws IOException {
    return opened(
        McpClientProcess.connect(
            generation, "direct", PROJECT, Map.of("STDIO", json(command), "PLAIN", "1")));
  }

  private McpClientProcess opened(McpClientProcess client) {
    open.add(client);
    return client;
  }

  /** A client in front of a gateway that has the server behind it. */
  private McpClientProcess through(String generation, List<String> command, String policy)
      throws Exception {
    return through(
        generation, "{ name: it, type: mcp-stdio, command: " + json(command) + " }", policy, PLAIN);
  }

  private McpClientProcess through(
      String generation, String upstream, String policy, Map<String, String> environment)
      throws Exception {
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy(PROJECT, policy).keys(PROJECT, "m1", List.of("*"));
    config.gateway("projects:\n  %s:\n    upstreams:\n      - %s\n".formatted(PROJECT, upstream));
    RunningGateway gateway = RunningGateway.start(config, folder.resolve("data"));
    open.add(gateway);
    Eventually.holds(
        "the server's tools are known",
        () ->
            gateway
                    .client()
                    .admin("GET", "/api/tools?project=" + PROJECT, null)
                    .json()
                    .path("items")
                    .size()
                > 0);
    return opened(
        McpClientProcess.connect(generation, gateway.url() + "/mcp", PROJECT, environment));
  }

  private static final String OPEN =
      "version: 1\nrules: [{ id: all, tools: [\"*\"], effect: allow }]\n";

  private static Map<String, JsonNode> byName(JsonNode answer, String list, String name) {
    Map<String, JsonNode> items = new TreeMap<>();
    for (JsonNode item : answer.path("ok").path(list)) {
      items.put(item.path(name).asString(""), item);
    }
    assertFalse(items.isEmpty(), answer::toString);
    return items;
  }

  private static void equal(
      McpClientProcess direct, McpClientProcess through, String method, String with)
      throws IOException {
    JsonNode without = direct.run(method, with);
    JsonNode with1 = through.run(method, with);
    assertTrue(without.has("ok"), without::toString);
    assertEquals(without.path("ok"), with1.path("ok"), () -> method + " " + with + ": " + with1);
  }

  private static void equalCall(
      McpClientProcess direct, McpClientProcess through, String tool, String arguments)
      throws IOException {
    equal(
        direct,
        through,
        "callTool",
        "{\"name\":\"%s\",\"arguments\":%s}".formatted(tool, arguments));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void everythingIsTheSame(String generation) throws Exception {
    List<String> command = List.of("node", NodeServers.script("server-everything"));
    McpClientProcess direct = direct(generation, command);
    McpClientProcess through = through(generation, command, OPEN);
    Map<String, JsonNode> tools = byName(direct.run("listTools", "{}"), "tools", "name");
    assertEquals(tools, byName(through.run("listTools", "{}"), "tools", "name"));
    equalCall(direct, through, "echo", "{\"message\":\"ü 😀 \\\"x\\\"\"}");
    equalCall(direct, through, "get-sum", "{\"a\":2.5,\"b\":40}");
    equalCall(direct, through, "get-tiny-image", "{}");
    equalCall(direct, through, "get-structured-content", "{\"location\":\"New York\"}");
    equalCall(
        direct,
        through,
        "get-annotated-message",
        "{\"messageType\":\"error\",\"includeImage\":true}");
    equalCall(direct, through, "get-resource-links", "{\"count\":3}");
    equalCall(direct, through, "trigger-long-running-operation", "{\"duration\":1,\"steps\":3}");
    // The SDKs drop progress that arrives together with the result, so direct may hear less.
    List<JsonNode> heard = direct.progress();
    assertTrue(heard.size() >= 2, heard::toString);
    assertEquals(heard, through.progress().subList(0, heard.size()));
    assertEquals(
        byName(direct.run("listPrompts", "{}"), "prompts", "name"),
        byName(through.run("listPrompts", "{}"), "prompts", "name"));
    equal(direct, through, "getPrompt", "{\"name\":\"simple-prompt\"}");
    equal(
        direct,
        through,
        "getPrompt",
        "{\"name\":\"args-prompt\",\"arguments\":{\"city\":\"Köln\",\"state\":\"NRW\"}}");
    Map<String, JsonNode> resources = byName(direct.run("listResources", "{}"), "resources", "uri");
    assertEquals(resources, byName(through.run("listResources", "{}"), "resources", "uri"));
    equal(
        direct,
        through,
        "readResource",
        "{\"uri\":\"" + resources.keySet().iterator().next() + "\"}");
    assertEquals(
        byName(direct.run("listResourceTemplates", "{}"), "resourceTemplates", "uriTemplate"),
        byName(through.run("listResourceTemplates", "{}"), "resourceTemplates", "uriTemplate"));
  }

  /** With a client that answers: the server then offers tools that ask it, in its own session. */
  @ParameterizedTest
  @CsvSource({"v1,http", "v2,http", "v1,stdio", "v2,stdio"})
  void everythingAsksItsClientTheSame(String generation, String wire) throws Exception {
    McpClientProcess direct;
    String upstream;
    if (wire.equals("http")) {
      NodeServers.Http server = NodeServers.everything(freePort());
      open.add(server);
      direct = opened(McpClientProcess.connect(generation, server.url(), PROJECT, ANSWERING));
      upstream = "{ name: it, type: mcp-http, url: \"" + server.url() + "\" }";
    } else {
      String command = json(List.of("node", NodeServers.script("server-everything")));
      Map<String, String> environment = new HashMap<>(ANSWERING);
      environment.put("STDIO", command);
      direct = opened(McpClientProcess.connect(generation, "direct", PROJECT, environment));
      upstream = "{ name: it, type: mcp-stdio, command: " + command + " }";
    }
    McpClientProcess through = through(generation, upstream, OPEN, ANSWERING);
    Map<String, JsonNode> tools = byName(direct.run("listTools", "{}"), "tools", "name");
    assertTrue(tools.containsKey("trigger-sampling-request"), tools::toString);
    Map<String, JsonNode> offered = byName(through.run("listTools", "{}"), "tools", "name");
    assertEquals(tools.keySet(), offered.keySet());
    assertEquals(tools, offered);
    equalCall(direct, through, "echo", "{\"message\":\"ü 😀\"}");
    equalCall(direct, through, "trigger-long-running-operation", "{\"duration\":1,\"steps\":3}");
    equalCall(direct, through, "trigger-elicitation-request", "{}");
    equalCall(direct, through, "trigger-sampling-request", "{\"prompt\":\"say ü\"}");
    equalCall(direct, through, "get-roots-list", "{}");
    equal(direct, through, "getPrompt", "{\"name\":\"simple-prompt\"}");
    assertEquals(
        byName(direct.run("listResources", "{}"), "resources", "uri"),
        byName(through.run("listResources", "{}"), "resources", "uri"));
    for (String question : List.of("elicitation/create", "sampling/createMessage", "roots/list")) {
      assertEquals(asked(direct, question), asked(through, question));
    }
  }

  /** What it was asked, without what a hop adds. */
  private static Set<JsonNode> asked(McpClientProcess client, String method) {
    Set<JsonNode> asked = new HashSet<>();
    for (JsonNode one : client.asked()) {
      if (one.path("method").asString("").equals(method)) {
        ObjectNode params =
            one.path("params").isObject()
                ? (ObjectNode) one.path("params").deepCopy()
                : JsonNodeFactory.instance.objectNode();
        params.remove("_meta");
        asked.add(params);
      }
    }
    assertFalse(asked.isEmpty(), () -> method + " in " + client.asked());
    return asked;
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void filesystemIsTheSameButForWhatThePolicyRefuses(String generation) throws Exception {
    List<String> command =
        List.of("node", NodeServers.script("server-filesystem"), files.toString());
    McpClientProcess direct = direct(generation, command);
    McpClientProcess through =
        through(
            generation,
            command,
            OPEN.replace(
                "allow }]", "allow }, { id: ro, tools: [\"write_file\"], effect: deny }]"));
    Map<String, JsonNode> tools = byName(direct.run("listTools", "{}"), "tools", "name");
    tools.remove("write_file");
    assertEquals(tools, byName(through.run("listTools", "{}"), "tools", "name"));
    equalCall(direct, through, "read_text_file", "{\"path\":\"" + files + "/ü 1.txt\"}");
    equalCall(direct, through, "list_directory", "{\"path\":\"" + files + "\"}");
    equalCall(direct, through, "read_text_file", "{\"path\":\"" + files + "/missing\"}");
    JsonNode refused =
        through.call("write_file", "{\"path\":\"" + files + "/new.txt\",\"content\":\"x\"}");
    assertEquals(-32602, refused.path("error").path("code").intValue(), refused::toString);
    assertFalse(Files.exists(files.resolve("new.txt")));
  }

  /** Clients keep lists, and call tools that this gateway never listed to them. */
  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2", "v2-stateless"})
  void aToolForSomeClientsIsKnownToThemWithoutAList(String generation) throws Exception {
    NodeServers.Http server = NodeServers.everything(freePort());
    open.add(server);
    McpClientProcess through =
        through(
            generation,
            "{ name: it, type: mcp-http, url: \"" + server.url() + "\" }",
            OPEN,
            ANSWERING);
    Eventually.holds(
        "the server's tools are known",
        () -> through.call("echo", "{\"message\":\"hi\"}").toString().contains("hi"));
    JsonNode sampled = through.call("trigger-sampling-request", "{\"prompt\":\"p\"}");
    assertTrue(sampled.toString().contains("sampled"), sampled::toString);
    JsonNode unknown = through.call("no-such-tool", "{}");
    assertEquals(-32602, unknown.path("error").path("code").intValue(), unknown::toString);
  }

  /** The server asks for roots as soon as it is greeted, and again when they are others. */
  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2", "v2-stateless"})
  void filesystemKeepsToTheRootsOfItsClient(String generation) throws Exception {
    Path other = Files.createDirectories(folder.resolve("other")).toRealPath();
    Path third = Files.createDirectories(folder.resolve("third")).toRealPath();
    String command =
        json(List.of("node", NodeServers.script("server-filesystem"), files.toString()));
    McpClientProcess through =
        through(
            generation,
            "{ name: it, type: mcp-stdio, command: " + command + " }",
            OPEN,
            Map.of("ROOT", other.toUri().toString()));
    JsonNode first = through.call("list_allowed_directories", "{}");
    assertTrue(first.toString().contains(other.toString()), first::toString);
    assertFalse(first.toString().contains(files.toString()), first::toString);
    if (generation.equals("v2-stateless")) {
      return; // without sessions nobody says that roots are others
    }
    through.run("moveRoot", "{\"uri\":\"%s\"}".formatted(third.toUri()));
    Eventually.holds(
        "it keeps to the other root",
        () -> through.call("list_allowed_directories", "{}").toString().contains(third.toString()));
  }

  /** What a server lists, logs and says in the conversation with one client only. */
  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void aClientHasWhatItsOwnConversationBrings(String generation) throws Exception {
    NodeServers.Http server = NodeServers.everything(freePort());
    open.add(server);
    McpClientProcess through =
        through(
            generation, "{ name: it, type: mcp-http, url: \"" + server.url() + "\" }", OPEN, PLAIN);
    through.call(
        "gzip-file-as-resource",
        "{\"name\":\"own.gz\",\"data\":\"data:text/plain,hello\",\"outputType\":\"resourceLink\"}");
    JsonNode listed = through.run("listResources", "{}");
    assertTrue(listed.toString().contains("own.gz"), listed::toString);
    through.call("toggle-simulated-logging", "{}");
    Eventually.holds(
        "it logs beside calls", () -> through.told().toString().contains("notifications/message"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void aClientHearsThatItsOwnConversationGrew(String generation) throws Exception {
    NodeServers.Http server = NodeServers.fixture("--sessions");
    open.add(server);
    McpClientProcess through =
        through(
            generation,
            "{ name: it, type: mcp-http, url: \"" + server.url() + "\" }",
            OPEN,
            ANSWERING);
    assertFalse(through.run("listTools", "{}").toString().contains("grown"));
    through.call("grow", "{}");
    Eventually.holds(
        "it hears of it",
        () -> through.told().toString().contains("notifications/tools/list_changed"));
    assertTrue(through.run("listTools", "{}").toString().contains("grown"));
  }

  /** Nothing but the conversation tells whose question it is. */
  @ParameterizedTest
  @CsvSource({"stdio,trigger-sampling-request", "http,test_sampling"})
  void callsWithoutSessionsThatAskAtOnceAreAskedTheirOwnQuestions(String wire, String tool)
      throws Exception {
    String upstream;
    if (wire.equals("http")) {
      NodeServers.Http server = NodeServers.fixture("--sessions");
      open.add(server);
      upstream = "{ name: it, type: mcp-http, url: \"" + server.url() + "\", protocol: session }";
    } else {
      String command = json(List.of("node", NodeServers.script("server-everything")));
      upstream = "{ name: it, type: mcp-stdio, command: " + command + " }";
    }
    McpClientProcess through = through("v2-stateless", upstream, OPEN, ANSWERING);
    assertTrue(through.run("listTools", "{}").toString().contains(tool));
    List<CompletableFuture<JsonNode>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String prompt = "{\"prompt\":\"number " + i + "\"}";
      all.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return through.call(tool, prompt);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
    }
    for (CompletableFuture<JsonNode> one : all) {
      assertTrue(one.get().toString().contains("sampled"), () -> one.join().toString());
    }
    for (int i = 0; i < 4; i++) {
      String mine = "number " + i;
      assertEquals(
          1, through.asked().stream().filter(one -> one.toString().contains(mine)).count());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void memoryRemembersThroughTheGateway(String generation) throws Exception {
    List<String> command = List.of("node", NodeServers.script("server-memory"));
    McpClientProcess through =
        through(
            generation,
            List.of(
                "/usr/bin/env",
                "MEMORY_FILE_PATH=" + folder.resolve("through.jsonl"),
                command.get(0),
                command.get(1)),
            OPEN);
    McpClientProcess direct =
        direct(
            generation,
            List.of(
                "/usr/bin/env",
                "MEMORY_FILE_PATH=" + folder.resolve("direct.jsonl"),
                command.get(0),
                command.get(1)));
    equalCall(
        direct,
        through,
        "create_entities",
        "{\"entities\":[{\"name\":\"Ana\",\"entityType\":\"person\",\"observations\":[\"likes ü\"]}]}");
    equalCall(direct, through, "read_graph", "{}");
    equalCall(direct, through, "search_nodes", "{\"query\":\"ana\"}");
    assertTrue(Files.readString(folder.resolve("through.jsonl")).contains("Ana"));
  }
}
