package io.securegateway.server.project;

import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import io.securegateway.core.version.Version;
import io.securegateway.server.config.GatewayConfig;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.Benches;
import io.securegateway.server.journal.JournalRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Saves policy files for people: checked, versioned, on the disk and in force, in this order, one
 * after the other. Thread-safe; blocks on I/O.
 */
public final class PolicyEditor {
  /** Longest message of a version, in characters. */
  public static final int MAX_MESSAGE = 2_000;

  private final Path directory;
  private final PolicyFiles files;
  private final Benches benches;
  private final Reloader reloader;
  private final FileVersions versions;

  /** Over the files of the configuration directory. */
  public PolicyEditor(Path directory, Benches benches, Reloader reloader) {
    this.directory = directory;
    this.files = new PolicyFiles(directory);
    this.benches = benches;
    this.reloader = reloader;
    this.versions = reloader.versions();
  }

  /**
   * A change somebody wants.
   *
   * @param source {@code api}, {@code cli} or {@code rollback}
   * @param expected what they believe is the newest version
   */
  public record Edit(
      SourceKind kind,
      String project,
      String yaml,
      String author,
      String message,
      String source,
      @Nullable Long rolledBackFrom,
      Expected expected) {}

  /** What the newest version has to be for a change to be made. */
  public sealed interface Expected {
    /** Exactly that one. */
    record Head(long ts) implements Expected {}

    /** There is none: the project has no file of its own yet. */
    record None() implements Expected {}

    /** Whatever it is. */
    record Any() implements Expected {}
  }

  /** What became of it. */
  public sealed interface Saved {
    /**
     * It is in force.
     *
     * @param findings warnings
     * @param problem why the journal does not have it on the disk yet; empty if it has
     */
    record Done(Version version, List<Finding> findings, String problem) implements Saved {}

    /** Somebody else was first. */
    record Stale(Optional<Version> head) implements Saved {}

    /** The lint says no. */
    record Refused(List<Finding> findings) implements Saved {}
  }

  /**
   * Saves.
   *
   * @throws IOException if the file cannot be written; then what was in force stays so
   * @throws JournalRefused if the journal takes nothing now; then nothing changed
   */
  public Saved save(Edit edit) throws IOException {
    synchronized (reloader) {
      SourceFiles found = SourceFiles.read(directory);
      if (differs(found, edit)) {
        reloader.files("file system");
        found = SourceFiles.read(directory);
      }
      Optional<Version> head = head(edit);
      if (!fits(edit.expected(), head)) {
        return new Saved.Stale(head);
      }
      Source draft = Source.of(edit.kind(), edit.project(), edit.yaml());
      List<Finding> findings = findings(found, draft);
      if (findings.stream().anyMatch(Finding::isError)) {
        return new Saved.Refused(findings);
      }
      return place(edit, draft, findings);
    }
  }

  private Saved place(Edit edit, Source draft, List<Finding> findings) throws IOException {
    PolicyFiles.Staged staged =
        files.stage(edit.kind(), edit.project(), edit.yaml().getBytes(StandardCharsets.UTF_8));
    Bench.Versioned versioned;
    try {
      versioned = versions.append(edit.project(), draft(edit, draft));
    } catch (RuntimeException e) {
      staged.drop();
      throw e;
    }
    String problem = "";
    try {
      versioned.durable().toCompletableFuture().join();
    } catch (CompletionException e) {
      // It keeps its place in the journal and is written once the disk works again.
      problem = JournalRefused.why(e);
    }
    put(staged);
    reloader.files(edit.author());
    return new Saved.Done(versioned.version(), findings, problem);
  }

  /** If the file cannot take its place, the history says so by a version of what is there. */
  private void put(PolicyFiles.Staged staged) throws IOException {
    try {
      staged.place();
    } catch (IOException e) {
      staged.drop();
      reloader.files("gateway");
      throw e;
    }
  }

  private static FileVersions.Draft draft(Edit edit, Source draft) {
    SourceSet alone = new SourceSet(List.of(draft), Set.of(edit.project()));
    return new FileVersions.Draft(
        edit.kind(),
        draft.sha256(),
        draft.text(),
        edit.author(),
        edit.message(),
        edit.source(),
        edit.rolledBackFrom(),
        edit.kind() == SourceKind.MODEL_KEYS
            ? FileVersions.keys(PolicyCompiler.compile(alone, edit.project()).keys())
            : List.of());
  }

  /** Whether the disk has something that is no version yet: it is looked at first. */
  private boolean differs(SourceFiles found, Edit edit) {
    Optional<String> onDisk =
        found.set(Set.of()).own(edit.kind(), edit.project()).map(Source::sha256);
    return !onDisk.equals(head(edit).map(Version::sha256));
  }

  private Optional<Version> head(Edit edit) {
    return benches
        .of(edit.project())
        .flatMap(bench -> bench.history().head(edit.kind()))
        .filter(version -> version.sha256() != null);
  }

  private static boolean fits(Expected expected, Optional<Version> head) {
    return switch (expected) {
      case Expected.Head(long ts) -> head.filter(version -> version.ts() == ts).isPresent();
      case Expected.None() -> head.isEmpty();
      case Expected.Any() -> true;
    };
  }

  /**
   * What the lint says of this file, and the errors that the change brings elsewhere; errors that
   * other files have already do not stand in the way of mending this one.
   */
  private List<Finding> findings(SourceFiles found, Source draft) {
    GatewayConfig config = reloader.config();
    SourceSet now = found.set(config.projects().keySet());
    Set<Finding> before = new HashSet<>(lint(config, now));
    return lint(config, now.with(draft)).stream()
        .filter(
            finding ->
                finding.at().file().equals(draft.file())
                    || (finding.isError() && !before.contains(finding)))
        .toList();
  }

  private List<Finding> lint(GatewayConfig config, SourceSet set) {
    return ConfigLint.of(directory, config, set, Instant.now(), benches::revokedKeys);
  }
}
