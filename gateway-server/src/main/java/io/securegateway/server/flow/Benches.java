package io.securegateway.server.flow;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The benches by project. A project that does not exist is served as {@code default}, or refused:
 * an invented id never opens fresh counters. Thread-safe.
 */
public final class Benches {
  /** The project everything falls back to. */
  public static final String DEFAULT = "default";

  private final Map<String, Bench> benches = new ConcurrentHashMap<>();
  private final Supplier<Boolean> refuseUnknown;
  private volatile Set<String> existing = Set.of();

  /** {@code refuseUnknown}: {@code projects.unknown: refuse} of the configuration. */
  public Benches(Supplier<Boolean> refuseUnknown) {
    this.refuseUnknown = refuseUnknown;
  }

  /**
   * The bench that serves a requested, well-formed project id; empty if unknown ones are refused.
   */
  public Optional<Bench> serving(String requested) {
    Bench own = existing.contains(requested) ? benches.get(requested) : null;
    if (own != null) {
      return Optional.of(own);
    }
    return refuseUnknown.get() ? Optional.empty() : Optional.ofNullable(benches.get(DEFAULT));
  }

  /** The bench of an existing project. */
  public Optional<Bench> of(String project) {
    return Optional.ofNullable(benches.get(project));
  }

  /** SHA-256 of the keys that no version of the project's key file brings back. */
  public Set<String> revokedKeys(String project) {
    return of(project)
        .<Set<String>>map(bench -> bench.history().revokedBy(bench.time()))
        .orElse(Set.of());
  }

  /** Whether the project exists now. */
  public boolean exists(String project) {
    return existing.contains(project);
  }

  /** All of them, sorted out or not by {@link #serveOnly}. */
  public Collection<Bench> all() {
    return benches.values();
  }

  /**
   * From here on exactly these projects exist; the others keep their past, but are served as
   * default.
   */
  public void serveOnly(Set<String> projects) {
    existing = Set.copyOf(projects);
  }

  /** Adds one, unless it is open already. */
  Bench open(String project, Supplier<Bench> bench) {
    return benches.computeIfAbsent(project, missing -> bench.get());
  }
}
