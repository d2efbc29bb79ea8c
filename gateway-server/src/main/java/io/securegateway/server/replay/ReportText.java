package io.securegateway.server.replay;

import io.securegateway.core.replay.Change;
import io.securegateway.core.replay.Labels;
import io.securegateway.core.replay.ReplayMode;
import io.securegateway.core.replay.Ruling;
import io.securegateway.core.replay.Sample;
import io.securegateway.core.replay.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A report for people: as plain text, or as Markdown for a review. */
public final class ReportText {
  private static final int MOST_NAMES = 10;
  private static final int MOST_SAMPLES = 30;

  private final Report report;
  private final boolean markdown;
  private final List<String> lines = new ArrayList<>();

  private ReportText(Report report, boolean markdown) {
    this.report = report;
    this.markdown = markdown;
  }

  /** Plain text, one string a line. */
  public static List<String> plain(Report report) {
    return new ReportText(report, false).lines();
  }

  /** Markdown, one string a line. */
  public static List<String> markdown(Report report) {
    return new ReportText(report, true).lines();
  }

  private List<String> lines() {
    heading(1, "Replay");
    lines.add("%,d sessions, %,d calls".formatted(report.sessions(), report.calls()));
    lines.add("");
    lines.add(identity());
    for (Identity.Mismatch mismatch : report.identity().mismatches()) {
      item(
          "%s %s %s: %s"
              .formatted(mismatch.project(), mismatch.place(), mismatch.id(), mismatch.why()));
    }
    if (report.badLines() > 0 || !report.problems().isEmpty()) {
      lines.add("");
      lines.add("Not replayed: %,d lines; the first problems:".formatted(report.badLines()));
      report.problems().forEach(p -> item("line %d: %s".formatted(p.line(), p.why())));
    }
    for (ReplayMode mode : ReplayMode.values()) {
      Tally tally = report.modes().get(mode);
      if (tally != null) {
        mode(mode, tally);
      }
    }
    return lines;
  }

  private String identity() {
    Identity.Result identity = report.identity();
    if (!identity.applies()) {
      return "Identity: not applicable: the record names no policy; give --baseline to check it against one.";
    }
    return "Identity: %s (%,d of %,d recorded decisions come out equal)"
        .formatted(identity.share(), identity.equal(), identity.checked());
  }

  private void mode(ReplayMode mode, Tally tally) {
    lines.add("");
    heading(
        2,
        switch (mode) {
          case RECORDED -> "As recorded: with which past calls does the candidate disagree?";
          case COUNTERFACTUAL -> "Counterfactual: what would have become of the sessions?";
        });
    lines.add(
        "%,d of %,d sessions change; %,d calls come after a first change; %,d changes only repeat the one before."
            .formatted(
                tally.changedSessions(), report.sessions(), tally.callsAfter(), tally.retries()));
    lines.add("");
    table(
        List.of("change", "calls", "first in session", "after the first"),
        java.util.Arrays.stream(Change.values())
            .filter(change -> tally.calls(change) > 0)
            .map(
                change ->
                    List.of(
                        change.word(),
                        number(tally.calls(change)),
                        number(tally.firsts(change)),
                        number(tally.later(change))))
            .toList());
    names("rule", tally.rules());
    names("tool", tally.tools());
    names("model", tally.models());
    truth(tally.labels());
    samples(tally.samples());
  }

  private void names(String kind, Map<String, Map<Change, Long>> names) {
    List<List<String>> rows =
        ReportJson.sorted(names).stream()
            .filter(name -> ReportJson.changed(names.getOrDefault(name, Map.of())) > 0)
            .limit(MOST_NAMES)
            .map(
                name ->
                    List.of(name, number(ReportJson.changed(names.getOrDefault(name, Map.of())))))
            .toList();
    if (!rows.isEmpty()) {
      lines.add("");
      table(List.of(kind, "changed calls"), rows);
    }
  }

  private void truth(Labels labels) {
    if (labels.sessions() == 0) {
      return;
    }
    lines.add("");
    table(
        List.of("labelled sessions", "total", "blocked", "of those only asks"),
        List.of(
            row("attack succeeded", labels.attacks()),
            row("good work, no attack", labels.good()),
            row("good work, attack resisted", labels.resisted())));
    if (labels.providerErrors() > 0) {
      lines.add("");
      lines.add(
          "%,d sessions whose run failed are left out of these."
              .formatted(labels.providerErrors()));
    }
  }

  private static List<String> row(String name, Labels.Count count) {
    return List.of(name, number(count.total()), number(count.blocked()), number(count.asked()));
  }

  private void samples(List<Sample> samples) {
    if (samples.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("Samples:");
    for (Sample sample : samples.subList(0, Math.min(MOST_SAMPLES, samples.size()))) {
      item(
          "%s: %s/%s call %d %s%s: %s → %s%s"
              .formatted(
                  sample.change().word(),
                  sample.project(),
                  sample.session(),
                  sample.call(),
                  sample.tool(),
                  sample.count() > 1 ? " (" + sample.count() + " times)" : "",
                  ruling(sample.was()),
                  ruling(sample.now()),
                  sample.first() ? " (first)" : ""));
    }
  }

  private static String ruling(Ruling ruling) {
    return ruling.effect().word() + (ruling.rule() == null ? "" : " [" + ruling.rule() + "]");
  }

  private void heading(int level, String text) {
    lines.add(markdown ? "#".repeat(level) + " " + text : text);
    if (markdown) {
      lines.add("");
    }
  }

  private void item(String text) {
    lines.add((markdown ? "- " : "  ") + safe(text));
  }

  /** Names are chosen by others: in Markdown they must stay text. */
  private String safe(String text) {
    return markdown ? text.replaceAll("([\\\\`*_{}\\[\\]<>#|!])", "\\\\$1") : text;
  }

  private static String number(long count) {
    return "%,d".formatted(count);
  }

  private void table(List<String> head, List<List<String>> rows) {
    if (markdown) {
      lines.add("| " + String.join(" | ", head) + " |");
      lines.add("|---" + "|---:".repeat(head.size() - 1) + "|");
      rows.forEach(
          row ->
              lines.add("| " + String.join(" | ", row.stream().map(this::safe).toList()) + " |"));
      return;
    }
    int first = Math.max(head.get(0).length(), widest(rows));
    List<List<String>> all = new ArrayList<>();
    all.add(head);
    all.addAll(rows);
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder("  ").append(padded(row.get(0), first));
      for (int i = 1; i < row.size(); i++) {
        line.append("  ")
            .append(" ".repeat(Math.max(0, head.get(i).length() - row.get(i).length())));
        line.append(row.get(i));
      }
      lines.add(line.toString());
    }
  }

  private static int widest(List<List<String>> rows) {
    return rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
