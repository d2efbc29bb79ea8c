package io.securegateway.server.admin;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.lint.Renderings;
import io.securegateway.core.version.Version;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.identity.AdminRole;
import io.securegateway.server.project.ConfigLint;
import io.securegateway.server.project.InForce;
import io.securegateway.server.project.Reloader;
import io.securegateway.server.project.SourceFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /api/projects} and {@code /api/policy}: what is in force, checking a draft, reading the
 * files again.
 */
public final class PolicyApi {
  private final Path directory;
  private final Benches benches;
  private final Supplier<InForce> inForce;
  private final Reloader reloader;

  /** Over the files of the configuration directory. */
  public PolicyApi(Path directory, Benches benches, Supplier<InForce> inForce, Reloader reloader) {
    this.directory = directory;
    this.benches = benches;
    this.inForce = inForce;
    this.reloader = reloader;
  }

  /** Its routes. */
  public List<Route> routes() {
    return List.of(
        new Route("GET", "/api/projects", AdminRole.VIEWER, this::projects),
        new Route("GET", "/api/policy", AdminRole.VIEWER, this::read).query("project", "kind"),
        new Route("POST", "/api/policy/validate", AdminRole.VIEWER, this::validate)
            .query("project", "kind")
            .body("yaml"),
        new Route("POST", "/api/policy/reload", AdminRole.EDITOR, this::reload));
  }

  private Reply projects(AdminRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode items = body.putArray("items");
    benches.all().stream()
        .filter(bench -> benches.exists(bench.project()) && request.admin().sees(bench.project()))
        .sorted(java.util.Comparator.comparing(io.securegateway.server.flow.Bench::project))
        .forEach(
            bench -> {
              InForce now = inForce.get();
              ObjectNode item = items.addObject();
              item.put("project", bench.project());
              item.put("mode", bench.judging().mode().word());
              item.put("explain", now.explain(bench.project()).word());
              item.put("policy", bench.judging().policy().revision());
              item.put("behaviour", bench.judging().policy().behaviour());
              item.put("rules", bench.judging().policy().rules().size());
            });
    return Reply.ok(body);
  }

  private Reply read(AdminRequest request) {
    String project = request.visible(request.needed("project"));
    if (!benches.exists(project)) {
      throw new Problem(404, "project.unknown", "There is no such project for this key.");
    }
    SourceKind kind = PolicyRequest.kind(request);
    SourceSet files = SourceFiles.read(directory).set(java.util.Set.of());
    Optional<Source> own = files.own(kind, project);
    Optional<Version> head =
        benches
            .of(project)
            .flatMap(bench -> bench.history().head(kind))
            .filter(version -> version.sha256() != null);
    boolean accepted = own.map(Source::sha256).equals(head.map(Version::sha256));
    // A file that is gone although its last version stays in force inherits nothing.
    boolean inherited = own.isEmpty() && accepted;
    Optional<Source> found = inherited ? files.own(kind, SourceSet.DEFAULT) : own;
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("project", project).put("kind", kind.word()).put("inherited", inherited);
    Optional<Source> read = found.filter(source -> !SourceFiles.isUnread(source));
    body.put("yaml", read.map(Source::text).orElse(""));
    body.put("sha256", read.map(Source::sha256).orElse(null));
    body.put("accepted", accepted);
    body.put(
        "policy",
        benches.of(project).map(bench -> bench.judging().policy().revision()).orElse(null));
    Optional<Long> ts = head.map(Version::ts);
    body.put("ts", ts.orElse(null));
    return new Reply.Json(200, body, ts.map(PolicyRequest::etag).orElse(null));
  }

  private Reply validate(AdminRequest request) {
    String project = request.parameter("project").map(request::visible).orElse(SourceSet.DEFAULT);
    SourceKind kind =
        request.parameter("kind").isPresent() ? PolicyRequest.kind(request) : SourceKind.POLICIES;
    String yaml =
        request.body().path("yaml").isString()
            ? request.body().path("yaml").stringValue()
            : request.text("yaml");
    Source draft = Source.of(kind, project, yaml);
    List<Finding> findings =
        ConfigLint.draft(
            directory, inForce.get().config(), draft, Instant.now(), benches::revokedKeys);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("findings", Renderings.json(findings));
    return Reply.ok(body);
  }

  private Reply reload(AdminRequest request) {
    Reloader.Done done = reloader.reload(request.admin().name());
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    visible(request, done.activated().stream()).forEach(body.putArray("activated")::add);
    visible(request, done.kept().stream()).forEach(body.putArray("kept")::add);
    body.set(
        "findings",
        Renderings.json(request.admin().projects().isEmpty() ? done.findings() : List.of()));
    return Reply.ok(body);
  }

  private static List<String> visible(AdminRequest request, Stream<String> projects) {
    return projects.filter(request.admin()::sees).toList();
  }
}
