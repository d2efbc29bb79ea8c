package io.securegateway.core.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a project's sources.
 *
 * @param project whose
 * @param policy null if any effective source has an error: then every call is refused
 * @param keys null if any effective source has an error
 * @param findings of all effective sources, sorted by file, line and column
 * @param sources the effective ones, inherited included, by kind and origin
 * @param revision SHA-256 over engine and effective sources, lower-case hex
 * @param behaviour SHA-256 over the compiled form without positions, lower-case hex
 */
public record Compiled(
    String project,
    @Nullable Policy policy,
    @Nullable ModelKeys keys,
    List<Finding> findings,
    List<Source> sources,
    String revision,
    String behaviour) {
  /** Copies the lists. */
  public Compiled {
    findings = List.copyOf(findings);
    sources = List.copyOf(sources);
  }

  /** Whether it can be used. */
  public boolean isUsable() {
    return policy != null && keys != null;
  }
}
