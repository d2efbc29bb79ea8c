package io.securegateway.server.cli;

import io.securegateway.server.AddressFile;
import io.securegateway.server.Gateway;
import io.securegateway.server.Launch;
import io.securegateway.server.Version;
import io.securegateway.server.journal.JournalInUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serve}: the gateway, until it is told to stop. */
@Command(
    name = "serve",
    description =
        "Run the gateway. PORT, ADMIN_KEY and TOOL_SERVER_URL in the environment are honoured.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "the configuration directory (default: here)")
  private Path config = Path.of(".");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the data directory (default: data in the configuration directory)")
  private @Nullable Path data;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "the port; 0 takes a free one (default: PORT, else gateway.yaml, else 8080)")
  private @Nullable Integer port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "the address to listen on (default: 127.0.0.1, or 0.0.0.0 with PORT)")
  private @Nullable String host;

  @Override
  public Integer call() throws Exception {
    if (port != null && (port < 0 || port > 65_535)) {
      throw new IllegalArgumentException("the port must be from 0 to 65535, not " + port);
    }
    Path directory = config.toAbsolutePath().normalize();
    Path store = data == null ? directory.resolve("data") : data.toAbsolutePath();
    Launch launch = Launch.of(directory, store, host, port, System.getenv());
    if (StarterSet.isEmpty(directory)) {
      StarterSet.write(directory);
      System.out.println(StarterSet.nextSteps(directory));
      launch = Launch.of(directory, store, host, port, System.getenv());
    }
    Gateway gateway = started(launch);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway, stopped), "stop"));
    System.out.println("SecureGateway " + Version.text() + " listens on " + gateway.url());
    gateway
        .freshAdminKey()
        .ifPresent(key -> System.out.println("Admin key, shown this once: " + key));
    stopped.await();
    return 0;
  }

  private static Gateway started(Launch launch) throws IOException {
    try {
      return Gateway.start(launch);
    } catch (JournalInUse e) {
      throw new IOException(
          e.getMessage()
              + AddressFile.read(launch.data(), e)
                  .map(url -> " (it listens on " + url + ")")
                  .orElse(""),
          e);
    }
  }

  private static void stop(Gateway gateway, CountDownLatch stopped) {
    gateway.close();
    stopped.countDown();
  }
}
