package io.securegateway.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The gateway as its own process, which can be killed like any other. */
final class GatewayProcess implements AutoCloseable {
  private static final String MAIN = "io.securegateway.server.cli.Main";
  private static final long START_SECONDS = 60;

  private final Process process;
  private final String url;

  private GatewayProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts {@code serve} on a free port and returns when it takes traffic. */
  static GatewayProcess start(ConfigFolder config, Path data, ToolServer tools) throws IOException {
    Path errors = Files.createTempFile("gateway-", ".log");
    Process process = launch(config, data, tools.url(), errors);
    CompletableFuture<String> address = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> listen(process, address));
    try {
      String url = address.get(START_SECONDS, TimeUnit.SECONDS);
      Files.deleteIfExists(errors);
      return new GatewayProcess(process, url);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IOException("the gateway did not start: " + Files.readString(errors), e);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Runs {@code serve} where it must not start, and gives its exit code. */
  static int exitCode(ConfigFolder config, Path data, String toolServer) throws Exception {
    Path errors = Files.createTempFile("gateway-", ".log");
    Process process = launch(config, data, toolServer, errors);
    try (var out = process.getInputStream()) {
      out.readAllBytes();
    }
    boolean ended = process.waitFor(START_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    Files.deleteIfExists(errors);
    if (!ended) {
      throw new AssertionError("the gateway started and stayed up");
    }
    return process.exitValue();
  }

  private static Process launch(ConfigFolder config, Path data, String toolServer, Path errors)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                "serve",
                "--config",
                config.directory().toString(),
                "--data",
                data.toString(),
                "--port",
                "0"));
    builder.environment().remove("PORT");
    builder.environment().put("ADMIN_KEY", Client.ADMIN_KEY);
    builder.environment().put("TOOL_SERVER_URL", toolServer);
    return builder.redirectError(errors.toFile()).start();
  }

  private static void listen(Process process, CompletableFuture<String> address) {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        int at = line.indexOf(" listens on ");
        if (at >= 0) {
          address.complete(line.substring(at + " listens on ".length()).strip());
        }
      }
      address.completeExceptionally(new IOException("it ended without listening"));
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
  }

  String url() {
    return url;
  }

  /** Kills it without a warning, as the kernel or a power cut would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to stop, as a service manager does, and gives its exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
