package io.securegateway.server.project;

import io.securegateway.api.Caller;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** Which tools there are, and which a caller may know of. Thread-safe. */
public interface Catalogue {
  /** The tools of the project that the caller's key and policy could ever allow, sorted by name. */
  List<String> visible(Caller caller);

  /** Whether its key and policy could ever allow it, should there be such a tool. */
  boolean reaches(Caller caller, String tool);

  /**
   * Of calls of it: whether they could ever allow one whose arguments have these members, and maybe
   * others. One predicate is for one thread.
   */
  Predicate<ObjectNode> calls(Caller caller, String tool);

  /** Whether this one is among them. */
  boolean isVisible(Caller caller, String tool);
}
