package io.securegateway.server.admin;

import io.securegateway.core.call.Names;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.replay.ReplayMode;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.journal.CallLog;
import io.securegateway.server.replay.Candidate;
import io.securegateway.server.replay.JournalRun;
import io.securegateway.server.replay.ReplayJobs;
import io.securegateway.server.replay.ReplayJobs.Job;
import io.securegateway.server.replay.Report;
import io.securegateway.server.replay.TraceLines;
import io.securegateway.server.replay.TraceRun;
import io.securegateway.server.replay.Watcher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/replay}: replays over the journal or over sent traces, as jobs. */
public final class ReplayApi {
  /** Trace files come in the body. */
  private static final int MOST_BYTES = 32 * 1024 * 1024;

  private static final int MAX_SESSIONS = 10_000;

  private final Benches benches;
  private final CallLog.Scan journal;
  private final ReplayJobs jobs;

  /** {@code journal}: durable events only. */
  public ReplayApi(Benches benches, CallLog.Scan journal, ReplayJobs jobs) {
    this.benches = benches;
    this.journal = journal;
    this.jobs = jobs;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("POST", "/api/replay", AdminRole.EDITOR, this::start)
            .query("project")
            .body("candidate", "project", "since", "until", "sessions", "traces", "mode")
            .upTo(MOST_BYTES),
        new Route("GET", "/api/replay", AdminRole.VIEWER, this::list),
        new Route("GET", "/api/replay/{id}", AdminRole.VIEWER, this::show),
        new Route("DELETE", "/api/replay/{id}", AdminRole.EDITOR, this::cancel));
  }

  private Reply start(AdminRequest request) {
    JsonNode body = request.body();
    Optional<String> project = project(request);
    Set<String> scope = project.map(Set::of).orElse(request.admin().projects());
    Predicate<String> projects = id -> scope.isEmpty() || scope.contains(id);
    if (!body.path("traces").isString()
        && project.flatMap(benches::of).isEmpty()
        && project.isPresent()) {
      throw new Problem(404, "project.unknown", "There is no such project for this key.");
    }
    Set<ReplayMode> modes = modes(body.path("mode"));
    Map<SourceKind, String> texts = CandidateBody.texts(body.path("candidate"), "candidate");
    Candidate candidate = Candidate.texts(texts);
    String first = project.orElse(scope.stream().sorted().findFirst().orElse("default"));
    try {
      candidate.policy(first, CandidateBody.inForce(benches, first));
    } catch (Candidate.Refused e) {
      throw CandidateBody.refused(e);
    }
    Job job =
        jobs.start(request.admin().name(), scope, work(body, candidate, modes, projects))
            .orElseThrow(
                () ->
                    new Problem(
                        429,
                        "replay.busy",
                        "You have "
                            + ReplayJobs.MAX_OF_ONE
                            + " replays under way, or "
                            + ReplayJobs.MAX_WAITING
                            + " of all wait already; cancel one or try later."));
    return new Reply.Json(202, item(job), null);
  }

  private ReplayJobs.Work work(
      JsonNode body, Candidate candidate, Set<ReplayMode> modes, Predicate<String> projects) {
    Candidate overInForce =
        (id, recorded) -> candidate.policy(id, CandidateBody.inForce(benches, id));
    JsonNode traces = body.path("traces");
    if (!traces.isMissingNode() && !traces.isNull()) {
      if (!traces.isString() || traces.stringValue().isBlank()) {
        throw CandidateBody.bad("\"traces\" must be a string of JSON Lines, one session a line.");
      }
      String text = traces.stringValue();
      return watcher -> traces(text, withoutKeys(candidate), modes, projects, watcher);
    }
    JournalRun.Choice choice =
        new JournalRun.Choice(
            projects,
            time(body, "since", Long.MIN_VALUE),
            time(body, "until", Long.MAX_VALUE),
            sessions(body.path("sessions")));
    return watcher -> new JournalRun(journal, overInForce, modes, choice).run(1, watcher);
  }

  /** Models of traces need no keys. */
  private Candidate withoutKeys(Candidate candidate) {
    return (id, none) -> {
      List<Source> sources =
          CandidateBody.inForce(benches, id).stream()
              .filter(source -> source.kind() != SourceKind.MODEL_KEYS)
              .toList();
      return candidate.policy(id, sources);
    };
  }

  private static Report traces(
      String text,
      Candidate candidate,
      Set<ReplayMode> modes,
      Predicate<String> projects,
      Watcher watcher)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (TraceLines lines = new TraceLines(new ByteArrayInputStream(bytes))) {
      return new TraceRun(candidate, Optional.empty(), modes, projects)
          .run(lines, bytes.length, 1, watcher);
    }
  }

  private static Optional<String> project(AdminRequest request) {
    JsonNode named = request.body().path("project");
    if (named.isMissingNode() || named.isNull()) {
      return request.project();
    }
    if (!named.isString() || !Names.isProject(named.stringValue())) {
      throw CandidateBody.bad("\"project\" must be the id of a project.");
    }
    return Optional.of(request.visible(named.stringValue()));
  }

  private static Set<ReplayMode> modes(JsonNode mode) {
    return switch (mode.asString("both")) {
      case "recorded" -> EnumSet.of(ReplayMode.RECORDED);
      case "counterfactual" -> EnumSet.of(ReplayMode.COUNTERFACTUAL);
      case "", "both" -> EnumSet.allOf(ReplayMode.class);
      default -> throw CandidateBody.bad("\"mode\" must be recorded, counterfactual or both.");
    };
  }

  private static Set<String> sessions(JsonNode list) {
    Set<String> sessions = new HashSet<>();
    if (list.isMissingNode() || list.isNull()) {
      return sessions;
    }
    if (!list.isArray() || list.isEmpty() || list.size() > MAX_SESSIONS) {
      throw CandidateBody.bad(
          "\"sessions\" must be an array of 1 to " + MAX_SESSIONS + " unique ids (uid).");
    }
    for (JsonNode uid : list) {
      if (!uid.isString()) {
        throw CandidateBody.bad("\"sessions\" must hold strings, the uid of each session.");
      }
      sessions.add(uid.stringValue());
    }
    return sessions;
  }

  private static long time(JsonNode body, String member, long otherwise) {
    JsonNode value = body.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (value.isNumber() && value.asDouble() >= 0 && value.asDouble() < 1e11) {
      return value.decimalValue().movePointRight(3).longValue();
    }
    try {
      if (value.isString()) {
        return OffsetDateTime.parse(value.stringValue()).toInstant().toEpochMilli();
      }
    } catch (DateTimeException e) {
      // falls through: the same mend
    }
    throw CandidateBody.bad(
        "\"" + member + "\" must be epoch seconds or a time like 2026-11-22T10:00:00Z.");
  }

  private Reply list(AdminRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    jobs.all().stream().filter(job -> sees(request, job)).forEach(job -> items.add(item(job)));
    return Reply.ok(body);
  }

  private Reply show(AdminRequest request) {
    Job job = job(request);
    ObjectNode item = item(job);
    job.report().ifPresent(report -> item.set("report", report));
    return Reply.ok(item);
  }

  private Reply cancel(AdminRequest request) {
    Job job = job(request);
    jobs.cancel(job);
    return Reply.ok(item(job));
  }

  private Job job(AdminRequest request) {
    return jobs.job(request.segment("id"))
        .filter(job -> sees(request, job))
        .orElseThrow(
            () ->
                new Problem(
                    404, "replay.unknown", "There is no such replay; they are kept for an hour."));
  }

  private static boolean sees(AdminRequest request, Job job) {
    Set<String> own = request.admin().projects();
    return own.isEmpty() || (!job.projects().isEmpty() && own.containsAll(job.projects()));
  }

  /** One that waits for its turn runs, for those who look. */
  private static String word(ReplayJobs.State state) {
    return switch (state) {
      case WAITING, RUNNING -> "running";
      case DONE -> "done";
      case FAILED -> "failed";
      case CANCELLED -> "cancelled";
    };
  }

  private static ObjectNode item(Job job) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("id", job.id());
    ReplayJobs.State state = job.state();
    item.put("state", word(state));
    item.put("by", job.by()).put("created", BigDecimal.valueOf(job.created(), 3));
    ArrayNode projects = item.putArray("projects");
    job.projects().stream().sorted().forEach(projects::add);
    ObjectNode progress = item.putObject("progress");
    progress.put("sessions", job.sessions());
    boolean done = state == ReplayJobs.State.DONE;
    progress.put("of", done ? (Long) job.sessions() : null);
    double share = done ? 1 : job.done();
    progress.put("share", share < 0 ? null : BigDecimal.valueOf(Math.round(share * 1000), 3));
    job.error().ifPresent(error -> item.put("error", error));
    return item;
  }
}
