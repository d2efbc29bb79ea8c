package io.securegateway.server.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tools of an MCP server, called over REST and over MCP: one policy, one record. */
final class McpChapter {
  private final AgentClient client;
  private final String gateway;
  private final DemoKeys keys;
  private final Narrator tell;
  private final String run;

  McpChapter(AgentClient client, String gateway, DemoKeys keys, Narrator tell, String run) {
    this.client = client;
    this.gateway = gateway;
    this.keys = keys;
    this.tell = tell;
    this.run = run;
  }

  void play() throws IOException, InterruptedException {
    overRest();
    overMcp();
  }

  private void overRest() throws IOException, InterruptedException {
    tell.title(
        "Tools of an MCP server, a child process of the gateway: the same rules and schemas");
    awaitNotes();
    note("notes.add", text("Stand-up moves to ten"), 200, "allowed");
    note("notes.add", AgentClient.JSON.createObjectNode().put("txt", "a slip"), 422, "invalid");
  }

  private void note(String tool, ObjectNode input, int status, String word)
      throws IOException, InterruptedException {
    String session = "notes-" + run;
    tell.shown(client.call("calendar", keys.calendar(), session, tool, input), tool, status, word);
  }

  private void overMcp() throws IOException, InterruptedException {
    tell.title("... and over MCP at /mcp: HTTP tools and MCP tools in one list");
    McpAgent agent = new McpAgent(gateway, "calendar", keys.calendar());
    List<String> names = new ArrayList<>();
    for (JsonNode tool :
        agent.ask("tools/list", AgentClient.JSON.createObjectNode()).path("result").path("tools")) {
      names.add(tool.path("name").asString(""));
    }
    tell.line("tools/list: " + String.join(", ", names));
    tell.expect(names.contains("notes.search"), "the list lacks notes.search");
    JsonNode found = agent.call("notes.search", text("stand-up"));
    tell.line("notes.search → " + found.path("result").path("structuredContent"));
    tell.expect(found.toString().contains("moves to ten"), "notes.search said " + found);
    ObjectNode event = AgentClient.JSON.createObjectNode();
    event.put("title", "Stand-up").put("start", "2026-11-23T10:00:00Z").put("minutes", 15);
    JsonNode denied = agent.call("calendar.create_event", event).path("result");
    tell.line(
        "calendar.create_event → " + denied.path("content").path(0).path("text").asString(""));
    tell.expect(denied.path("isError").asBoolean(false), "the event was created: " + denied);
    JsonNode hidden = agent.call("calendar.delete_event", AgentClient.JSON.createObjectNode());
    tell.line("calendar.delete_event, which no key may use → " + hidden.path("error"));
    tell.expect(hidden.has("error"), "a hidden tool answered " + hidden);
  }

  private static ObjectNode text(String text) {
    return AgentClient.JSON.createObjectNode().put("text", text);
  }

  /** The server's process may take a moment to start. */
  private void awaitNotes() throws IOException, InterruptedException {
    long end = System.currentTimeMillis() + 30_000;
    while (System.currentTimeMillis() < end) {
      for (JsonNode tool :
          client
              .admin("GET", "/api/tools?project=calendar", keys.admin(), null)
              .body()
              .path("items")) {
        if (tool.path("tool").asString("").equals("notes.add")) {
          return;
        }
      }
      Thread.sleep(50);
    }
    throw new Narrator.Unexpected("the notes server listed no tools within 30 s");
  }
}
