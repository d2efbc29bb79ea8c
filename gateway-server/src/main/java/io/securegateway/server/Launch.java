package io.securegateway.server;

import io.securegateway.core.policy.Finding;
import io.securegateway.server.config.ConfigReader;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.project.ConfigFile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * With what the gateway starts: directories, address and configuration, checked.
 *
 * @param directory the configuration directory
 * @param data the data directory
 * @param adminKey {@code ADMIN_KEY}; null if it is not set
 */
public record Launch(
    Path directory,
    Path data,
    String host,
    int port,
    GatewayConfig config,
    @Nullable String adminKey,
    Map<String, String> environment) {

  /** Shortest admin key that is accepted, in characters. */
  public static final int MIN_ADMIN_KEY = 16;

  /**
   * Puts it together: command line before environment before {@code gateway.yaml}.
   *
   * @throws IllegalArgumentException with what is wrong and the mend
   */
  public static Launch of(
      Path directory,
      Path data,
      @Nullable String host,
      @Nullable Integer port,
      Map<String, String> environment) {
    GatewayConfig config = config(directory, environment);
    GatewayConfig.Server server = config.server();
    String assigned =
        environment.getOrDefault("PORT", "").isBlank() ? null : environment.get("PORT");
    String address = host != null ? host : assigned != null ? "0.0.0.0" : server.host();
    int chosen = port != null ? port : assigned != null ? port(assigned) : server.port();
    if (chosen < 0 || chosen > 65_535) {
      throw new IllegalArgumentException("the port must be from 0 to 65535, not " + chosen);
    }
    String adminKey = environment.get("ADMIN_KEY");
    if (adminKey != null && adminKey.length() < MIN_ADMIN_KEY) {
      throw new IllegalArgumentException(
          "ADMIN_KEY is shorter than " + MIN_ADMIN_KEY + " characters; choose a long random one");
    }
    Launch launch =
        new Launch(directory, data, address, chosen, config, adminKey, Map.copyOf(environment));
    if (!launch.isLoopback() && adminKey == null && config.admins().isEmpty()) {
      throw new IllegalArgumentException(
          "listening on "
              + address
              + " needs an admin key: set ADMIN_KEY, or list admins in gateway.yaml");
    }
    return launch;
  }

  /**
   * The configuration of a directory.
   *
   * @throws IllegalArgumentException if it has errors, with all of them
   */
  public static GatewayConfig config(Path directory, Map<String, String> environment) {
    ConfigReader.Read read = ConfigFile.read(directory, environment);
    if (!read.isUsable()) {
      throw new IllegalArgumentException(
          "the configuration has errors:\n"
              + read.findings().stream()
                  .filter(Finding::isError)
                  .map(f -> "  " + f)
                  .collect(Collectors.joining("\n")));
    }
    return read.config();
  }

  private static int port(String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("PORT must be a number, not \"" + text + "\"", e);
    }
  }

  /** Whether only this machine is served. */
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
