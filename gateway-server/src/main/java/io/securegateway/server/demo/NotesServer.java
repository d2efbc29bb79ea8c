package io.securegateway.server.demo;

import io.securegateway.server.mcp.Message;
import io.securegateway.server.mcp.MessageReader;
import io.securegateway.server.mcp.Method;
import io.securegateway.server.mcp.Revision;
import io.securegateway.server.mcp.RpcCode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The demo's MCP server: a notebook with two tools, over standard input and output, one JSON
 * message a line (MCP 2025-11-25, "stdio"). The gateway starts it as a child process.
 */
public final class NotesServer {
  private static final JsonMapper JSON = new JsonMapper();

  private final List<String> notes = new ArrayList<>();

  private NotesServer() {}

  /** Serves until the input ends. */
  public static void main(String[] arguments) throws IOException {
    NotesServer server = new NotesServer();
    try (PrintStream out =
            new PrintStream(
                new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        server.answer(line).ifPresent(answer -> out.println(JSON.writeValueAsString(answer)));
      }
    }
  }

  private Optional<ObjectNode> answer(String line) {
    return switch (MessageReader.read(line.getBytes(StandardCharsets.UTF_8))) {
      case MessageReader.Refused refused ->
          Optional.of(Message.Failure.of(refused.id(), refused.code(), refused.reason()).tree());
      case MessageReader.Taken(Message.Request request) -> Optional.of(asked(request).tree());
      case MessageReader.Taken taken -> Optional.empty();
    };
  }

  private Message asked(Message.Request request) {
    Method method = Method.of(request.method()).orElse(null);
    ObjectNode result =
        switch (method) {
          case INITIALIZE -> greeting();
          case PING -> JSON.createObjectNode();
          case TOOLS_LIST -> tools();
          case TOOLS_CALL -> call(request);
          case null, default -> null;
        };
    if (result != null) {
      return Message.Result.of(request.id(), result);
    }
    return method == Method.TOOLS_CALL
        ? Message.Failure.of(request.id(), RpcCode.INVALID_PARAMS, "There is no such tool.")
        : Message.Failure.of(
            request.id(), RpcCode.METHOD_NOT_FOUND, "This server has no such method.");
  }

  private static ObjectNode greeting() {
    ObjectNode result = JSON.createObjectNode();
    result.put("protocolVersion", Revision.NEWEST_SESSION.text());
    result.putObject("capabilities").putObject("tools");
    result.putObject("serverInfo").put("name", "notes").put("version", "1");
    return result;
  }

  private static ObjectNode tools() {
    ObjectNode result = JSON.createObjectNode();
    ArrayNode tools = result.putArray("tools");
    tool(tools, "add", "Writes a note.");
    tool(tools, "search", "Finds the notes that hold a text.");
    return result;
  }

  private static void tool(ArrayNode tools, String name, String description) {
    ObjectNode tool = tools.addObject().put("name", name).put("description", description);
    ObjectNode schema = tool.putObject("inputSchema").put("type", "object");
    schema.putObject("properties").putObject("text").put("type", "string").put("maxLength", 1_000);
    schema.putArray("required").add("text");
    schema.put("additionalProperties", false);
  }

  private @Nullable ObjectNode call(Message.Request request) {
    String text = request.params().path("arguments").path("text").asString("");
    ObjectNode told = JsonNodeFactory.instance.objectNode();
    switch (request.params().path("name").asString("")) {
      case "add" -> {
        notes.add(text);
        told.put("notes", notes.size());
      }
      case "search" -> {
        ArrayNode found = told.putArray("found");
        String wanted = text.toLowerCase(Locale.ROOT);
        notes.stream()
            .filter(note -> note.toLowerCase(Locale.ROOT).contains(wanted))
            .forEach(found::add);
      }
      default -> {
        return null;
      }
    }
    ObjectNode result = JSON.createObjectNode();
    result.putArray("content").addObject().put("type", "text").put("text", told.toString());
    result.set("structuredContent", told);
    return result;
  }
}
