package io.securegateway.server.admin;

import io.securegateway.core.event.Event;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.lint.Renderings;
import io.securegateway.core.version.History;
import io.securegateway.core.version.Version;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.journal.CallLog;
import io.securegateway.server.project.Comparison;
import io.securegateway.server.project.PolicyEditor;
import io.securegateway.server.project.PolicyEditor.Edit;
import io.securegateway.server.project.PolicyEditor.Expected;
import io.securegateway.server.project.PolicyEditor.Saved;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code PUT /api/policy}, its history, diffs and rollback. */
public final class VersionsApi {
  private static final Logger LOG = LoggerFactory.getLogger(VersionsApi.class);
  private static final int MAX_LIMIT = 1_000;

  private final Benches benches;
  private final PolicyEditor editor;
  private final CallLog.Scan journal;
  private final Function<String, List<String>> stillRevoked;

  /**
   * @param journal holds the texts of versions
   * @param stillRevoked ids of keys that a project's key file holds and that open nothing
   */
  public VersionsApi(
      Benches benches,
      PolicyEditor editor,
      CallLog.Scan journal,
      Function<String, List<String>> stillRevoked) {
    this.benches = benches;
    this.editor = editor;
    this.journal = journal;
    this.stillRevoked = stillRevoked;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("PUT", "/api/policy", AdminRole.EDITOR, this::put)
            .query("project", "kind")
            .body("yaml", "message", "reason", "source", "force"),
        new Route("GET", "/api/policy/history", AdminRole.VIEWER, this::history)
            .query("project", "kind", "limit", "before"),
        new Route("GET", "/api/policy/history/{ts}", AdminRole.VIEWER, this::show)
            .query("project", "kind"),
        new Route("GET", "/api/policy/diff", AdminRole.VIEWER, this::diff)
            .query("project", "kind", "from", "to"),
        new Route("POST", "/api/policy/rollback/{ts}", AdminRole.EDITOR, this::rollback)
            .query("project", "kind")
            .body("message", "reason"));
  }

  private Reply put(AdminRequest request) {
    String project = PolicyRequest.project(request);
    SourceKind kind = PolicyRequest.kind(request);
    Expected expected = PolicyRequest.expected(request);
    if (!request.body().path("force").isMissingNode()
        && !request.body().path("force").equals(JsonNodeFactory.instance.booleanNode(false))) {
      throw new Problem(
          400,
          "body.member",
          "\"force\" may only be false: a save never passes over the lint or another's version.");
    }
    if (!request.body().path("yaml").isString()) {
      throw new Problem(400, "body.member", "The body needs \"yaml\", a string.");
    }
    Edit edit =
        new Edit(
            kind,
            project,
            request.body().path("yaml").stringValue(),
            request.admin().name(),
            message(request, request.text("message").strip()),
            source(request),
            null,
            expected);
    return saved("saved", edit);
  }

  /** The command line says who it is; everybody else is the API. */
  private static String source(AdminRequest request) {
    return request.body().path("source").asString("").equals("cli") ? "cli" : "api";
  }

  /** What changed, and below it why, if somebody says that apart. */
  private static String message(AdminRequest request, String what) {
    String reason = request.optionalText("reason", "");
    String text = reason.isEmpty() ? what : what + "\n\n" + reason;
    if (text.length() > PolicyEditor.MAX_MESSAGE) {
      throw new Problem(
          400,
          "body.member",
          "The message is longer than " + PolicyEditor.MAX_MESSAGE + " characters.");
    }
    return text;
  }

  private Reply saved(String status, Edit edit) {
    return switch (save(edit)) {
      case Saved.Stale(var head) -> {
        Problem problem =
            new Problem(
                412,
                "version.stale",
                head.isPresent()
                    ? "Somebody saved another version in the meantime; read it and merge."
                    : "The project has no such file of its own; create it with If-None-Match: *.");
        head.ifPresent(
            version -> problem.with("head", JsonNodeFactory.instance.numberNode(version.ts())));
        throw problem;
      }
      case Saved.Refused(var findings) ->
          throw new Problem(422, "policy.findings", "The lint found errors; nothing was saved.")
              .with("findings", Renderings.json(findings));
      case Saved.Done done when !done.problem().isEmpty() ->
          throw new Problem(
              503,
              "journal.refused",
              "Saved and in force, but not yet journaled: " + done.problem());
      case Saved.Done done -> done(status, edit, done);
    };
  }

  private Saved save(Edit edit) {
    try {
      return editor.save(edit);
    } catch (IOException e) {
      LOG.warn("{}/{}.yaml was not saved", edit.kind().word(), edit.project(), e);
      String why = e instanceof FileSystemException of ? of.getReason() : e.getMessage();
      throw new Problem(
          503,
          "file.unwritable",
          "Not saved; what was in force stays. %s/%s.yaml cannot be written: %s"
              .formatted(edit.kind().word(), edit.project(), why == null ? e.toString() : why));
    }
  }

  private Reply done(String status, Edit edit, Saved.Done done) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("status", status).put("project", edit.project()).put("kind", edit.kind().word());
    body.put("ts", done.version().ts()).put("sha256", done.version().sha256());
    Long from = done.version().rolledBackFrom();
    if (from != null) {
      body.put("rolled_back_from", from);
    }
    body.put(
        "policy",
        benches.of(edit.project()).map(bench -> bench.judging().policy().revision()).orElse(null));
    body.set("findings", Renderings.json(done.findings()));
    if (edit.kind() == SourceKind.MODEL_KEYS) {
      stillRevoked.apply(edit.project()).forEach(body.putArray("still_revoked")::add);
    }
    return new Reply.Json(200, body, PolicyRequest.etag(done.version().ts()));
  }

  private History of(String project) {
    return benches.of(project).map(Bench::history).orElse(History.EMPTY);
  }

  private Reply history(AdminRequest request) {
    String project = PolicyRequest.project(request);
    SourceKind kind = PolicyRequest.kind(request);
    int limit = request.whole("limit", MAX_LIMIT, 1, MAX_LIMIT);
    long before =
        request
            .parameter("before")
            .map(text -> PolicyRequest.ts(text, "before"))
            .orElse(Long.MAX_VALUE);
    List<Version> all = of(project).all(kind);
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    for (int i = all.size() - 1; i >= 0 && items.size() < limit; i--) {
      if (all.get(i).ts() < before) {
        items.add(json(all.get(i), i == all.size() - 1));
      }
    }
    return Reply.ok(items);
  }

  private static ObjectNode json(Version version, boolean active) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("ts", version.ts()).put("author", version.author()).put("message", version.message());
    item.put("sha256", version.sha256()).put("source", version.source());
    item.put("active", active).put("rolled_back_from", version.rolledBackFrom());
    return item.put("removed", version.sha256() == null);
  }

  private Reply show(AdminRequest request) {
    String project = PolicyRequest.project(request);
    SourceKind kind = PolicyRequest.kind(request);
    Version version = version(project, kind, PolicyRequest.ts(request.segment("ts"), "The ts"));
    boolean active = of(project).head(kind).filter(version::equals).isPresent();
    ObjectNode body = json(version, active);
    body.put("project", project).put("kind", kind.word()).put("yaml", text(version));
    return Reply.ok(body);
  }

  private Version version(String project, SourceKind kind, long ts) {
    return of(project)
        .at(kind, ts)
        .orElseThrow(
            () ->
                new Problem(
                    404,
                    "version.unknown",
                    "There is no version " + ts + " of " + kind.word() + "/" + project + ".yaml."));
  }

  /** The text of a version, from the journal. */
  private String text(Version version) {
    @Nullable String[] text = new @Nullable String[1];
    journal.from(
        version.seq(),
        recorded -> {
          if (recorded.event() instanceof Event.PolicyVersioned event) {
            text[0] = event.text();
          }
          return false;
        });
    String found = text[0];
    if (found == null) {
      throw new IllegalStateException("the journal lacks the version at seq " + version.seq());
    }
    return found;
  }

  private Reply diff(AdminRequest request) {
    String project = PolicyRequest.project(request);
    SourceKind kind = PolicyRequest.kind(request);
    Version from = version(project, kind, PolicyRequest.ts(request.needed("from"), "from"));
    Version to = version(project, kind, PolicyRequest.ts(request.needed("to"), "to"));
    List<Source> now =
        benches.of(project).map(bench -> bench.judging().sources()).orElse(List.of());
    return Reply.ok(
        Comparison.of(
            new SourceSet(now, Set.of(project)), kind, project, from, text(from), to, text(to)));
  }

  private Reply rollback(AdminRequest request) {
    String project = PolicyRequest.project(request);
    SourceKind kind = PolicyRequest.kind(request);
    Version old = version(project, kind, PolicyRequest.ts(request.segment("ts"), "The ts"));
    if (old.sha256() == null) {
      throw new Problem(
          409,
          "version.empty",
          "In that version the file was gone; there is nothing to bring back.");
    }
    Edit edit =
        new Edit(
            kind,
            project,
            text(old),
            request.admin().name(),
            message(request, request.optionalText("message", "Rolled back to " + old.ts() + ".")),
            "rollback",
            old.ts(),
            PolicyRequest.expectedOrAny(request));
    return saved("rolled back", edit);
  }
}
