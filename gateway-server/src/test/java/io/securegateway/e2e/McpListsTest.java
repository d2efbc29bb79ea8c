package io.securegateway.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of a server that does not answer, or does not end. */
class McpListsTest {
  @TempDir Path folder;
  private ScriptedMcpServer well;
  private ScriptedMcpServer ill;
  private RunningGateway gateway;
  private SessionClient client;

  private static ScriptedMcpServer scripted(String name) throws Exception {
    return ScriptedMcpServer.start("[{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\"}}]")
        .answers(
            "resources/list",
            request -> "{\"resources\":[{\"uri\":\"doc://%s\",\"name\":\"a\"}]}".formatted(name))
        .answers("resources/templates/list", request -> "{\"resourceTemplates\":[]}")
        .answers(
            "resources/read",
            request ->
                "{\"contents\":[{\"uri\":%s,\"text\":\"of %s\"}]}"
                    .formatted(request.path("params").path("uri"), name));
  }

  @BeforeEach
  void start() throws Exception {
    well = scripted("well");
    ill = scripted("ill");
    ConfigFolder config = ConfigFolder.in(folder.resolve("config"));
    config.policy("lab", "version: 1\nrules: [{ id: all, tools: [\"*\"], effect: allow }]\n");
    config.keys("lab", "m1", List.of("*"));
    config.gateway(
        "projects:\n  lab:\n    upstreams:\n"
            + "      - { name: ill, type: mcp-http, url: \"%s\", protocol: session }\n"
                .formatted(ill.url())
            + "      - { name: well, type: mcp-http, url: \"%s\", protocol: session, prefix: well }\n"
                .formatted(well.url()));
    gateway = RunningGateway.start(config, folder.resolve("data"));
    client = SessionClient.open(gateway, "m1");
    Eventually.holds("both are known", () -> client.tools().size() == 2);
  }

  @AfterEach
  void stop() throws Exception {
    gateway.close();
    well.close();
    ill.close();
  }

  private String list() throws Exception {
    return client.request("resources/list", "{}").text();
  }

  @Test
  void whatAServerListedStandsWhileItHangs() throws Exception {
    assertTrue(list().contains("doc://ill"));
    ill.streams("resources/list", (request, stream) -> stream.forever());
    ill.streams("resources/templates/list", (request, stream) -> stream.forever());
    String meanwhile = list();
    assertTrue(meanwhile.contains("doc://ill") && meanwhile.contains("doc://well"), meanwhile);
    int asked = ill.seen("resources/list").size();
    for (int i = 0; i < 5; i++) {
      assertTrue(list().contains("doc://well"));
    }
    assertEquals(asked, ill.seen("resources/list").size(), "it is left alone for a while");
    String read = client.request("resources/read", "{\"uri\":\"doc://well\"}").text();
    assertTrue(read.contains("of well"), read);
  }

  @Test
  void newResourcesAreFoundAtOnce() throws Exception {
    assertTrue(list().contains("doc://well"));
    well.answers(
        "resources/list", request -> "{\"resources\":[{\"uri\":\"doc://new\",\"name\":\"a\"}]}");
    String read = client.request("resources/read", "{\"uri\":\"doc://new\"}").text();
    assertTrue(read.contains("of well"), read);
  }

  @Test
  void aListWithoutEndIsTakenSoFar() throws Exception {
    ill.answers(
        "resources/list",
        request ->
            "{\"resources\":[{\"uri\":\"doc://%d\",\"name\":\"%s\"}],\"nextCursor\":\"%d\"}"
                .formatted(
                    ill.seen("resources/list").size(),
                    "x".repeat(500_000),
                    ill.seen("resources/list").size()));
    int before = ill.seen("resources/list").size();
    String listed = list();
    assertTrue(listed.contains("doc://well"));
    assertTrue(listed.length() < 5 * 1024 * 1024, "length " + listed.length());
    assertFalse(ill.seen("resources/list").size() > before + 12);
  }
}
