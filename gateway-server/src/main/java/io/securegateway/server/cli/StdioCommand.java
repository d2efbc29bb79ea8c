package io.securegateway.server.cli;

import io.securegateway.server.stdio.Endpoint;
import io.securegateway.server.stdio.StdioFront;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code stdio}: an MCP server for desktop clients, in front of a running gateway. */
@Command(
    name = "stdio",
    description =
        "An MCP server on standard input and output, for desktop clients, in front of a running gateway.",
    mixinStandardHelpOptions = true)
final class StdioCommand implements Callable<Integer> {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "the gateway's address (default: http://127.0.0.1:8080)")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "the model key; better in SECUREGATEWAY_KEY, where no list of processes shows it")
  private @Nullable String key;

  @Option(
      names = "--project",
      paramLabel = "PROJECT",
      description = "the project (default: default)")
  private @Nullable String project;

  @Override
  public Integer call() throws Exception {
    String scheme = url.getScheme();
    if (url.getHost() == null || scheme == null || !Set.of("http", "https").contains(scheme)) {
      throw new IllegalArgumentException(
          "--url must be http(s)://HOST[:PORT], not " + Console.harmless(url.toString()));
    }
    String presented = key != null ? key : System.getenv("SECUREGATEWAY_KEY");
    if (presented == null || presented.isBlank()) {
      throw new IllegalArgumentException("give a model key in SECUREGATEWAY_KEY, or with --key");
    }
    if (!presented.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException("the key holds characters that no key has");
    }
    if (scheme.equals("http") && !LOOPBACK.contains(url.getHost())) {
      System.err.println(
          "securegateway: the key crosses the network unencrypted; use https for " + url.getHost());
    }
    new StdioFront(Endpoint.of(url, presented, project), System.in, System.out).run();
    return 0;
  }
}
