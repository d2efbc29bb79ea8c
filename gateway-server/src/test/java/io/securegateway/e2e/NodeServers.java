package io.securegateway.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Real MCP servers on Node. Without Node, or without the network, tests say so and are skipped. */
final class NodeServers {
  private static final long INSTALL_SECONDS = 240;

  private NodeServers() {}

  /** Where the fixture stands, with its packages installed. */
  static Path folder() throws IOException {
    return installed("tests/mcp-fixture", "server");
  }

  /** Where the clients stand, with their packages installed. */
  static Path clients() throws IOException {
    return installed("tests/mcp-client", "client");
  }

  private static synchronized Path installed(String name, String needed) throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(name))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IOException(name + " is not above the working directory");
      }
    }
    Path found = folder.resolve(name);
    if (!Files.isDirectory(found.resolve("node_modules/@modelcontextprotocol/" + needed))) {
      skipUnless(run(found, "npm", "ci", "--no-audit", "--no-fund"), "npm ci in " + name);
    }
    skipUnless(run(found, "node", "--version"), "node");
    return found;
  }

  private static void skipUnless(boolean worked, String what) {
    if (!worked) {
      System.out.println(
          "skipped: MCP servers on Node need " + what + " to work (Node 20 or newer)");
    }
    Assumptions.assumeTrue(worked, what + " does not work here");
  }

  private static boolean run(Path folder, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The main file of a published server. */
  static String script(String server) throws IOException {
    return folder()
        .resolve("node_modules/@modelcontextprotocol/" + server + "/dist/index.js")
        .toString();
  }

  /** The fixture over HTTP on a free port. */
  static Http fixture(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("node", folder().resolve("server.js").toString(), "http");
    builder.command().addAll(List.of(arguments));
    return Http.start(builder, "port ", Map.of("PORT", "0"), 0);
  }

  /** The published server of everything, over HTTP with sessions. */
  static Http everything(int port) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("node", script("server-everything"), "streamableHttp");
    return Http.start(builder, "listening on port", Map.of("PORT", String.valueOf(port)), port);
  }

  /** A server that listens. */
  record Http(Process process, String url) implements AutoCloseable {
    static Http start(
        ProcessBuilder builder, String ready, Map<String, String> environment, int port)
        throws IOException {
      builder.environment().putAll(environment);
      Process process = builder.redirectErrorStream(true).start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.contains(ready)) {
          int at = port != 0 ? port : Integer.parseInt(line.substring(ready.length()).strip());
          Thread.startVirtualThread(() -> out.lines().forEach(rest -> {}));
          return new Http(process, "http://127.0.0.1:" + at + "/mcp");
        }
      }
      process.destroyForcibly();
      throw new IOException("the server ended before it was ready");
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
