package io.securegateway.core.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All policy files of a gateway, and the projects it lists. Immutable. {@code
 * policy.parse.PolicyCompiler} makes policies of it.
 *
 * @param files at most one of each kind and project
 * @param listed ids of projects that exist even without files
 */
public record SourceSet(List<Source> files, Set<String> listed) {
  /** The project whose files serve those that have none. */
  public static final String DEFAULT = "default";

  /** Copies both; refuses two files of one kind and project. */
  public SourceSet {
    files = List.copyOf(files);
    listed = Set.copyOf(listed);
    Set<String> seen = new HashSet<>();
    for (Source file : files) {
      if (!seen.add(file.kind().word() + "/" + file.project())) {
        throw new IllegalArgumentException(
            "two files of kind " + file.kind().word() + " for project " + file.project());
      }
    }
  }

  /** The projects that exist, sorted: {@code default}, the listed ones, those with any file. */
  public Set<String> projects() {
    Set<String> projects = new TreeSet<>(listed);
    projects.add(DEFAULT);
    files.forEach(file -> projects.add(file.project()));
    return projects;
  }

  /** Whether a project exists. */
  public boolean exists(String project) {
    return project.equals(DEFAULT)
        || listed.contains(project)
        || files.stream().anyMatch(file -> file.project().equals(project));
  }

  /** The file of that kind that bears the project's name. */
  public Optional<Source> own(SourceKind kind, String project) {
    return files.stream()
        .filter(file -> file.kind() == kind && file.project().equals(project))
        .findFirst();
  }

  /** The same set with one file put in the place of that of its kind and project. */
  public SourceSet with(Source source) {
    List<Source> others =
        files.stream()
            .filter(f -> f.kind() != source.kind() || !f.project().equals(source.project()))
            .toList();
    List<Source> all = new ArrayList<>(others);
    all.add(source);
    return new SourceSet(all, listed);
  }
}
