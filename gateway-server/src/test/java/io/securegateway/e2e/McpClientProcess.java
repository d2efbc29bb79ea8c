package io.securegateway.e2e;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A client on the public SDK, in a process of its own. Thread-safe. */
final class McpClientProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final Process process;
  private final BufferedWriter in;
  private final JsonNode connected;
  private final Map<Integer, BlockingQueue<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<JsonNode> told = new CopyOnWriteArrayList<>();
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final List<JsonNode> progress = new CopyOnWriteArrayList<>();
  private int last;

  private McpClientProcess(Process process, BufferedReader out, JsonNode connected) {
    this.process = process;
    this.connected = connected;
    this.in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    Thread.startVirtualThread(() -> read(out));
  }

  /** {@code generation}: v1, v2 or v2-stateless. */
  static McpClientProcess connect(
      String generation, String url, String project, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "node",
            NodeServers.clients().resolve("client.js").toString(),
            generation,
            url,
            ConfigFolder.key(project, "m1"),
            project);
    builder.environment().putAll(environment);
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null) {
      JsonNode first = Reply.JSON.readTree(line);
      if (first.has("connected")) {
        return new McpClientProcess(process, out, first.path("connected"));
      }
      if (first.has("failed")) {
        break;
      }
      line = out.readLine();
    }
    process.destroyForcibly();
    throw new IOException("the client did not connect: " + line);
  }

  private void read(BufferedReader out) {
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        line(line);
      }
    } catch (IOException ended) {
      // the process was closed
    }
  }

  private void line(String line) {
    JsonNode node = Reply.JSON.readTree(line);
    if (node.has("id")) {
      queue(node.path("id").intValue()).add(node);
    } else if (node.has("told")) {
      told.add(node.path("told"));
    } else if (node.has("asked")) {
      asked.add(node.path("asked"));
    } else if (node.has("progress")) {
      progress.add(node.path("progress"));
    }
  }

  private BlockingQueue<JsonNode> queue(int id) {
    return answers.computeIfAbsent(id, fresh -> new LinkedBlockingQueue<>());
  }

  /** What the server said of itself. */
  JsonNode connected() {
    return connected;
  }

  List<JsonNode> told() {
    return told;
  }

  List<JsonNode> asked() {
    return asked;
  }

  List<JsonNode> progress() {
    return progress;
  }

  /** Runs a method of the client and waits: {@code ok} or {@code error} is in the answer. */
  JsonNode run(String method, @Nullable String with) throws IOException {
    return await(begin(method, with, -1));
  }

  /** Calls a tool. */
  JsonNode call(String tool, String arguments) throws IOException {
    return run("callTool", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
  }

  /** Begins a method; cancels it after some milliseconds unless that is negative. */
  synchronized int begin(String method, @Nullable String with, int cancelAfter) throws IOException {
    int id = ++last;
    ObjectNode command = JsonNodeFactory.instance.objectNode().put("id", id).put("do", method);
    if (with != null) {
      command.set("with", Reply.JSON.readTree(with));
    }
    if (cancelAfter >= 0) {
      command.put("cancelAfter", cancelAfter);
    }
    in.write(command.toString());
    in.newLine();
    in.flush();
    return id;
  }

  JsonNode await(int id) throws IOException {
    try {
      JsonNode answer = queue(id).poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null) {
        throw new IOException("the client did not answer");
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
