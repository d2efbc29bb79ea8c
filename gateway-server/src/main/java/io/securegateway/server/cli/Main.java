package io.securegateway.server.cli;

import io.securegateway.server.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./securegateway}: picks the command. Exit codes: 0 done, 1 findings, 2 could not run. */
@Command(
    name = "securegateway",
    description =
        "Stands between AI agents and their tools, and enforces what each agent of each project may do.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      LintCommand.class,
      KeysCommand.class,
      AuditCommand.class,
      PolicyCommand.class,
      ReplayCommand.class,
      StdioCommand.class
    },
    footer = {
      "",
      "From a clone also: test [--full] runs the tests, bench the benchmarks.",
      "COMMAND --help tells what a command takes. Exit codes: 0 done, 1 no, 2 could not run."
    })
public final class Main {
  private static final int HELP_WIDTH = 100;

  private Main() {}

  /** Runs the command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the command, and gives its exit code. */
  public static int run(String... arguments) {
    CommandLine commands = new CommandLine(new Main());
    commands.setUsageHelpWidth(HELP_WIDTH);
    commands.setParameterExceptionHandler(new Mistyped());
    commands.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
          line.getErr().println("securegateway: " + message);
          return 2;
        });
    if (arguments.length == 0) {
      commands.usage(commands.getOut());
      return 2;
    }
    return commands.execute(arguments);
  }

  /** What {@code --version} prints. */
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"SecureGateway " + Version.text(), "Java " + Runtime.version()};
    }
  }
}
