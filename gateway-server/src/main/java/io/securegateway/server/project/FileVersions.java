package io.securegateway.server.project;

import io.securegateway.core.event.Event;
import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.ModelKeys;
import io.securegateway.core.policy.Position;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.version.Version;
import io.securegateway.server.flow.Bench;
import io.securegateway.server.flow.BenchOpener;
import io.securegateway.server.flow.Benches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes versions of files that changed on the disk, once they are accepted. What the editor saved
 * is a version already. Used under the reloader's lock.
 */
final class FileVersions {
  static final String START = "start";

  private final Benches benches;
  private final BenchOpener opener;

  FileVersions(Benches benches, BenchOpener opener) {
    this.benches = benches;
    this.opener = opener;
  }

  /**
   * Notes every file whose content is not its newest version; {@code by} caused the look. Findings
   * about files that are gone although their project needs them.
   */
  List<Finding> note(SourceFiles files, SourceSet set, Map<String, Compiled> compiled, String by) {
    List<Finding> missed = new ArrayList<>();
    Set<String> projects = new TreeSet<>(compiled.keySet());
    benches.all().forEach(bench -> projects.add(bench.project()));
    for (String project : projects) {
      Compiled accepted = compiled.get(project);
      for (SourceKind kind : SourceKind.values()) {
        if (!files.unreadable().contains(kind)) {
          note(project, kind, set.own(kind, project), accepted, by).ifPresent(missed::add);
        }
      }
    }
    return missed;
  }

  private Optional<Finding> note(
      String project,
      SourceKind kind,
      Optional<Source> file,
      @Nullable Compiled compiled,
      String by) {
    Optional<Version> head = benches.of(project).flatMap(bench -> bench.history().head(kind));
    String known = head.map(Version::sha256).orElse(null);
    boolean refused = compiled != null && !compiled.isUsable();
    if (file.isEmpty()) {
      if (known == null) {
        return Optional.empty();
      }
      if (refused) {
        return Optional.of(missed(kind.word() + "/" + project + ".yaml"));
      }
      append(project, new Draft(kind, null, "", by, "The file is gone.", "file", null, List.of()));
    } else if (compiled != null && !refused && !file.get().sha256().equals(known)) {
      boolean found = by.equals(START) && head.isEmpty();
      append(
          project,
          new Draft(
              kind,
              file.get().sha256(),
              file.get().text(),
              by.equals(START) ? "file system" : by,
              found ? "Found at start." : "Changed on disk.",
              found ? START : "file",
              null,
              kind == SourceKind.MODEL_KEYS ? keys(compiled.keys()) : List.of()));
    }
    return Optional.empty();
  }

  private static Finding missed(String file) {
    return new Finding(
        "file-gone",
        Finding.Severity.ERROR,
        new Position(file, 1, 1),
        "The file is gone while the project's other files have errors, so its last version stays in"
            + " force.",
        "Mend the errors that the others have without it, or roll back to bring it back.");
  }

  /** A version that has no id yet. */
  record Draft(
      SourceKind kind,
      @Nullable String sha256,
      String text,
      String author,
      String message,
      String source,
      @Nullable Long rolledBackFrom,
      List<Event.KeyRef> keys) {
    Event.PolicyVersioned at(long ts) {
      return new Event.PolicyVersioned(
          kind, ts, sha256, text, author, message, source, rolledBackFrom, keys);
    }
  }

  /** Records it in the project's order. */
  Bench.Versioned append(String project, Draft draft) {
    return opener.openIfAbsent(project).version(draft.kind(), draft::at);
  }

  /** The keys of a checked file. */
  static List<Event.KeyRef> keys(@Nullable ModelKeys keys) {
    List<Event.KeyRef> all = new ArrayList<>();
    if (keys != null) {
      for (ModelKeys.Model model : keys.models()) {
        for (ModelKeys.Key key : model.keys()) {
          long expires = key.expires() == null ? Long.MAX_VALUE : key.expires().toEpochMilli();
          all.add(new Event.KeyRef(key.id(), key.sha256(), expires));
        }
      }
    }
    return List.copyOf(all);
  }
}
