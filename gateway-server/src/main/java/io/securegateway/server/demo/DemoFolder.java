package io.securegateway.server.demo;

import io.securegateway.server.identity.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The demo's configuration directory: a copy of {@code examples/} plus the key files that hold the
 * demo's hashes.
 */
final class DemoFolder {
  private DemoFolder() {}

  /** Whether plugins can run here: without Python they would refuse every call. */
  static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Copies, without plugins if they cannot run, and writes the key files. Returns the configuration
   * directory.
   */
  static Path prepare(Path examples, Path work, DemoKeys keys, boolean plugins) throws IOException {
    Path config = work.resolve("config");
    try (Stream<Path> files = Files.walk(examples)) {
      for (Path from : files.toList()) {
        Path name = examples.relativize(from);
        Path to = config.resolve(name.toString());
        if (!plugins && name.startsWith("plugins")) {
          Files.deleteIfExists(to);
        } else if (Files.isDirectory(from)) {
          Files.createDirectories(to);
        } else {
          Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    Path modelKeys = Files.createDirectories(config.resolve("model_keys"));
    Files.writeString(
        modelKeys.resolve("bank.yaml"),
        keyFile("gpt-4o", keys.bank(), List.of("bank.*", "email.send", "web.get")));
    Files.writeString(
        modelKeys.resolve("calendar.yaml"),
        keyFile("gpt-4o", keys.calendar(), List.of("calendar.*", "notes.*")));
    Files.writeString(
        modelKeys.resolve("default.yaml"), keyFile("guest", keys.guest(), List.of("web.get")));
    return config;
  }

  private static String keyFile(String model, String key, List<String> tools) {
    StringBuilder list = new StringBuilder();
    tools.forEach(
        tool -> list.append(list.isEmpty() ? "" : ", ").append('"').append(tool).append('"'));
    return """
        version: 1
        models:
          %s:
            keys:
              - { id: demo, sha256: "%s" }
            tools: [%s]
        """
        .formatted(model, Keys.hash(key), list);
  }
}
