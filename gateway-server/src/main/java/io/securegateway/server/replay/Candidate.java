package io.securegateway.server.replay;

import io.securegateway.core.policy.Compiled;
import io.securegateway.core.policy.Finding;
import io.securegateway.core.policy.Policy;
import io.securegateway.core.policy.Source;
import io.securegateway.core.policy.SourceKind;
import io.securegateway.core.policy.SourceSet;
import io.securegateway.core.policy.parse.PolicyCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A policy that is not in force: what would it have said? Thread-safe. */
@FunctionalInterface
public interface Candidate {
  /**
   * The candidate for a project.
   *
   * @param inForce the sources of what is in force there; empty if nothing is, as for trace files
   * @throws Refused if it has errors
   */
  Policy policy(String project, List<Source> inForce);

  /** The candidate cannot be used. */
  final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<Finding> findings;

    Refused(String project, List<Finding> findings) {
      super(
          "the candidate for project %s has errors; the first: %s"
              .formatted(project, findings.isEmpty() ? "it is missing" : findings.get(0)),
          null,
          false,
          false);
      this.findings = List.copyOf(findings);
    }

    /** Its errors. */
    public List<Finding> findings() {
      return findings;
    }
  }

  /**
   * The policies of a configuration directory, whole; keys stay those in force unless the directory
   * has its own.
   */
  static Candidate files(SourceSet files) {
    return (project, inForce) -> {
      List<Source> all =
          new ArrayList<>(
              files.files().stream()
                  .filter(source -> !inForce.isEmpty() || source.kind() != SourceKind.MODEL_KEYS)
                  .toList());
      boolean keyed = all.stream().anyMatch(source -> source.kind() == SourceKind.MODEL_KEYS);
      if (!keyed) {
        inForce.stream().filter(source -> source.kind() == SourceKind.MODEL_KEYS).forEach(all::add);
      }
      return compile(new SourceSet(all, Set.of(project)), project);
    };
  }

  /** Texts in the place of a project's own files; the other kinds stay as they are in force. */
  static Candidate texts(Map<SourceKind, String> texts) {
    return (project, inForce) -> {
      SourceSet set = new SourceSet(inForce, Set.of(project));
      for (SourceKind kind : SourceKind.values()) {
        String text = texts.get(kind);
        if (text != null) {
          set = set.with(Source.of(kind, project, text));
        }
      }
      return compile(set, project);
    };
  }

  private static Policy compile(SourceSet set, String project) {
    Compiled compiled = PolicyCompiler.compile(set, project);
    Policy policy = compiled.policy();
    if (policy == null) {
      throw new Refused(project, compiled.findings().stream().filter(Finding::isError).toList());
    }
    return policy;
  }
}
