package io.securegateway.server.cli;

import io.securegateway.server.project.Comparison;
import io.securegateway.server.project.PolicyEditor;
import io.securegateway.server.project.PolicyEditor.Expected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code policy}: the versions of policy files. */
@Command(
    name = "policy",
    description =
        "Versions of policy files: list, show, compare, bring back, save. Asks a running gateway (--url), or works on the files of a stopped one (--config, --data).",
    mixinStandardHelpOptions = true,
    subcommands = {
      PolicyCommand.History.class,
      PolicyCommand.Show.class,
      PolicyCommand.Diff.class,
      PolicyCommand.Rollback.class,
      PolicyApply.class
    },
    footer = {
      "",
      "A version is named by its ts, as head for the newest, or as head~1 for the one before it.",
      "Exit codes: 0 done, 1 refused (findings, stale, no such version), 2 could not run."
    })
final class PolicyCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return 2;
  }

  /** What a command does at its desk. */
  @FunctionalInterface
  interface Work {
    /** Gives the exit code. */
    int at(VersionDesk desk) throws IOException;
  }

  /** Opens the desk, works there, and prints a no as the format wants it. */
  static int run(PolicyOptions options, Work work) throws IOException {
    try (VersionDesk desk = options.open(System.getenv())) {
      return work.at(desk);
    } catch (PolicyRefusal no) {
      if (options.format() == PolicyOptions.Format.json) {
        PolicyPrint.json(no.json());
      } else {
        PolicyPrint.out(PolicyPrint.findings(no.findings()));
        System.err.println("securegateway: " + Console.harmless(String.valueOf(no.getMessage())));
      }
      return 1;
    }
  }

  /** A message that the journal may keep. */
  static String message(PolicyOptions options, String text) {
    String message = text.strip();
    if (message.isEmpty()) {
      throw options.wrong("--message is empty: say why, for those who read the history");
    }
    if (message.length() > PolicyEditor.MAX_MESSAGE) {
      throw options.wrong("--message is longer than " + PolicyEditor.MAX_MESSAGE + " characters");
    }
    return message;
  }

  /** {@code policy history}. */
  @Command(
      name = "history",
      description = "List the versions, newest first; * marks the newest.",
      mixinStandardHelpOptions = true)
  static final class History implements Callable<Integer> {
    @Mixin private PolicyOptions options = new PolicyOptions();

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "at most so many (default: 50)")
    private int limit = 50;

    @Override
    public Integer call() throws IOException {
      if (limit < 1) {
        throw options.wrong("--limit must be at least 1, not " + limit);
      }
      return run(
          options,
          desk -> {
            List<VersionDesk.Entry> versions = desk.history(limit);
            switch (options.format()) {
              case text ->
                  PolicyPrint.out(
                      versions.isEmpty()
                          ? options.file() + " has no versions\n"
                          : PolicyPrint.table(versions));
              case json -> PolicyPrint.json(PolicyPrint.json(versions));
            }
            return 0;
          });
    }
  }

  /** {@code policy show}. */
  @Command(name = "show", description = "Print a version's text.", mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin private PolicyOptions options = new PolicyOptions();

    @Parameters(
        paramLabel = "VERSION",
        arity = "0..1",
        defaultValue = "head",
        description = "its ts, head or head~N (default: head)")
    private String version = "head";

    @Option(
        names = "--out",
        paramLabel = "FILE",
        description =
            "write the exact bytes to this file (what is printed shows control characters as escapes)")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
      return run(
          options,
          desk -> {
            VersionDesk.Shown shown = desk.show(VersionName.resolve(desk, options, version));
            if (out != null) {
              Files.write(out, shown.yaml().getBytes(StandardCharsets.UTF_8));
              return 0;
            }
            switch (options.format()) {
              case text -> PolicyPrint.out(Console.harmlessText(shown.yaml()));
              case json ->
                  PolicyPrint.json(PolicyPrint.json(shown.version()).put("yaml", shown.yaml()));
            }
            return 0;
          });
    }
  }

  /** {@code policy diff}. */
  @Command(name = "diff", description = "Compare two versions.", mixinStandardHelpOptions = true)
  static final class Diff implements Callable<Integer> {
    @Mixin private PolicyOptions options = new PolicyOptions();

    @Parameters(
        index = "0",
        paramLabel = "FROM",
        arity = "0..1",
        defaultValue = "head~1",
        description = "a version: its ts, head or head~N (default: head~1)")
    private String from = "head~1";

    @Parameters(
        index = "1",
        paramLabel = "TO",
        arity = "0..1",
        defaultValue = "head",
        description = "a version (default: head)")
    private String to = "head";

    @Override
    public Integer call() throws IOException {
      return run(
          options,
          desk -> {
            JsonNode diff =
                desk.diff(
                    VersionName.resolve(desk, options, from),
                    VersionName.resolve(desk, options, to));
            switch (options.format()) {
              case text -> {
                String text = diff.path("text").asString("");
                PolicyPrint.out(
                    text.isEmpty()
                        ? "the two have the same text\n"
                        : Console.harmlessText(
                            text + "\n" + Comparison.lines(diff.path("semantic"))));
              }
              case json -> PolicyPrint.json(diff);
            }
            return 0;
          });
    }
  }

  /** {@code policy rollback}. */
  @Command(
      name = "rollback",
      description = "Bring a version's exact bytes back, as a new version.",
      mixinStandardHelpOptions = true)
  static final class Rollback implements Callable<Integer> {
    @Mixin private PolicyOptions options = new PolicyOptions();

    @Parameters(paramLabel = "VERSION", description = "its ts, or head~N")
    private String version = "";

    @Option(
        names = "--message",
        paramLabel = "TEXT",
        required = true,
        description = "why, for the history")
    private String message = "";

    @Option(
        names = "--if-match",
        paramLabel = "TS",
        description = "only if that version is still the newest")
    private @Nullable Long ifMatch;

    @Override
    public Integer call() throws IOException {
      String why = message(options, message);
      return run(
          options,
          desk -> {
            long ts = VersionName.resolve(desk, options, version);
            JsonNode done =
                desk.rollback(
                    ts, why, ifMatch == null ? new Expected.Any() : new Expected.Head(ifMatch));
            switch (options.format()) {
              case text -> PolicyPrint.out(PolicyPrint.changed(options.file(), done));
              case json -> PolicyPrint.json(done);
            }
            return 0;
          });
    }
  }
}
