package io.securegateway.server.plugin;

import io.securegateway.api.Reason;
import io.securegateway.core.json.Excerpt;
import io.securegateway.core.json.StrictJson;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One worker process with one plugin in it. Speaks frames of four length bytes and JSON over its
 * standard input and output. Used by one thread; what takes too long is killed.
 */
final class Worker implements AutoCloseable {
  private static final int ROOM_FOR_CONTEXT = 256 * 1024;
  private static final long MARK_MILLIS = 50;
  private static final long LAST_WORDS_MILLIS = 200;
  private static final int LAST_WORDS = 500;
  private static final List<String> READABLE =
      List.of(
          "/usr/lib",
          "/usr/lib64",
          "/lib",
          "/lib64",
          "/usr/local/lib",
          "/usr/share/zoneinfo",
          "/etc/localtime",
          "/etc/ld.so.cache",
          "/dev/null",
          "/dev/urandom");

  private final Process process;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final Program program;
  private final Workshop workshop;
  private final Spill spill;
  private long calls;

  private Worker(Process process, Program program, Workshop workshop) {
    this.process = process;
    this.in = new DataInputStream(process.getInputStream());
    this.out = new DataOutputStream(process.getOutputStream());
    this.program = program;
    this.workshop = workshop;
    this.spill = new Spill(program.limits().output());
    Thread.ofPlatform()
        .daemon()
        .name("plugin-spill-" + program.name())
        .start(() -> spill.drain(process.getErrorStream()));
  }

  /** A worker that has loaded its plugin. */
  record Loaded(Worker worker, List<String> hooks, String sandbox, String output) {}

  /**
   * What to load.
   *
   * @param script of the worker
   * @param folder that the plugin may read, if there is one
   */
  record Program(
      PluginSettings settings,
      PluginSettings.Limits limits,
      Path script,
      Path folder,
      String name,
      String source) {}

  /** Starts a process and loads the plugin. */
  static Loaded start(Program program, Workshop workshop) throws WorkerLost {
    List<String> command = new ArrayList<>(program.settings().python());
    command.addAll(List.of("-I", "-B", program.script().toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    String path = builder.environment().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().put("HOME", "/nonexistent");
    builder.environment().put("LANG", "C.UTF-8");
    Process process;
    try {
      process = workshop.start(builder);
    } catch (IOException e) {
      throw new WorkerLost(
          Reason.PLUGIN_UNAVAILABLE, "the interpreter cannot be started: " + e.getMessage());
    }
    Worker worker = new Worker(process, program, workshop);
    try {
      JsonNode answer =
          switch (worker.exchange(worker.greeting(), program.limits().load())) {
            case Told.Answered(JsonNode told, String spilled) -> told;
            case Told.Unusable(String why) -> throw new WorkerLost(Reason.PLUGIN_ERROR, why);
          };
      if (answer.path("error").isString()) {
        throw new WorkerLost(Reason.PLUGIN_ERROR, answer.path("error").stringValue());
      }
      List<String> hooks = new ArrayList<>();
      answer.path("hooks").forEach(hook -> hooks.add(hook.asString("")));
      return new Loaded(
          worker,
          List.copyOf(hooks),
          answer.path("sandbox").asString("off"),
          answer.path("output").asString(""));
    } catch (WorkerLost e) {
      worker.close();
      throw e;
    }
  }

  private ObjectNode greeting() {
    ObjectNode greeting = JsonNodeFactory.instance.objectNode();
    greeting.put("name", program.name()).put("source", program.source());
    greeting.put("sandbox", program.settings().sandboxed());
    greeting.put("memory", program.limits().memory()).put("frame", program.limits().frame());
    greeting.put("output", program.limits().output());
    var reads = greeting.putArray("reads");
    READABLE.forEach(reads::add);
    reads.add(program.folder().toString());
    return greeting;
  }

  /** Whether the process is there. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** One call and its answer, within the call's time. */
  Told call(JsonNode call) throws WorkerLost {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("id", ++calls).set("call", call);
    return exchange(message, program.limits().call());
  }

  /** Whether threads or processes of the plugin go on; only without a sandbox can there be any. */
  boolean hasLeftovers() {
    return !program.settings().sandboxed() && Leftovers.of(process.pid());
  }

  private Told exchange(JsonNode message, Duration time) throws WorkerLost {
    byte[] bytes = StrictJson.write(message);
    int most = program.limits().frame();
    if (bytes.length > most + ROOM_FOR_CONTEXT) {
      return new Told.Unusable("the call is larger than the plugin's frame of " + most + " bytes");
    }
    spill.begin(calls);
    Deadline deadline = new Deadline(workshop, process, time);
    try {
      out.writeInt(bytes.length);
      out.write(bytes);
      out.flush();
      int length = in.readInt();
      if (length < 0 || length > most) {
        throw new WorkerLost(Reason.PLUGIN_ERROR, "it answered more than " + most + " bytes");
      }
      byte[] answer = in.readNBytes(length);
      if (answer.length < length || !deadline.answered()) {
        throw new IOException("it ended in the middle of an answer");
      }
      return told(answer);
    } catch (IOException e) {
      throw deadline.isLate()
          ? new WorkerLost(
              Reason.PLUGIN_TIMEOUT, "it did not answer within " + time.toMillis() + " ms")
          : new WorkerLost(Reason.PLUGIN_ERROR, "its process ended" + ending());
    } finally {
      deadline.answered();
    }
  }

  private Told told(byte[] answer) throws WorkerLost {
    return switch (StrictJson.parse(answer)) {
      case StrictJson.Parsed(JsonNode told) -> {
        if (told.path("id").asLong(-1) != calls) {
          throw new WorkerLost(Reason.PLUGIN_ERROR, "it answered out of turn");
        }
        yield new Told.Answered(told, spill.ofCall(MARK_MILLIS));
      }
      case StrictJson.Refused refused ->
          new Told.Unusable("it answered no proper JSON: " + refused.message());
    };
  }

  /** How the process ended, as far as it shows. */
  private String ending() {
    String words = Excerpt.of(spill.last(LAST_WORDS_MILLIS).strip(), LAST_WORDS);
    String said = words.isEmpty() ? "" : "; it wrote: " + words;
    try {
      if (!process.waitFor(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS)) {
        return said;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return said;
    }
    int status = process.exitValue();
    return (status > 128 ? " by signal " + (status - 128) : " with status " + status) + said;
  }

  /** Ends the process, and what it started if it could. */
  @Override
  public void close() {
    if (!program.settings().sandboxed()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    }
    process.destroyForcibly();
  }
}
