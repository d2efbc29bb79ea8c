package io.securegateway.server.cli;

import io.securegateway.core.call.Names;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.replay.Change;
import io.securegateway.core.replay.ReplayMode;
import io.securegateway.core.replay.Tally;
import io.securegateway.server.journal.JournalReader;
import io.securegateway.server.project.SourceFiles;
import io.securegateway.server.replay.Candidate;
import io.securegateway.server.replay.JournalRun;
import io.securegateway.server.replay.Report;
import io.securegateway.server.replay.ReportJson;
import io.securegateway.server.replay.ReportText;
import io.securegateway.server.replay.TraceLines;
import io.securegateway.server.replay.TraceRun;
import io.securegateway.server.replay.Watcher;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code replay}: 0 done, 2 could not run, 3 {@code --fail-on} is met. */
@Command(
    name = "replay",
    description =
        "What would a candidate policy have said of recorded sessions? 0 done, 2 could not run, 3 --fail-on is met.",
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  private static final int FAILED_ON = 3;
  private static final Pattern AGE = Pattern.compile("([1-9][0-9]{0,5})([smhdw])");

  enum Format {
    text,
    json,
    md
  }

  enum Mode {
    recorded,
    counterfactual,
    both
  }

  @Option(names = "--traces", description = "a trace file: JSON Lines, plain or gzip")
  private @Nullable Path traces;

  @Option(names = "--data", description = "a data directory, also of a running gateway")
  private @Nullable Path data;

  @Option(
      names = "--candidate",
      required = true,
      description = "the configuration directory that is asked")
  private Path candidate = Path.of(".");

  @Option(
      names = "--baseline",
      description = "with --traces: the configuration the record is checked against")
  private @Nullable Path baseline;

  @Option(
      names = "--since",
      description = "with --data: report calls from then on, such as 7d or 2026-11-22T10:00:00Z")
  private @Nullable String since;

  @Option(names = "--project", description = "this project only")
  private @Nullable String project;

  @Option(
      names = "--mode",
      defaultValue = "both",
      description = "${COMPLETION-CANDIDATES} (default: both)")
  private Mode mode = Mode.both;

  @Option(
      names = "--format",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} (default: text)")
  private Format format = Format.text;

  @Option(
      names = "--fail-on",
      split = ",",
      description = "exit with 3 if any call has such a change, such as newly-denied,newly-allowed")
  private List<String> failOn = List.of();

  @Option(names = "--threads", description = "default: one a core")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException {
    if ((traces == null) == (data == null)) {
      return refuse("name either --traces FILE or --data DIR");
    }
    if (data != null && baseline != null) {
      return refuse("--baseline belongs to --traces; a journal knows the policy of every decision");
    }
    if (traces != null && since != null) {
      return refuse("--since belongs to --data");
    }
    if (threads < 1 || threads > 256) {
      return refuse("--threads must be from 1 to 256, not " + threads);
    }
    if (project != null && !Names.isProject(project)) {
      return refuse("\"" + project + "\" is no project id");
    }
    Set<Change> failing = EnumSet.noneOf(Change.class);
    for (String word : failOn) {
      Optional<Change> change = change(word);
      if (change.isEmpty()) {
        return refuse("--fail-on does not know \"" + word + "\"; use one of " + words());
      }
      failing.add(change.get());
    }
    Report report;
    try (ProgressBar bar = ProgressBar.of(System.err, System.console() != null)) {
      report = run(bar);
    } catch (Candidate.Refused e) {
      refuse(String.valueOf(e.getMessage()));
      e.findings().forEach(finding -> System.err.println("  " + Console.harmless("" + finding)));
      return 2;
    }
    if (report.sessions() == 0) {
      System.err.println(
          "securegateway: there is no session"
              + (project == null ? "" : " of project " + project)
              + " to replay");
    }
    print(report);
    return meets(report, failing) ? FAILED_ON : 0;
  }

  private Report run(Watcher watcher) throws IOException {
    Candidate asked = files(candidate);
    Predicate<String> projects = id -> project == null || project.equals(id);
    Set<ReplayMode> modes =
        switch (mode) {
          case recorded -> EnumSet.of(ReplayMode.RECORDED);
          case counterfactual -> EnumSet.of(ReplayMode.COUNTERFACTUAL);
          case both -> EnumSet.allOf(ReplayMode.class);
        };
    if (traces != null) {
      Optional<Candidate> base = baseline == null ? Optional.empty() : Optional.of(files(baseline));
      if (!Files.isReadable(traces) || Files.isDirectory(traces)) {
        throw new IOException(traces + " is no file that can be read; name it with --traces");
      }
      try (TraceLines lines = new TraceLines(Files.newInputStream(traces))) {
        return new TraceRun(asked, base, modes, projects)
            .run(lines, Files.size(traces), threads, watcher);
      }
    }
    Path journal = (data == null ? Path.of("data") : data).resolve("journal");
    if (!Files.isDirectory(journal)) {
      throw new IOException(
          "there is no journal in " + data + "; name the data directory with --data");
    }
    JournalReader reader = new JournalReader(journal);
    return new JournalRun(
            (seq, visitor) -> reader.scan(seq, Long.MAX_VALUE, visitor),
            asked,
            modes,
            new JournalRun.Choice(projects, since(), Long.MAX_VALUE, Set.of()))
        .run(threads, watcher);
  }

  private static Candidate files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + " is no configuration directory");
    }
    SourceFiles files = SourceFiles.read(directory);
    List<Finding> errors = files.findings().stream().filter(Finding::isError).toList();
    if (!errors.isEmpty()) {
      throw new IOException(directory + ": " + errors.get(0));
    }
    if (files.sources().isEmpty()) {
      throw new IOException(
          directory + " holds no policies/ and no contextual_policies/; nothing would be allowed");
    }
    SourceSet set = files.set(Set.of());
    return Candidate.files(set);
  }

  private long since() throws IOException {
    if (since == null) {
      return Long.MIN_VALUE;
    }
    Matcher age = AGE.matcher(since);
    if (age.matches()) {
      long count = Long.parseLong(age.group(1));
      Duration back =
          switch (age.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofDays(7 * count);
          };
      return Instant.now().minus(back).toEpochMilli();
    }
    try {
      return Instant.parse(since).toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IOException(
          "--since is \"" + since + "\"; use an age like 7d or a time like 2026-11-22T10:00:00Z",
          e);
    }
  }

  private void print(Report report) throws IOException {
    PrintStream out = Console.exact(System.out);
    switch (format) {
      case text -> ReportText.plain(report).forEach(line -> out.println(Console.harmless(line)));
      case md -> ReportText.markdown(report).forEach(line -> out.println(Console.harmless(line)));
      case json -> out.println(ReportJson.of(report).toPrettyString());
    }
    Console.end(out, "standard output");
  }

  private static boolean meets(Report report, Set<Change> failing) {
    for (Tally tally : report.modes().values()) {
      for (Change change : failing) {
        if (tally.calls(change) > 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static Optional<Change> change(String word) {
    String name = word.trim().toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(Change.values()).filter(change -> change.name().equals(name)).findFirst();
  }

  private static String words() {
    return String.join(
        ", ",
        Arrays.stream(Change.values()).map(change -> change.word().replace('_', '-')).toList());
  }

  private static int refuse(String why) {
    System.err.println("securegateway: " + Console.harmless(why));
    return 2;
  }
}
