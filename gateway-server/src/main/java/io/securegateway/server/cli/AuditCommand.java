package io.securegateway.server.cli;

import io.securegateway.core.json.StrictJson;
import io.securegateway.server.flow.Rewind;
import io.securegateway.server.journal.CallLog;
import io.securegateway.server.journal.CallRow;
import io.securegateway.server.journal.ExplanationFormat;
import io.securegateway.server.journal.JournalHead;
import io.securegateway.server.journal.JournalReader;
import io.securegateway.server.journal.JournalVerify;
import io.securegateway.server.journal.LogFilter;
import io.securegateway.server.journal.RowFormat;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code audit}: the journal from the command line, also beside a running gateway. */
@Command(
    name = "audit",
    description = "Search, export and verify the journal.",
    mixinStandardHelpOptions = true,
    subcommands = {
      AuditCommand.Search.class,
      AuditCommand.Export.class,
      AuditCommand.Explain.class,
      AuditCommand.Verify.class
    })
final class AuditCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return 2;
  }

  enum Format {
    text,
    jsonl,
    csv
  }

  /** Where the journal is. */
  static final class Data {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        defaultValue = "data",
        description = "the data directory (default: data)")
    private Path data = Path.of("data");

    Path journal() throws IOException {
      Path journal = data.resolve("journal");
      if (!Files.isDirectory(journal)) {
        throw new IOException(
            "there is no journal in " + data + "; name the data directory with --data");
      }
      return journal;
    }
  }

  /** Which calls. */
  static final class Filters {
    @Option(
        names = "--since",
        paramLabel = "TIME",
        converter = TimeOption.class,
        description = "from this time on: epoch seconds, or a time such as 2026-11-22T10:00:00Z")
    private @Nullable Instant since;

    @Option(
        names = "--until",
        paramLabel = "TIME",
        converter = TimeOption.class,
        description = "before this time")
    private @Nullable Instant until;

    @Option(names = "--project", paramLabel = "PROJECT", description = "calls of this project only")
    private @Nullable String project;

    @Option(names = "--model", paramLabel = "MODEL", description = "calls of this model only")
    private @Nullable String model;

    @Option(names = "--tool", paramLabel = "TOOL", description = "calls of this tool only")
    private @Nullable String tool;

    @Option(
        names = "--status",
        paramLabel = "STATUS",
        converter = StatusOption.class,
        description = "allowed, denied, approval_required, invalid, error or pending")
    private @Nullable String status;

    @Option(names = "--session", paramLabel = "SESSION", description = "a session's id or uid")
    private @Nullable String session;

    @Option(
        names = "--trace-id",
        paramLabel = "TRACE_ID",
        description = "the call with this trace_id only")
    private @Nullable String trace;

    @Option(
        names = "--q",
        paramLabel = "TEXT",
        description = "a part of tool, reason, rule or arguments")
    private @Nullable String text;

    LogFilter filter() {
      return new LogFilter(
          any -> true,
          Optional.ofNullable(since).map(Instant::toEpochMilli),
          Optional.ofNullable(until).map(Instant::toEpochMilli),
          Optional.ofNullable(project),
          Optional.ofNullable(model),
          Optional.ofNullable(tool),
          Optional.ofNullable(status),
          Optional.ofNullable(session),
          Optional.ofNullable(trace),
          Optional.ofNullable(text));
    }
  }

  private static CallLog log(Data data) throws IOException {
    JournalReader reader = new JournalReader(data.journal());
    return new CallLog((seq, visitor) -> reader.scan(seq, Long.MAX_VALUE, visitor));
  }

  private static void print(PrintStream out, Format format, CallRow row) {
    switch (format) {
      case text ->
          out.println(
              Console.harmless(
                  "%s  %-12s %-10s %-24s %-17s %s%s"
                      .formatted(
                          Instant.ofEpochMilli(row.time()),
                          row.project(),
                          row.model(),
                          row.tool(),
                          row.status(),
                          row.reason(),
                          row.rule() == null ? "" : " [" + row.rule() + "]")));
      case jsonl -> out.println(StrictJson.text(RowFormat.json(row, true)));
      case csv -> out.println(RowFormat.csv(row));
    }
  }

  /** {@code audit search}. */
  @Command(
      name = "search",
      description = "Show the newest calls that fit.",
      mixinStandardHelpOptions = true)
  static final class Search implements Callable<Integer> {
    @Mixin private Data data = new Data();
    @Mixin private Filters filters = new Filters();

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "at most so many (default: 50)")
    private int limit = 50;

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.text;

    @Override
    public Integer call() throws IOException {
      List<CallRow> rows =
          log(data).page(filters.filter(), Optional.empty(), Math.max(1, limit)).rows();
      PrintStream out = Console.exact(System.out);
      rows.forEach(row -> print(out, format, row));
      Console.end(out, "standard output");
      return 0;
    }
  }

  /** {@code audit export}. */
  @Command(
      name = "export",
      description = "Write all calls that fit, oldest first.",
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {
    @Mixin private Data data = new Data();
    @Mixin private Filters filters = new Filters();

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "jsonl",
        description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.jsonl;

    @Option(
        names = "--out",
        paramLabel = "FILE",
        description = "the file to write (default: standard output)")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
      CallLog log = log(data);
      if (out == null) {
        write(log, Console.exact(System.out), "standard output");
        return 0;
      }
      try (PrintStream file =
          new PrintStream(Files.newOutputStream(out), false, StandardCharsets.UTF_8)) {
        write(log, file, out.toString());
      }
      return 0;
    }

    private void write(CallLog log, PrintStream to, String where) throws IOException {
      if (format == Format.csv) {
        to.println(RowFormat.CSV_HEADER);
      }
      log.each(filters.filter(), row -> print(to, format, row));
      Console.end(to, where);
    }
  }

  /** {@code audit explain}. */
  @Command(
      name = "explain",
      description = "Tell one past decision in full: every rule, every condition, what it read.",
      mixinStandardHelpOptions = true)
  static final class Explain implements Callable<Integer> {
    @Mixin private Data data = new Data();

    @Option(
        names = "--project",
        paramLabel = "PROJECT",
        defaultValue = "default",
        description = "the call's project (default: default)")
    private String project = "default";

    @Parameters(paramLabel = "TRACE_ID", description = "the trace_id of the call")
    private String call = "";

    @Override
    public Integer call() throws IOException {
      JournalReader reader = new JournalReader(data.journal());
      var told =
          Rewind.explain(
              (seq, visitor) -> reader.scan(seq, Long.MAX_VALUE, visitor), project, call);
      if (told.isEmpty()) {
        System.err.println("securegateway: there is no call " + call + " in project " + project);
        return 1;
      }
      System.out.println(
          ExplanationFormat.json(told.get().decided(), told.get().explanation(), told.get().equal())
              .toPrettyString());
      return 0;
    }
  }

  /** {@code audit verify}. */
  @Command(
      name = "verify",
      description = "Walk the hash chain: 0 good, 1 broken or the expected head is missing.",
      mixinStandardHelpOptions = true)
  static final class Verify implements Callable<Integer> {
    @Mixin private Data data = new Data();

    @Option(
        names = "--head",
        paramLabel = "HASH",
        description = "a hash that an earlier verify printed: some line must bear it")
    private @Nullable String head;

    @Option(
        names = "--head-seq",
        paramLabel = "SEQ",
        description = "with --head: the seq of that line")
    private long headSeq;

    @Override
    public Integer call() throws IOException {
      Path journal = data.journal();
      List<JournalHead> expected = new ArrayList<>();
      if (head != null) {
        expected.add(new JournalHead(headSeq, head.toLowerCase(Locale.ROOT)));
      } else if (headSeq != 0) {
        throw new IOException("--head-seq says where a hash belongs; name the hash with --head");
      } else {
        JournalHead.beside(journal).ifPresent(expected::add);
      }
      JournalVerify.Report report = JournalVerify.verify(journal, expected);
      PrintStream out = Console.exact(System.out);
      out.printf(
          "%d events from seq %d to %d%nhead %s%n",
          report.events(), report.first(), report.headSeq(), report.headHash());
      report.broken().ifPresent(place -> out.println(Console.harmless("BROKEN at " + place)));
      report
          .cut()
          .forEach(missing -> out.println("CUT: no line bears the expected head " + missing));
      out.println(report.isGood() ? "good" : "not good");
      Console.end(out, "standard output");
      return report.isGood() ? 0 : 1;
    }
  }
}
