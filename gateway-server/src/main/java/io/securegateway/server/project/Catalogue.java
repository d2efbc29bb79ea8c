package io.securegateway.server.project;

import io.securegateway.api.Caller;
import java.util.List;

/** Which tools there are, and which a caller may know of. Thread-safe. */
public interface Catalogue {
  /** The tools of the project that the caller's key and policy could ever allow, sorted by name. */
  List<String> visible(Caller caller);

  /** Whether its key and policy could ever allow it, should there be such a tool. */
  boolean reaches(Caller caller, String tool);

  /** Whether this one is among them. */
  boolean isVisible(Caller caller, String tool);
}
