package io.securegateway.server.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A plain MCP client of the gateway's {@code /mcp}, revision 2025-11-25. Blocks. */
final class McpAgent {
  private static final String REVISION = "2025-11-25";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI url;
  private final String key;
  private final String session;
  private int last = 1;

  /** Opens a session. */
  McpAgent(String gateway, String project, String key) throws IOException, InterruptedException {
    this.url = URI.create(gateway + "/p/" + project + "/mcp");
    this.key = key;
    ObjectNode hello = AgentClient.JSON.createObjectNode().put("protocolVersion", REVISION);
    hello.putObject("capabilities");
    hello.putObject("clientInfo").put("name", "demo").put("version", "1");
    HttpResponse<byte[]> greeting = send(message("initialize", hello).put("id", last), "");
    this.session =
        greeting
            .headers()
            .firstValue("mcp-session-id")
            .orElseThrow(() -> new IOException("initialize gave no session: " + greeting));
    send(message("notifications/initialized", AgentClient.JSON.createObjectNode()), session);
  }

  /** A request; the whole answer. */
  JsonNode ask(String method, ObjectNode params) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(message(method, params).put("id", ++last), session);
    String body = new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8);
    boolean events =
        answer.headers().firstValue("content-type").orElse("").startsWith("text/event-stream");
    return AgentClient.JSON.readTree(
        events
            ? body.lines().filter(l -> l.startsWith("data: {")).toList().getLast().substring(6)
            : body);
  }

  /** A tool call. */
  JsonNode call(String tool, ObjectNode arguments) throws IOException, InterruptedException {
    ObjectNode params = AgentClient.JSON.createObjectNode().put("name", tool);
    params.set("arguments", arguments);
    return ask("tools/call", params);
  }

  private static ObjectNode message(String method, ObjectNode params) {
    ObjectNode message = AgentClient.JSON.createObjectNode();
    message.put("jsonrpc", "2.0").put("method", method).set("params", params);
    return message;
  }

  private HttpResponse<byte[]> send(ObjectNode message, String inSession)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    AgentClient.JSON.writeValueAsBytes(message)));
    if (!inSession.isEmpty()) {
      request.header("Mcp-Session-Id", inSession).header("MCP-Protocol-Version", REVISION);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }
}
