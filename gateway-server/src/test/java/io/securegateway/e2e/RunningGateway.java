package io.securegateway.e2e;

import io.securegateway.server.Gateway;
import io.securegateway.server.Launch;
import io.securegateway.server.journal.JournalVerify;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A gateway in this process on a free port, with a client in front and a tool server behind. */
final class RunningGateway implements AutoCloseable {
  private final ToolServer tools;
  private final ConfigFolder config;
  private final Path data;
  private Gateway gateway;
  private Client client;

  private RunningGateway(ToolServer tools, ConfigFolder config, Path data) throws IOException {
    this.tools = tools;
    this.config = config;
    this.data = data;
    this.gateway = start(tools, config, data);
    this.client = new Client(gateway.url());
  }

  /** With that configuration; its data and a fresh tool server are its own. */
  static RunningGateway start(ConfigFolder config, Path data) throws IOException {
    Files.createDirectories(data);
    return new RunningGateway(ToolServer.start(), config, data);
  }

  private static Gateway start(ToolServer tools, ConfigFolder config, Path data)
      throws IOException {
    Map<String, String> environment =
        Map.of("ADMIN_KEY", Client.ADMIN_KEY, "TOOL_SERVER_URL", tools.url());
    return Gateway.start(Launch.of(config.directory(), data, null, 0, environment));
  }

  /** Stops it and starts another one on the same data. */
  void restart() throws IOException {
    stop();
    gateway = start(tools, config, data);
    client = new Client(gateway.url());
  }

  /** Stops the gateway; the tool server and the data stay. */
  void stop() {
    client.close();
    gateway.close();
  }

  Client client() {
    return client;
  }

  ToolServer tools() {
    return tools;
  }

  ConfigFolder config() {
    return config;
  }

  Path data() {
    return data;
  }

  Path journal() {
    return data.resolve("journal");
  }

  String url() {
    return gateway.url();
  }

  int port() {
    return URI.create(gateway.url()).getPort();
  }

  /** What {@code audit verify} would say. */
  JournalVerify.Report verify() throws IOException {
    return JournalVerify.verify(journal(), Optional.empty());
  }

  @Override
  public void close() {
    stop();
    tools.close();
  }
}
