package io.securegateway.server.catalogue;

import java.util.Optional;

/** What speaks against a tool at the moment of a call. Thread-safe; never blocks. */
@FunctionalInterface
public interface Suspects {
  /** What speaks against the tool that a call of that name would reach; empty if nothing does. */
  Optional<Suspect> of(String project, String tool);

  /**
   * A tool that something speaks against.
   *
   * @param quarantined whether it must not be called
   */
  record Suspect(CatalogueTool tool, boolean quarantined) {}
}
