package io.securegateway.server.project;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Finding.Severity;
import io.securegateway.core.policy.Position;
import io.securegateway.server.config.ConfigReader;
import io.securegateway.server.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code gateway.yaml} on disk. */
public final class ConfigFile {
  private ConfigFile() {}

  /** Reads it; a missing file means defaults. Blocks on I/O. */
  public static ConfigReader.Read read(Path directory, Map<String, String> environment) {
    Path file = directory.resolve(ConfigReader.FILE);
    try {
      return ConfigReader.read(Files.readString(file), environment);
    } catch (NoSuchFileException e) {
      return ConfigReader.read("", environment);
    } catch (IOException e) {
      Finding finding =
          new Finding(
              "file-unreadable",
              Severity.ERROR,
              new Position(ConfigReader.FILE, 1, 1),
              "The file cannot be read: " + e.getMessage() + ".",
              "Put a readable UTF-8 file in its place.");
      return new ConfigReader.Read(GatewayConfig.defaults(), List.of(finding));
    }
  }
}
