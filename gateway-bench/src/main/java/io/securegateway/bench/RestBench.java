package io.securegateway.bench;

import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A whole call over REST beside two proxies that judge nothing, all alive at once in front of one
 * upstream; CPU of each process over interleaved slots of the same load. What counts is the ratio.
 */
final class RestBench {
  static final String TOOL = "search.find";
  static final String TOOL_PATH = "/tools/" + TOOL;
  static final String KEY = "sgk_only-for-the-benchmark-on-loopback";

  private static final int ROUNDS = 5;
  private static final int CONNECTIONS = 16;
  private static final int SLOT_MILLIS = 3_000;
  private static final int WARM_MILLIS = 8_000;
  private static final double TICKS_A_SECOND = 100;
  private static final int READY_TRIES = 600;

  private final Path directory;
  private final List<Process> started = new ArrayList<>();

  private RestBench(Path directory) {
    this.directory = directory;
  }

  /** Starts everything, measures, and ends what it started. */
  static void run(Path directory) throws Exception {
    RestBench bench = new RestBench(directory);
    try {
      bench.measure();
    } finally {
      for (Process process : bench.started.reversed()) {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      }
    }
  }

  /** A server under load. */
  private record Subject(Process process, int port) {}

  private void measure() throws IOException, InterruptedException {
    Map<String, Subject> subjects = start();
    for (Subject subject : subjects.values()) {
      cost(subject, WARM_MILLIS);
    }
    Map<String, List<Double>> costs = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (var subject : subjects.entrySet()) {
        costs
            .computeIfAbsent(subject.getKey(), name -> new ArrayList<>())
            .add(cost(subject.getValue(), SLOT_MILLIS));
      }
    }
    costs.forEach(
        (name, each) ->
            System.out.printf(
                "rest: %-8s %6.2f CPU s per 100,000 requests (median of %d slots)%n",
                name, median(each), each.size()));
    List<Double> gateway = costs.getOrDefault("gateway", List.of());
    costs.forEach(
        (name, each) -> {
          if (!name.equals("gateway")) {
            System.out.printf("rest: gateway/%-8s %.2f%n", name, median(ratios(gateway, each)));
          }
        });
  }

  private Map<String, Subject> start() throws IOException, InterruptedException {
    int upstream = freePort();
    int bare = freePort();
    int gateway = freePort();
    java("io.securegateway.bench.Main", "upstream", "" + upstream);
    awaitPort(upstream);
    Map<String, Subject> subjects = new TreeMap<>();
    subjects.put(
        "vertx",
        new Subject(java("io.securegateway.bench.Main", "proxy", "" + bare, "" + upstream), bare));
    subjects.put(
        "gateway",
        new Subject(
            java(
                "io.securegateway.server.cli.Main",
                "serve",
                "--config",
                configuration(upstream).toString(),
                "--port",
                "" + gateway),
            gateway));
    if (isInstalled("nginx")) {
      int nginx = freePort();
      subjects.put("nginx", new Subject(nginx(nginx, upstream), nginx));
    } else {
      System.out.println(
          "rest: nginx is not installed, so it is left out; install the package nginx to compare");
    }
    for (Subject subject : subjects.values()) {
      awaitPort(subject.port());
    }
    return subjects;
  }

  private Path configuration(int upstream) throws IOException {
    Path config = directory.resolve("config");
    Files.createDirectories(config.resolve("policies"));
    Files.createDirectories(config.resolve("model_keys"));
    Files.writeString(
        config.resolve("gateway.yaml"),
        """
        projects:
          default:
            upstreams:
              - { name: tools, type: http, url: "http://127.0.0.1:%d/tools", tools: [%s] }
        """
            .formatted(upstream, TOOL));
    Files.writeString(
        config.resolve("policies/default.yaml"),
        """
        version: 1
        rules:
          - { id: find, tools: ["search.*"], effect: allow, when: { args.limit: { le: 100 } } }
          - { id: risky, tools: ["shell.*"], effect: deny }
        """);
    Files.writeString(
        config.resolve("model_keys/default.yaml"),
        """
        version: 1
        models:
          m1:
            keys:
              - { id: bench, sha256: "%s" }
            tools: ["*"]
        """
            .formatted(Keys.hash(KEY)));
    return config;
  }

  private Process nginx(int port, int upstream) throws IOException {
    Path home = Files.createDirectories(directory.resolve("nginx"));
    Path conf = home.resolve("nginx.conf");
    Files.writeString(
        conf,
        """
        daemon off;
        master_process off;
        pid %1$s/pid;
        error_log %1$s/error.log;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          keepalive_requests 1000000000;
          upstream tools { server 127.0.0.1:%2$d; keepalive 64; keepalive_requests 1000000000; }
          server {
            listen 127.0.0.1:%3$d;
            location / {
              proxy_pass http://tools%4$s;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
            }
          }
        }
        """
            .formatted(home, upstream, port, TOOL_PATH));
    return process("nginx", List.of("nginx", "-p", home.toString(), "-c", conf.toString()));
  }

  /** CPU seconds for 100,000 requests, over a slot of load. */
  private double cost(Subject subject, int millis) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(javaCommand());
    command.addAll(
        List.of(
            "io.securegateway.bench.Main",
            "client",
            "" + subject.port(),
            "" + CONNECTIONS,
            "" + millis));
    double before = cpuSeconds(subject.process());
    Process client = new ProcessBuilder(command).redirectError(log("client")).start();
    String answered = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (client.waitFor() != 0) {
      throw new IOException(
          "the load failed: " + Files.readString(directory.resolve("client.log")));
    }
    return (cpuSeconds(subject.process()) - before) * 100_000 / Long.parseLong(answered.strip());
  }

  private static double cpuSeconds(Process process) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return (Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12))) / TICKS_A_SECOND;
  }

  private Process java(String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(javaCommand());
    command.add(main);
    command.addAll(List.of(arguments));
    return process(arguments[0], command);
  }

  private static List<String> javaCommand() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "-cp",
        System.getProperty("java.class.path"));
  }

  private Process process(String name, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log(name));
    builder.environment().keySet().removeAll(List.of("PORT", "TOOL_SERVER_URL", "ADMIN_KEY"));
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private ProcessBuilder.Redirect log(String name) {
    return ProcessBuilder.Redirect.to(directory.resolve(name + ".log").toFile());
  }

  private static boolean isInstalled(String program) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(program, "-v")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static void awaitPort(int port) throws IOException, InterruptedException {
    for (int tries = 0; ; tries++) {
      try (Socket ready = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (tries == READY_TRIES) {
          throw new IOException("nothing listens on port " + port + " after a minute", e);
        }
        Thread.sleep(100);
      }
    }
  }

  private static List<Double> ratios(List<Double> one, List<Double> other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < one.size(); i++) {
      ratios.add(one.get(i) / other.get(i));
    }
    return ratios;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
