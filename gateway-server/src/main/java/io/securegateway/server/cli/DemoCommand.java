package io.securegateway.server.cli;

import io.securegateway.server.demo.Demo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: the main job, on the embedded default. */
@Command(
    name = "demo",
    description = "Show the gateway at work: example projects, a tool server and a scripted agent.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "the port; 0 takes a free one (default: 8080)")
  private int port = 8080;

  @Option(names = "--once", description = "end after the script instead of staying up")
  private boolean once;

  @Override
  public Integer call() throws Exception {
    Path home = Path.of(System.getProperty("securegateway.home", "."));
    Path examples = home.resolve("examples");
    if (!Files.isDirectory(examples)) {
      System.err.println(
          "securegateway: there is no examples folder in "
              + home.toAbsolutePath()
              + "; run the demo from a clone");
      return 2;
    }
    return new Demo(examples, home.resolve(".build").resolve("demo"), port, once, System.out).run();
  }
}
