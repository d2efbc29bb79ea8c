package io.securegateway.server.journal;

import io.securegateway.core.event.Event;
import io.securegateway.core.event.Recorded;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which rows of calls are wanted; every part that is present must fit.
 *
 * @param projects whether a project may be seen at all
 * @param session a session's id or unique id
 * @param trace the id of a call; also one that another call of the row replaced
 * @param text a part of tool, reason, rule or arguments, in any case
 */
public record LogFilter(
    Predicate<String> projects,
    Optional<Long> since,
    Optional<Long> until,
    Optional<String> project,
    Optional<String> model,
    Optional<String> tool,
    Optional<String> status,
    Optional<String> session,
    Optional<String> trace,
    Optional<String> text) {

  /** Of every call. */
  public LogFilter(
      Predicate<String> projects,
      Optional<Long> since,
      Optional<Long> until,
      Optional<String> project,
      Optional<String> model,
      Optional<String> tool,
      Optional<String> status,
      Optional<String> session,
      Optional<String> text) {
    this(projects, since, until, project, model, tool, status, session, Optional.empty(), text);
  }

  /** Everything. */
  public static LogFilter all() {
    return new LogFilter(
        project -> true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The calls of one session of a project. */
  public static LogFilter ofSession(String project, String session) {
    LogFilter all = all();
    return new LogFilter(
        all.projects(),
        all.since(),
        all.until(),
        Optional.of(project),
        all.model(),
        all.tool(),
        all.status(),
        Optional.of(session),
        all.text());
  }

  /** Whether an event can belong to a row that fits; a start of the gateway ends rows of all. */
  boolean mayFit(Recorded recorded) {
    if (recorded.event() instanceof Event.GatewayStarted) {
      return true;
    }
    return projects.test(recorded.project())
        && project.map(recorded.project()::equals).orElse(true);
  }

  /** Whether a row of any project may be shown and fits. */
  boolean shows(CallRow row) {
    return projects.test(row.project())
        && project.map(row.project()::equals).orElse(true)
        && fits(row);
  }

  /** Whether a row fits. */
  boolean fits(CallRow row) {
    return since.map(from -> row.time() >= from).orElse(true)
        && until.map(to -> row.time() < to).orElse(true)
        && model.map(row.model()::equals).orElse(true)
        && tool.map(row.tool()::equals).orElse(true)
        && status.map(row.status()::equals).orElse(true)
        && session.map(id -> row.session().equals(id) || row.uid().equals(id)).orElse(true)
        && trace.map(id -> row.call().equals(id) || id.equals(row.replaces())).orElse(true)
        && text.map(part -> has(row, part.toLowerCase(Locale.ROOT))).orElse(true);
  }

  private static boolean has(CallRow row, String part) {
    String rule = row.rule() == null ? "" : row.rule();
    return (row.tool() + "\n" + row.reason() + "\n" + rule + "\n" + row.input())
        .toLowerCase(Locale.ROOT)
        .contains(part);
  }
}
