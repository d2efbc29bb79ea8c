package io.securegateway.server.catalogue;

import java.util.Optional;
import java.util.Set;

/** What speaks against a tool at the moment of a call. Thread-safe; never blocks. */
@FunctionalInterface
public interface Suspects {
  /**
   * What speaks against the tool that a call of that name would reach; empty if nothing does.
   *
   * @param conversations with servers in which the call may be made
   */
  Optional<Suspect> of(String project, String tool, Set<String> conversations);

  /**
   * A tool that something speaks against.
   *
   * @param quarantined whether it must not be called
   */
  record Suspect(CatalogueTool tool, boolean quarantined) {}
}
