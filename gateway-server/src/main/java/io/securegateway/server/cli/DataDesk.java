package io.securegateway.server.cli;

import io.securegateway.core.event.Event;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.lint.Renderings;
import io.securegateway.core.version.History;
import io.securegateway.core.version.Version;
import io.securegateway.server.AddressFile;
import io.securegateway.server.Launch;
import io.securegateway.server.Premises;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.journal.JournalInUse;
import io.securegateway.server.journal.JournalReader;
import io.securegateway.server.project.Comparison;
import io.securegateway.server.project.PolicyEditor;
import io.securegateway.server.project.PolicyEditor.Edit;
import io.securegateway.server.project.PolicyEditor.Expected;
import io.securegateway.server.project.PolicyEditor.Saved;
import io.securegateway.server.project.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The versions of a file in the journal of a data directory. Reads beside a running gateway;
 * changes need the journal's lock, so that the gateway has to be stopped.
 */
final class DataDesk implements VersionDesk {
  private final Path config;
  private final Path data;
  private final Map<String, String> environment;
  private final String project;
  private final SourceKind kind;

  /**
   * @param config the configuration directory
   * @param environment for {@code gateway.yaml}
   * @throws IOException if the data directory has no journal
   */
  DataDesk(Path config, Path data, Map<String, String> environment, String project, SourceKind kind)
      throws IOException {
    this.config = config;
    this.data = data;
    this.environment = environment;
    this.project = project;
    this.kind = kind;
    if (!Files.isDirectory(journal())) {
      throw new IOException(
          "there is no journal in "
              + data
              + "; name the data directory with --data, or a running gateway with --url");
    }
  }

  private Path journal() {
    return data.resolve("journal");
  }

  private String file() {
    return kind.word() + "/" + project + ".yaml";
  }

  private History read() {
    History[] history = {History.EMPTY};
    new JournalReader(journal())
        .scan(
            1,
            Long.MAX_VALUE,
            recorded -> {
              if (recorded.project().equals(project)) {
                history[0] = history[0].after(recorded);
              }
              return true;
            });
    return history[0];
  }

  @Override
  public List<Entry> history(int most) {
    List<Version> all = read().all(kind);
    List<Entry> entries = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0 && entries.size() < most; i--) {
      entries.add(entry(all.get(i), i == all.size() - 1));
    }
    return entries;
  }

  private static Entry entry(Version version, boolean active) {
    return new Entry(
        version.ts(),
        version.author(),
        version.message(),
        version.sha256(),
        version.source(),
        active,
        version.rolledBackFrom());
  }

  private Version version(History history, long ts) {
    return history.at(kind, ts).orElseThrow(() -> PolicyRefusal.unknown(file(), Long.toString(ts)));
  }

  private String text(Version version) throws IOException {
    @Nullable String[] text = new @Nullable String[1];
    new JournalReader(journal())
        .scan(
            version.seq(),
            version.seq(),
            recorded -> {
              if (recorded.event() instanceof Event.PolicyVersioned event) {
                text[0] = event.text();
              }
              return false;
            });
    String found = text[0];
    if (found == null) {
      throw new IOException(
          "the journal in " + journal() + " lacks the version at seq " + version.seq());
    }
    return found;
  }

  @Override
  public Shown show(long ts) throws IOException {
    History history = read();
    Version version = version(history, ts);
    boolean active = history.head(kind).filter(version::equals).isPresent();
    return new Shown(entry(version, active), text(version));
  }

  @Override
  public JsonNode diff(long fromTs, long toTs) throws IOException {
    History history = read();
    Version from = version(history, fromTs);
    Version to = version(history, toTs);
    SourceSet now = SourceFiles.read(config).set(Set.of());
    return Comparison.of(now, kind, project, from, text(from), to, text(to));
  }

  @Override
  public Optional<Head> head() throws IOException {
    Optional<Version> head = read().head(kind).filter(version -> version.sha256() != null);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    boolean accepted =
        SourceFiles.read(config)
            .set(Set.of())
            .own(kind, project)
            .filter(source -> source.sha256().equals(head.get().sha256()))
            .isPresent();
    return Optional.of(new Head(head.get().ts(), text(head.get()), accepted));
  }

  @Override
  public JsonNode apply(String yaml, String message, Expected expected) throws IOException {
    return save("saved", new Edit(kind, project, yaml, person(), message, "cli", null, expected));
  }

  @Override
  public JsonNode rollback(long ts, String message, Expected expected) throws IOException {
    Version old = version(read(), ts);
    if (old.sha256() == null) {
      throw new PolicyRefusal(
          "version.empty", "In that version the file was gone; there is nothing to bring back.");
    }
    return save(
        "rolled back",
        new Edit(kind, project, text(old), person(), message, "rollback", ts, expected));
  }

  /** Whoever runs this, as the operating system calls them. */
  private static String person() {
    String name = System.getProperty("user.name", "");
    return name.isBlank() || name.equals("?") ? "unknown" : name;
  }

  private JsonNode save(String status, Edit edit) throws IOException {
    if (!Files.isDirectory(config)) {
      throw new IOException(
          config + " is no directory; name the configuration directory with --config");
    }
    GatewayConfig settings = Launch.config(config, environment);
    try (Premises premises =
        Premises.open(config, data, settings, environment, journal -> Optional.empty())) {
      premises.reloader().reload("start");
      PolicyEditor editor = new PolicyEditor(config, premises.benches(), premises.reloader());
      return switch (editor.save(edit)) {
        case Saved.Stale(var head) ->
            throw new PolicyRefusal(
                "version.stale",
                head.map(newest -> "The newest version is " + newest.ts() + "; read it and merge.")
                    .orElse("The project has no such file of its own; create it with --first."));
        case Saved.Refused(var findings) ->
            throw new PolicyRefusal(
                "policy.findings",
                "The lint found errors; nothing was saved.",
                Renderings.json(findings));
        case Saved.Done done when !done.problem().isEmpty() ->
            throw new IOException("saved and in force, but not yet journaled: " + done.problem());
        case Saved.Done done -> done(status, done, premises);
      };
    } catch (JournalInUse e) {
      throw new IOException(
          AddressFile.read(data, e)
              .map(
                  url ->
                      "a running gateway has the journal in %s: change policies through it with --url %s, or stop it"
                          .formatted(journal(), url))
              .orElse(
                  "another command, or a gateway that is about to listen, has the journal in %s: try again in a moment"
                      .formatted(journal())),
          e);
    }
  }

  private JsonNode done(String status, Saved.Done done, Premises premises) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    Version version = done.version();
    body.put("status", status).put("project", project).put("kind", kind.word());
    body.put("ts", version.ts()).put("sha256", version.sha256());
    if (version.rolledBackFrom() != null) {
      body.put("rolled_back_from", version.rolledBackFrom());
    }
    body.put(
        "policy",
        premises.benches().of(project).map(b -> b.judging().policy().revision()).orElse(null));
    body.set("findings", Renderings.json(done.findings()));
    if (kind == SourceKind.MODEL_KEYS) {
      premises.assembly().now().stillRevoked(project).forEach(body.putArray("still_revoked")::add);
    }
    return body;
  }

  /** Nothing stays open between two questions. */
  @Override
  public void close() {}
}
