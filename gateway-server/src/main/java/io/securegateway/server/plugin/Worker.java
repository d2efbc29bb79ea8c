package io.securegateway.server.plugin;

import io.securegateway.api.Reason;
import io.securegateway.core.json.StrictJson;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One worker process with one plugin in it. Speaks frames of four length bytes and JSON over its
 * standard input and output. Used by one thread; what takes too long is killed by the watchdog.
 */
final class Worker implements AutoCloseable {
  private static final Duration HARDLY_RAN = Duration.ofMillis(50);
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
  private final PluginSettings.Limits limits;
  private final ScheduledExecutorService watchdog;

  private Worker(Process process, PluginSettings.Limits limits, ScheduledExecutorService watchdog) {
    this.process = process;
    this.in = new DataInputStream(process.getInputStream());
    this.out = new DataOutputStream(process.getOutputStream());
    this.limits = limits;
    this.watchdog = watchdog;
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
  static Loaded start(Program program, ScheduledExecutorService watchdog) throws WorkerLost {
    List<String> command = new ArrayList<>(program.settings().python());
    command.addAll(List.of("-I", "-B", program.script().toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    String path = builder.environment().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    String home = builder.environment().getOrDefault("HOME", "/");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().put("HOME", home);
    builder.environment().put("LANG", "C.UTF-8");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new WorkerLost(
          Reason.PLUGIN_UNAVAILABLE, "the interpreter cannot be started: " + e.getMessage());
    }
    Thread.ofVirtual().name("plugin-stderr").start(() -> drain(process.getErrorStream()));
    Worker worker = new Worker(process, program.limits(), watchdog);
    try {
      JsonNode answer = worker.exchange(worker.greeting(program), program.limits().load());
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

  private ObjectNode greeting(Program program) {
    ObjectNode greeting = JsonNodeFactory.instance.objectNode();
    greeting.put("name", program.name()).put("source", program.source());
    greeting.put("sandbox", program.settings().sandboxed());
    greeting.put("memory", limits.memory()).put("frame", limits.frame());
    greeting.put("output", limits.output());
    var reads = greeting.putArray("reads");
    READABLE.forEach(reads::add);
    reads.add(program.folder().toString());
    return greeting;
  }

  /** What the plugin writes past the interpreter is read and dropped, so that it never blocks. */
  private static void drain(InputStream stream) {
    byte[] buffer = new byte[8_192];
    try (stream) {
      while (stream.read(buffer) >= 0) {
        // dropped
      }
    } catch (IOException e) {
      return;
    }
  }

  /** Whether the process is there. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** One call and its answer, within the call's time. */
  JsonNode call(JsonNode call) throws WorkerLost {
    return exchange(call, limits.call());
  }

  private JsonNode exchange(JsonNode message, Duration time) throws WorkerLost {
    byte[] bytes = StrictJson.write(message);
    if (bytes.length > limits.frame() + 64 * 1024) {
      throw new WorkerLost(
          Reason.PLUGIN_ERROR,
          "the call is larger than the plugin's frame of " + limits.frame() + " bytes");
    }
    AtomicBoolean late = new AtomicBoolean();
    AtomicReference<ScheduledFuture<?>> watch = new AtomicReference<>();
    watch(watch, time, late, cpu(), true);
    try {
      out.writeInt(bytes.length);
      out.write(bytes);
      out.flush();
      int length = in.readInt();
      if (length < 0 || length > limits.frame()) {
        throw new WorkerLost(
            Reason.PLUGIN_ERROR, "it answered more than " + limits.frame() + " bytes");
      }
      byte[] answer = in.readNBytes(length);
      if (answer.length < length) {
        throw new IOException("it ended in the middle of an answer");
      }
      return switch (StrictJson.parse(answer)) {
        case StrictJson.Parsed parsed -> parsed.tree();
        case StrictJson.Refused refused ->
            throw new WorkerLost(
                Reason.PLUGIN_ERROR, "it answered no proper JSON: " + refused.message());
      };
    } catch (IOException e) {
      throw late.get()
          ? new WorkerLost(
              Reason.PLUGIN_TIMEOUT, "it did not answer within " + time.toMillis() + " ms")
          : new WorkerLost(Reason.PLUGIN_ERROR, "its process ended");
    } finally {
      watch.get().cancel(false);
    }
  }

  /** Kills what is late; what hardly got the processor on a busy machine has one more turn. */
  private void watch(
      AtomicReference<ScheduledFuture<?>> watch,
      Duration time,
      AtomicBoolean late,
      Duration before,
      boolean grace) {
    watch.set(
        watchdog.schedule(
            () -> {
              boolean starved = cpu().minus(before).compareTo(HARDLY_RAN) < 0 && isBusyMachine();
              if (grace && starved) {
                watch(watch, time, late, before, false);
              } else if (process.isAlive()) {
                late.set(true);
                process.destroyForcibly();
              }
            },
            time.toMillis(),
            TimeUnit.MILLISECONDS));
  }

  private Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static boolean isBusyMachine() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return system.getSystemLoadAverage() > system.getAvailableProcessors();
  }

  /** Ends the process. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
