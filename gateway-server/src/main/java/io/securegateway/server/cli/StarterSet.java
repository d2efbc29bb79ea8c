package io.securegateway.server.cli;

import io.securegateway.core.policy.SourceKind;
import io.securegateway.server.config.ConfigReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The commented configuration that {@code serve} writes into a folder that has none: it denies
 * everything.
 */
final class StarterSet {
  private static final String[] FILES = {
    "gateway.yaml",
    "policies/default.yaml",
    "contextual_policies/default.yaml",
    "model_keys/default.yaml",
    ".gitignore"
  };

  private StarterSet() {}

  /** Whether the folder has no configuration at all. */
  static boolean isEmpty(Path directory) {
    if (Files.exists(directory.resolve(ConfigReader.FILE))) {
      return false;
    }
    for (SourceKind kind : SourceKind.values()) {
      if (Files.exists(directory.resolve(kind.word()))) {
        return false;
      }
    }
    return true;
  }

  static void write(Path directory) throws IOException {
    for (String name : FILES) {
      Path file = directory.resolve(name);
      if (Files.exists(file)) {
        continue;
      }
      Files.createDirectories(file.toAbsolutePath().getParent());
      String resource = "/starter/" + name.replace(".gitignore", "gitignore");
      try (InputStream in = StarterSet.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IOException("the jar lacks " + resource);
        }
        Files.copy(in, file);
      }
    }
  }

  static String nextSteps(Path directory) {
    return """
        No configuration in %s: a commented starter set was written there. It denies every call. Next:
          1. name your tool server in gateway.yaml (or set TOOL_SERVER_URL)
          2. allow something in policies/default.yaml
          3. ./securegateway keys new --config %s --project default --model my-agent --tools 'search.*'
        Changes take effect while the gateway runs.
        """
        .formatted(directory, directory);
  }
}
