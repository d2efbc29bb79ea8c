package io.securegateway.server.cli;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.lint.Renderings;
import io.securegateway.server.config.ConfigReader;
import io.securegateway.server.project.ConfigLint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lint}: 0 clean, 1 findings of severity error, 2 could not run. */
@Command(
    name = "lint",
    description = "Check the configuration: 0 clean, 1 errors found, 2 could not run.",
    mixinStandardHelpOptions = true)
final class LintCommand implements Callable<Integer> {
  enum Format {
    text,
    json,
    sarif
  }

  @Option(
      names = "--config",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "the configuration directory (default: here)")
  private Path config = Path.of(".");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: text)")
  private Format format = Format.text;

  private static final Set<String> FOLDERS =
      Set.of("policies", "contextual_policies", "model_keys", "schemas", "alerts");

  @Parameters(
      paramLabel = "FILE",
      description = "report on these files only, such as policies/bank.yaml")
  private List<Path> files = List.of();

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(config)) {
      System.err.println(
          "securegateway: "
              + config
              + " is no directory; name the configuration directory with --config");
      return 2;
    }
    List<Finding> findings = ConfigLint.lint(config, System.getenv(), Instant.now());
    if (!files.isEmpty()) {
      for (Path file : files) {
        if (!Files.exists(file) && !Files.exists(config.resolve(file))) {
          System.err.println("securegateway: " + file + " does not exist");
          return 2;
        }
        if (!isOfConfiguration(file)) {
          System.err.println(
              "securegateway: "
                  + file
                  + " is no file of the configuration in "
                  + config
                  + "; name its directory with --config");
          return 2;
        }
      }
      findings =
          findings.stream()
              .filter(
                  finding ->
                      files.stream().anyMatch(file -> named(file).endsWith(finding.at().file())))
              .toList();
    }
    switch (format) {
      case text -> PolicyPrint.out(Console.harmlessText(Renderings.text(findings)));
      case json -> PolicyPrint.json(Renderings.json(findings));
      case sarif -> PolicyPrint.json(Renderings.sarif(findings));
    }
    return findings.stream().anyMatch(Finding::isError) ? 1 : 0;
  }

  private boolean isOfConfiguration(Path file) {
    Path home = config.toAbsolutePath().normalize();
    Path named = named(file);
    if (!named.startsWith(home) || named.equals(home)) {
      return false;
    }
    Path own = home.relativize(named);
    return own.toString().equals(ConfigReader.FILE)
        || (own.getNameCount() == 2 && FOLDERS.contains(own.getName(0).toString()));
  }

  /** In full, so that a file named from within its own directory is recognised. */
  private Path named(Path file) {
    return (Files.exists(file) ? file : config.resolve(file)).toAbsolutePath().normalize();
  }
}
